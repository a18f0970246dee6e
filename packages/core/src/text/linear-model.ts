/** A linear model over terms: rarity of each term, and what it adds to each class. */
export interface LinearModel {
  readonly classes: readonly string[];
  readonly bias: readonly number[];
  /** Terms to `[rarity, weight of each class …]`. */
  readonly terms: ReadonlyMap<string, readonly number[]>;
}

/** How often the terms occur, as weights of a vector of length 1; terms the model does not know are left out. */
export function weigh(
  counts: ReadonlyMap<string, number>,
  rarityOf: (term: string) => number | undefined,
): Map<string, number> {
  const weighed = new Map<string, number>();
  let square = 0;
  for (const [term, count] of counts) {
    const rarity = rarityOf(term);
    if (rarity === undefined) continue;
    const weight = (1 + Math.log(count)) * rarity;
    weighed.set(term, weight);
    square += weight * weight;
  }
  const length = Math.sqrt(square);
  if (length > 0) for (const [term, weight] of weighed) weighed.set(term, weight / length);
  return weighed;
}

export interface Judged {
  /** Probability of each class, in the order of the classes. */
  readonly chances: readonly number[];
  /** The weighed terms, for reasons. */
  readonly weighed: ReadonlyMap<string, number>;
}

export function judge(model: LinearModel, counts: ReadonlyMap<string, number>): Judged {
  const weighed = weigh(counts, (term) => model.terms.get(term)?.[0]);
  const scores = [...model.bias];
  for (const [term, weight] of weighed) {
    const row = model.terms.get(term)!;
    for (let k = 0; k < scores.length; k++) scores[k]! += weight * row[k + 1]!;
  }
  return { chances: softmax(scores), weighed };
}

export function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
