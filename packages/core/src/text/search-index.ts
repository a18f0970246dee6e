interface Postings {
  readonly at: number[];
  readonly times: number[];
}

/**
 * An inverted index that can grow: documents as term lists, ranked by Okapi BM25 (k1 = 1.2, b = 0.75). Asking touches only
 * documents that hold a term of the query.
 */
export class SearchIndex {
  readonly #postings = new Map<string, Postings>();
  readonly #lengths: number[] = [];
  #live = 0;
  #total = 0;

  /** Places handed out so far; a document keeps its place. */
  get size(): number {
    return this.#lengths.length;
  }

  /** Adds a document and answers its place, counted from 0. */
  add(terms: readonly string[]): number {
    const place = this.#lengths.length;
    const counts = new Map<string, number>();
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    for (const [term, times] of counts) {
      const held = this.#postings.get(term);
      if (held === undefined) this.#postings.set(term, { at: [place], times: [times] });
      else {
        held.at.push(place);
        held.times.push(times);
      }
    }
    this.#lengths.push(terms.length);
    this.#live++;
    this.#total += terms.length;
    return place;
  }

  /** Takes a document out, given the terms it was added with; its place is not used again. */
  remove(place: number, terms: readonly string[]): void {
    const length = this.#lengths[place];
    if (length === undefined || length < 0) return;
    for (const term of new Set(terms)) {
      const held = this.#postings.get(term);
      const at = held === undefined ? -1 : find(held.at, place);
      if (held === undefined || at < 0) continue;
      if (held.at.length === 1) this.#postings.delete(term);
      else {
        held.at.splice(at, 1);
        held.times.splice(at, 1);
      }
    }
    this.#live--;
    this.#total -= length;
    this.#lengths[place] = -1;
  }

  /** Whether any document holds the term. */
  knows(term: string): boolean {
    return this.#postings.has(term);
  }

  /** How rare a term is: ln(1 + (N - df + 0.5) / (df + 0.5)). */
  rarity(term: string): number {
    const holding = this.#postings.get(term)?.at.length ?? 0;
    return Math.log(1 + (this.#live - holding + 0.5) / (holding + 0.5));
  }

  /** One score for each place; 0 where nothing is shared. */
  scores(query: readonly string[]): Float64Array {
    const sums = new Float64Array(this.#lengths.length);
    const mean = Math.max(1, this.#total / Math.max(1, this.#live));
    for (const term of new Set(query)) {
      const held = this.#postings.get(term);
      if (held === undefined) continue;
      const rarity = this.rarity(term);
      for (let i = 0; i < held.at.length; i++) {
        const place = held.at[i]!;
        const length = this.#lengths[place]!;
        const times = held.times[i]!;
        sums[place]! += (rarity * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * length) / mean));
      }
    }
    return sums;
  }

  /** Whether the document at a place holds the term. */
  holds(place: number, term: string): boolean {
    const held = this.#postings.get(term);
    return held !== undefined && find(held.at, place) >= 0;
  }
}

/** Where a place stands in a list that grows upwards, or -1. */
function find(at: readonly number[], place: number): number {
  let [low, high] = [0, at.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (at[middle]! === place) return middle;
    if (at[middle]! < place) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
