import { judge, type LinearModel } from '../../text/index.ts';
import type { Archetype } from '../signals/index.ts';
import { DOMAINS, type Domain, INTENTS, type Intent, PLACES, rankArchetypes } from './taxonomy.ts';
import { modelOf } from './weights.ts';
import { type ReportTerms, type ReportText, termsOfReport } from './words-of-report.ts';

/** A word of the report and how much it spoke for the suggestion, 0 to 1. */
export interface Reason {
  readonly word: string;
  readonly weight: number;
}

/** What kind of failure a report tells of: a recommendation with its reasons, never a decision. */
export interface ArchetypeSuggestion {
  /** `named`: one archetype stands out. `outside`: none of ours fits. `unsure`: too little to go by. */
  readonly verdict: 'named' | 'outside' | 'unsure';
  /** The likeliest archetype; `null` when the report is outside all of them. Unsure ones have it too, as a guess. */
  readonly archetype: Archetype | null;
  /** How likely the answer is, 0 to 1, as cross-validated. */
  readonly confidence: number;
  /** Other archetypes worth a thought, likeliest first, at most three. */
  readonly others: readonly { readonly archetype: Archetype; readonly confidence: number }[];
  /** Words that spoke for it most, at most six; empty where the model knows no word of the report. */
  readonly because: readonly Reason[];
}

/** Below this the suggestion is `unsure`. */
const SURE_ENOUGH = 0.4;
const WORTH_A_THOUGHT = 0.1;
const MOST_REASONS = 6;

interface Read extends ReportTerms {
  readonly places: readonly number[];
  readonly weighed: ReadonlyMap<string, number>;
}

function readReport(report: ReportText): Read {
  const terms = termsOfReport(report);
  const { chances, weighed } = judge(modelOf('place'), terms.counts);
  return { ...terms, places: chances, weighed };
}

/** The words that drew the answer towards the likeliest class of `archetype` and away from what else was likely. */
function reasons(read: Read, archetype: Archetype | null): Reason[] {
  const model: LinearModel = modelOf('place');
  const inside = model.classes.map((name) => PLACES[name]!.archetype === archetype);
  const held = read.places.reduce((sum, chance, k) => sum + (inside[k] ? chance : 0), 0);
  const rest = Math.max(1e-9, 1 - held);
  const drawn = new Map<string, number>();
  for (const [term, weight] of read.weighed) {
    const row = model.terms.get(term)!;
    let pull = 0;
    for (const [k, chance] of read.places.entries())
      pull += row[k + 1]! * (inside[k] ? chance / Math.max(held, 1e-9) : -chance / rest);
    const said = read.said.get(term) ?? new Set<string>();
    for (const word of said) drawn.set(word, (drawn.get(word) ?? 0) + (weight * pull) / said.size);
  }
  const towards = [...drawn].filter(([, pull]) => pull > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const all = towards.reduce((sum, [, pull]) => sum + pull, 0);
  const told: Reason[] = [];
  for (const [word, pull] of towards) {
    if (told.length >= MOST_REASONS) break;
    // A pair says what its words say already, and the other way round.
    if (told.some((other) => ` ${other.word} `.includes(` ${word} `) || ` ${word} `.includes(` ${other.word} `)))
      continue;
    told.push({ word, weight: Math.round((pull / all) * 1_000) / 1_000 });
  }
  return told;
}

/** The kind of failure a report tells of, by a linear model over its words. Reads at most 600 words; never throws. */
export function suggestArchetype(report: ReportText): ArchetypeSuggestion {
  const read = readReport(report);
  const ranked = rankArchetypes(modelOf('place').classes, read.places);
  const [archetype, confidence] = ranked[0]!;
  const poor = read.weighed.size === 0;
  const verdict = poor || confidence < SURE_ENOUGH ? 'unsure' : archetype === null ? 'outside' : 'named';
  const others = ranked
    .slice(1)
    .flatMap(([other, chance]) =>
      other !== null && chance >= WORTH_A_THOUGHT ? [{ archetype: other, confidence: rounded(chance) }] : [],
    );
  return {
    verdict,
    archetype: poor ? null : archetype,
    confidence: poor ? 0 : rounded(confidence),
    others: poor ? [] : others.slice(0, 3),
    because: poor ? [] : reasons(read, archetype),
  };
}

const rounded = (chance: number): number => Math.round(chance * 1_000) / 1_000;

/** A report placed in the public taxonomies, for comparison with labelled collections. */
export interface Placed {
  readonly archetype: Archetype | null;
  readonly confidence: number;
  readonly domain: Domain;
  readonly intent: Intent;
  /** By what the words say of harm alone; who answers for an incident uses the severity table. */
  readonly severity: 1 | 2 | 3 | 4;
}

const DEADLY = '#hurt';

/** The best guess for every member, whether sure or not. */
export function placeReport(report: ReportText): Placed {
  const read = readReport(report);
  const [archetype, confidence] = rankArchetypes(modelOf('place').classes, read.places)[0]!;
  const domains = DOMAINS.map(() => 0);
  for (const [k, name] of modelOf('place').classes.entries()) {
    const { domain } = PLACES[name]!;
    if (domain !== null) domains[domain - 1]! += read.places[k]!;
  }
  const intent = likeliest(judge(modelOf('intent'), read.counts).chances);
  const harm = modelOf('harm').classes[likeliest(judge(modelOf('harm'), read.counts).chances)];
  const severity = harm === 'event' ? (read.counts.has(DEADLY) ? 1 : 2) : harm === 'near' ? 3 : 4;
  return {
    archetype,
    confidence: rounded(confidence),
    domain: DOMAINS[likeliest(domains)]!,
    intent: INTENTS[intent]!,
    severity,
  };
}

const likeliest = (chances: readonly number[]): number =>
  chances.reduce((best, chance, k) => (chance > chances[best]! ? k : best), 0);
