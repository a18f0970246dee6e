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

  /** Takes a document out; its place is not used again, and its words stay counted as held until the index is made anew. */
  remove(place: number): void {
    const length = this.#lengths[place];
    if (length === undefined || length < 0) return;
    this.#live--;
    this.#total -= length;
    this.#lengths[place] = -1;
  }

  /** How rare a term is: ln(1 + (N - df + 0.5) / (df + 0.5)). */
  rarity(term: string): number {
    const holding = Math.min(this.#live, this.#postings.get(term)?.at.length ?? 0);
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
        if (length < 0) continue;
        const times = held.times[i]!;
        sums[place]! += (rarity * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * length) / mean));
      }
    }
    return sums;
  }

  /** Whether the document at a place holds the term. */
  holds(place: number, term: string): boolean {
    const at = this.#postings.get(term)?.at;
    if (at === undefined) return false;
    let [low, high] = [0, at.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (at[middle]! === place) return true;
      if (at[middle]! < place) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }
}
