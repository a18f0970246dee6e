/** Ranks short documents, given as term lists, against a query (Okapi BM25, k1 = 1.2, b = 0.75). */
export class Ranking {
  /** Of each term: documents that hold it and how often, one after the other. */
  readonly #postings = new Map<string, number[]>();
  readonly #lengths: number[] = [];
  readonly #meanLength: number;

  constructor(documents: readonly (readonly string[])[]) {
    let total = 0;
    for (const [at, document] of documents.entries()) {
      for (const term of document) {
        const held = this.#postings.get(term);
        if (held === undefined) this.#postings.set(term, [at, 1]);
        else if (held[held.length - 2] === at) held[held.length - 1]!++;
        else held.push(at, 1);
      }
      this.#lengths.push(document.length);
      total += document.length;
    }
    this.#meanLength = documents.length === 0 ? 1 : Math.max(1, total / documents.length);
  }

  /** One score per document, in their order. */
  scores(query: readonly string[]): number[] {
    const texts = this.#lengths.length;
    const sums = new Array<number>(texts).fill(0);
    for (const term of new Set(query)) {
      const held = this.#postings.get(term);
      if (held === undefined) continue;
      const holding = held.length / 2;
      const rarity = Math.log(1 + (texts - holding + 0.5) / (holding + 0.5));
      for (let k = 0; k < held.length; k += 2) {
        const at = held[k]!;
        const count = held[k + 1]!;
        sums[at]! += (rarity * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * this.#lengths[at]!) / this.#meanLength));
      }
    }
    return sums;
  }
}
