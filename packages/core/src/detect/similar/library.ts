import { contentStems, SearchIndex, STOP_WORDS, stem, words } from '../../text/index.ts';
import { type Placed, placeReport, type ReportText } from '../archetypes/index.ts';
import type { Archetype } from '../signals/index.ts';

/** What the library holds of an incident: enough to find it by. */
export interface Shelved extends ReportText {
  readonly id: string;
  /** What a person called it goes before what the words say. */
  readonly called?: Archetype | 'outside' | undefined;
}

export interface Wanted {
  readonly except?: string;
  /** Leaves out those that share a smaller part, or a single word. */
  readonly least?: number;
  /** What a person called the one that is asked about. */
  readonly called?: Archetype | 'outside';
}

/** An incident that resembles what was asked about, and why. */
export interface Likeness {
  readonly id: string;
  /** Share of the asked words it holds, rare ones weighing more; 0 to 1. */
  readonly likeness: number;
  /** Words of the question that it holds, the rarest first, at most eight. */
  readonly shared: readonly string[];
  readonly sameArchetype: boolean;
  readonly sameDomain: boolean;
}

interface Place {
  readonly it: Shelved;
  readonly placed: Placed;
}

const MOST_ASKED = 4_000;
const MOST_TOLD = 4_000;
const MOST_SHARED = 8;
const TITLE_SHAPES = 0.3;
const TAXONOMY = 0.1;

const told = (text: string, most: number): string[] => contentStems(text.slice(0, most).replaceAll('-', ' '));

/** The terms of an incident; a title counts twice. */
function termsOf(it: Shelved): string[] {
  const title = told(it.title, MOST_TOLD);
  return [...title, ...title, ...told(it.description ?? '', MOST_TOLD)];
}

/** A person's word goes before the model's, and is sure. */
function placeOf(report: ReportText, called: Archetype | 'outside' | undefined): Placed {
  const placed = placeReport(report);
  return called === undefined ? placed : { ...placed, archetype: called === 'outside' ? null : called, confidence: 1 };
}

/** Runs of four letters inside words: `jaywalker` meets `jaywalking`, and slugs without their apostrophes meet titles. */
function shapes(text: string): string[] {
  const found: string[] = [];
  for (const { folded } of words(text.slice(0, MOST_ASKED), 400)) {
    if (STOP_WORDS.has(folded)) continue;
    const framed = `_${folded.replace(/[^\p{L}\p{N}]/gu, '')}_`;
    for (let i = 0; i + 4 <= framed.length; i++) found.push(framed.slice(i, i + 4));
  }
  return found;
}

/**
 * Incidents to compare with. Ranks by BM25 over title (twice) and description, by the shapes of the words of the title, and
 * by place in the taxonomy as far as the archetype model is sure of it. The lexical ranking leads: scores are added after
 * division by their largest, with weights 1, 0.3 and 0.1 (measured; see docs/guides/similar-incidents.md).
 */
export class Library {
  readonly #texts = new SearchIndex();
  readonly #titles = new SearchIndex();
  readonly #places: (Place | null)[] = [];
  readonly #at = new Map<string, number>();

  get size(): number {
    return this.#at.size;
  }

  /** Adds an incident, or replaces it; the same words again change nothing. */
  put(it: Shelved): void {
    const before = this.#places[this.#at.get(it.id) ?? -1];
    if (
      before &&
      before.it.title === it.title &&
      before.it.description === it.description &&
      before.it.called === it.called
    )
      return;
    this.remove(it.id);
    const place = this.#texts.add(termsOf(it));
    this.#titles.add(shapes(it.title));
    this.#places.push({ it, placed: placeOf(it, it.called) });
    this.#at.set(it.id, place);
  }

  remove(id: string): void {
    const place = this.#at.get(id);
    const held = this.#places[place ?? -1];
    if (place === undefined || !held) return;
    this.#texts.remove(place, termsOf(held.it));
    this.#titles.remove(place, shapes(held.it.title));
    this.#places[place] = null;
    this.#at.delete(id);
  }

  /** Those most alike, best first, at most `most`. */
  find(text: string, most: number, { except, least = 0, called }: Wanted = {}): Likeness[] {
    const asked = [...new Set(told(text, MOST_ASKED))];
    const byText = this.#texts.scores(asked);
    const byTitle = this.#titles.scores(shapes(text));
    const [topText, topTitle] = [largest(byText), largest(byTitle)];
    const placed = placeOf({ title: text.slice(0, MOST_ASKED) }, called);
    const best: { place: number; score: number }[] = [];
    for (const [place, held] of this.#places.entries()) {
      if (held === null || held.it.id === except) continue;
      let score = byText[place]! / topText + (TITLE_SHAPES * byTitle[place]!) / topTitle;
      if (score === 0) continue;
      if (held.placed.domain === placed.domain) score += TAXONOMY * placed.confidence;
      if (held.placed.archetype === placed.archetype) score += TAXONOMY * placed.confidence;
      if (best.length === most && score <= best.at(-1)!.score) continue;
      const at = best.findIndex((other) => other.score < score);
      best.splice(at < 0 ? best.length : at, 0, { place, score });
      if (best.length > most) best.pop();
    }
    const known = asked.filter((term) => this.#texts.knows(term));
    const weight = known.reduce((sum, term) => sum + this.#texts.rarity(term), 0);
    // A word that no incident holds weighs like the others: in a small library it would drown them by its rarity.
    const mass = known.length === 0 ? 0 : (weight * asked.length) / known.length;
    const surface = surfaces(text);
    return best
      .map(({ place }): Likeness => {
        const { it, placed: where } = this.#places[place]!;
        const shared = asked
          .filter((term) => this.#texts.holds(place, term))
          .sort((a, b) => this.#texts.rarity(b) - this.#texts.rarity(a));
        const held = shared.reduce((sum, term) => sum + this.#texts.rarity(term), 0);
        return {
          id: it.id,
          likeness: mass === 0 ? 0 : Math.round((held / mass) * 1_000) / 1_000,
          shared: shared.slice(0, MOST_SHARED).map((term) => surface.get(term) ?? term),
          sameArchetype: where.archetype !== null && where.archetype === placed.archetype,
          sameDomain: where.domain === placed.domain,
        };
      })
      .filter(
        ({ likeness, shared }) => least === 0 || (likeness >= least && shared.length >= Math.min(2, asked.length)),
      );
  }
}

const largest = (scores: Float64Array): number => scores.reduce((most, score) => Math.max(most, score), 1e-9);

/** For each stem of a text, the word it was first written as. */
function surfaces(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const { folded } of words(text.slice(0, MOST_ASKED).replaceAll('-', ' '))) {
    const term = stem(folded);
    if (!found.has(term)) found.set(term, folded);
  }
  return found;
}
