import { type LinearModel, softmax, weigh } from '@firebreak/core/text';

/** One report as terms, and the classes it may be: several where the label does not say which of them. */
export interface Lesson {
  readonly counts: ReadonlyMap<string, number>;
  readonly may: readonly number[];
  readonly weight: number;
}

export interface Fitting {
  /** L2 penalty on each weight, per unit of total lesson weight. */
  readonly penalty: number;
  readonly rounds: number;
  /** 0: classes weigh as often as they occur; 1: all alike. */
  readonly evening: number;
}

/**
 * Multinomial logistic regression on tf-idf vectors of length 1 by full-batch Adam; no chance in it. A lesson with several
 * possible classes is shared among them as the model itself would (marginal likelihood).
 */
export function fitLinear(
  classes: readonly string[],
  lessons: readonly Lesson[],
  rarity: ReadonlyMap<string, number>,
  { penalty, rounds, evening }: Fitting,
): LinearModel {
  const K = classes.length;
  const names = [...rarity.keys()];
  const place = new Map(names.map((name, i) => [name, i]));
  const vectors = lessons.map(({ counts }) => {
    const weighed = weigh(counts, (term) => rarity.get(term));
    return { at: Uint32Array.from(weighed.keys(), (t) => place.get(t)!), by: Float64Array.from(weighed.values()) };
  });
  const mass = new Array<number>(K).fill(0);
  for (const { may, weight } of lessons) for (const k of may) mass[k]! += weight / may.length;
  const mean = mass.reduce((a, b) => a + b, 0) / K;
  const classWeight = mass.map((m) => (m === 0 ? 0 : (mean / m) ** evening));
  const weights = lessons.map(
    ({ may, weight }) => weight * (may.reduce((s, k) => s + classWeight[k]!, 0) / may.length),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  const W = new Float64Array(names.length * K + K);
  const biasAt = names.length * K;
  const slope = new Float64Array(W.length);
  const first = new Float64Array(W.length);
  const second = new Float64Array(W.length);
  for (let round = 1; round <= rounds; round++) {
    slope.fill(0);
    for (const [i, { at, by }] of vectors.entries()) {
      const scores = Array.from(W.subarray(biasAt));
      for (let j = 0; j < at.length; j++) {
        const row = at[j]! * K;
        for (let k = 0; k < K; k++) scores[k]! += by[j]! * W[row + k]!;
      }
      const chances = softmax(scores);
      const { may } = lessons[i]!;
      const held = may.reduce((s, k) => s + chances[k]!, 0);
      for (let k = 0; k < K; k++) {
        const target = may.includes(k) ? (held > 0 ? chances[k]! / held : 1 / may.length) : 0;
        chances[k] = ((chances[k]! - target) * weights[i]!) / total;
      }
      for (let j = 0; j < at.length; j++) {
        const row = at[j]! * K;
        for (let k = 0; k < K; k++) slope[row + k]! += by[j]! * chances[k]!;
      }
      for (let k = 0; k < K; k++) slope[biasAt + k]! += chances[k]!;
    }
    const rate = 0.15 * (round > rounds * 0.7 ? 0.3 : 1);
    for (let w = 0; w < W.length; w++) {
      const g = slope[w]! + (w < biasAt ? penalty * W[w]! : 0);
      first[w] = 0.9 * first[w]! + 0.1 * g;
      second[w] = 0.99 * second[w]! + 0.01 * g * g;
      const step = first[w]! / (1 - 0.9 ** round) / (Math.sqrt(second[w]! / (1 - 0.99 ** round)) + 1e-7);
      W[w] = W[w]! - rate * step;
    }
  }
  return {
    classes,
    bias: Array.from(W.subarray(biasAt)),
    terms: new Map(names.map((name, i) => [name, [rarity.get(name)!, ...W.subarray(i * K, i * K + K)]])),
  };
}
