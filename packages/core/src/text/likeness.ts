import { STOP_WORDS, stem, words } from './words.ts';

/** The character 3-grams of a text, each once. */
export function trigrams(text: string): Set<string> {
  const grams = new Set<string>();
  for (let i = 0; i + 3 <= text.length; i++) grams.add(text.slice(i, i + 3));
  return grams;
}

/** Sørensen-Dice of two sets, 0 to 1; two empty sets are not alike. */
export function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const item of small) if (large.has(item)) shared++;
  return (2 * shared) / (a.size + b.size);
}

/** Sørensen-Dice of the character 3-grams of two texts. */
export const dice3 = (a: string, b: string): number => (a === b && a.length > 0 ? 1 : dice(trigrams(a), trigrams(b)));

/** Terms and their weights; a vector of length 1 unless empty. */
export type TermVector = ReadonlyMap<string, number>;

/** The terms of a text: stems of words that carry a subject, with counts. */
export function terms(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { folded } of words(text, 2_000)) {
    if (folded.length < 2 || STOP_WORDS.has(folded)) continue;
    const term = stem(folded);
    counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return counts;
}

/** In how many texts each term occurs. Old texts fade: counts halve whenever `decay(0.5)` is called. */
export class Frequencies {
  #texts = 0;
  readonly #holding = new Map<string, number>();
  readonly #most: number;

  constructor(most = 50_000) {
    this.#most = most;
  }

  get texts(): number {
    return this.#texts;
  }

  add(of: ReadonlyMap<string, number>): void {
    this.#texts++;
    for (const term of of.keys()) {
      const held = this.#holding.get(term);
      if (held === undefined && this.#holding.size >= this.#most) this.decay(0.5);
      this.#holding.set(term, (held ?? 0) + 1);
    }
  }

  decay(by: number): void {
    this.#texts *= by;
    for (const [term, count] of this.#holding) {
      if (count * by < 0.5) this.#holding.delete(term);
      else this.#holding.set(term, count * by);
    }
  }

  /** Smoothed inverse document frequency, at least a little above zero. */
  rarity(term: string): number {
    return Math.log(1 + (this.#texts + 1) / ((this.#holding.get(term) ?? 0) + 1));
  }

  /** Share of the texts that hold the term, 0 to 1. */
  share(term: string): number {
    return this.#texts === 0 ? 0 : (this.#holding.get(term) ?? 0) / this.#texts;
  }
}

function unit(weights: Iterable<readonly [string, number]>, most: number): Map<string, number> {
  const heaviest = [...weights].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most);
  const length = Math.sqrt(heaviest.reduce((sum, [, w]) => sum + w * w, 0));
  return new Map(length === 0 ? [] : heaviest.map(([term, w]) => [term, w / length]));
}

/** Tf-idf of length 1, cut to its `most` heaviest terms. */
export function vectorOf(counts: ReadonlyMap<string, number>, among: Frequencies, most = 64): TermVector {
  return unit(
    [...counts].map(([term, count]) => [term, (1 + Math.log(count)) * among.rarity(term)] as const),
    most,
  );
}

export function cosine(a: TermVector, b: TermVector): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [term, weight] of small) sum += weight * (large.get(term) ?? 0);
  return Math.min(1, sum);
}

/** The mean of a centre and a newcomer, the newcomer weighing `share` (0 to 1), again of length 1. */
export function drawCentre(centre: TermVector, newcomer: TermVector, share: number, most = 64): TermVector {
  const mixed = new Map<string, number>();
  for (const [term, weight] of centre) mixed.set(term, weight * (1 - share));
  for (const [term, weight] of newcomer) mixed.set(term, (mixed.get(term) ?? 0) + weight * share);
  return unit(mixed, most);
}
