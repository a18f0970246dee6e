/** Ranks short documents, given as term lists, against a query (Okapi BM25, k1 = 1.2, b = 0.75). */
export class Ranking {
  readonly #counts: Map<string, number>[] = [];
  readonly #lengths: number[] = [];
  readonly #holding = new Map<string, number>();
  readonly #meanLength: number;

  constructor(documents: readonly (readonly string[])[]) {
    let total = 0;
    for (const document of documents) {
      const counts = new Map<string, number>();
      for (const term of document) counts.set(term, (counts.get(term) ?? 0) + 1);
      for (const term of counts.keys()) this.#holding.set(term, (this.#holding.get(term) ?? 0) + 1);
      this.#counts.push(counts);
      this.#lengths.push(document.length);
      total += document.length;
    }
    this.#meanLength = documents.length === 0 ? 1 : Math.max(1, total / documents.length);
  }

  /** One score per document, in their order. */
  scores(query: readonly string[]): number[] {
    const asked = [...new Set(query)];
    const texts = this.#counts.length;
    return this.#counts.map((counts, i) => {
      let sum = 0;
      for (const term of asked) {
        const count = counts.get(term);
        if (count === undefined) continue;
        const holding = this.#holding.get(term) ?? 0;
        const rarity = Math.log(1 + (texts - holding + 0.5) / (holding + 0.5));
        sum += (rarity * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * this.#lengths[i]!) / this.#meanLength));
      }
      return sum;
    });
  }
}
