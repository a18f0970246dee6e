import { betaQuantile, lnGamma, normalQuantile } from './special.ts';

/** Lower and upper limit of a share, 0 to 1 where not said otherwise. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

const MOST = 1e9;

function checked(x: number, n: number, confidence: number): void {
  if (!(Number.isInteger(x) && Number.isInteger(n) && x >= 0 && x <= n && n >= 1 && n <= MOST))
    throw new RangeError(`${x} of ${n}: whole numbers with 0 ≤ x ≤ n and 1 ≤ n ≤ ${MOST} are needed`);
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`a confidence of ${confidence}: more than 0, less than 1`);
}

const zOf = (confidence: number): number => normalQuantile(1 - (1 - confidence) / 2);

/** Wilson score interval for x of n (Wilson 1927), without continuity correction. Throws RangeError. */
export function wilson(x: number, n: number, confidence = 0.95): Interval {
  checked(x, n, confidence);
  const z = zOf(confidence);
  const p = x / n;
  const middle = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return { lower: x === 0 ? 0 : (middle - half) / scale, upper: x === n ? 1 : (middle + half) / scale };
}

/** Exact interval for x of n (Clopper and Pearson 1934). Throws RangeError. */
export function clopperPearson(x: number, n: number, confidence = 0.95): Interval {
  checked(x, n, confidence);
  const alpha = (1 - confidence) / 2;
  return {
    lower: x === 0 ? 0 : betaQuantile(alpha, x, n - x + 1),
    upper: x === n ? 1 : betaQuantile(1 - alpha, x + 1, n - x),
  };
}

/** Interval of Agresti and Coull (1998), cut at 0 and 1. Throws RangeError. */
export function agrestiCoull(x: number, n: number, confidence = 0.95): Interval {
  checked(x, n, confidence);
  const z = zOf(confidence);
  const m = n + z * z;
  const p = (x + (z * z) / 2) / m;
  const half = z * Math.sqrt((p * (1 - p)) / m);
  return { lower: Math.max(0, p - half), upper: Math.min(1, p + half) };
}

/** Interval of x1/n1 − x2/n2 from both Wilson intervals (Newcombe 1998, method 10). −1 to 1. Throws RangeError. */
export function newcombe(x1: number, n1: number, x2: number, n2: number, confidence = 0.95): Interval {
  const [a, b] = [wilson(x1, n1, confidence), wilson(x2, n2, confidence)];
  const [p, q] = [x1 / n1, x2 / n2];
  return {
    lower: p - q - Math.hypot(p - a.lower, b.upper - q),
    upper: p - q + Math.hypot(a.upper - p, q - b.lower),
  };
}

const lnChoose = (n: number, k: number): number => lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);

/**
 * Fisher's exact test, two-sided: the chance of all tables with these margins that are no likelier than the one seen.
 * Throws RangeError.
 */
export function fisherExact(x1: number, n1: number, x2: number, n2: number): number {
  checked(x1, n1, 0.95);
  checked(x2, n2, 0.95);
  const hits = x1 + x2;
  const least = Math.max(0, hits - n2);
  const most = Math.min(hits, n1);
  if (most - least > 1e7) throw new RangeError('too many tables for an exact test; compare the intervals instead');
  const all = lnChoose(n1 + n2, hits);
  const chance = (x: number): number => Math.exp(lnChoose(n1, x) + lnChoose(n2, hits - x) - all);
  const seen = chance(x1) * (1 + 1e-7);
  let sum = 0;
  for (let x = least; x <= most; x++) {
    const p = chance(x);
    if (p <= seen) sum += p;
  }
  return Math.min(1, sum);
}

/** Two-sided p values of a paired comparison. */
export interface Paired {
  /** For the report. */
  readonly exact: number;
  /** For the decision: half of the chance of what was seen counts (Fagerland, Lydersen and Laake 2013). */
  readonly midP: number;
}

/** McNemar's test of `worse` against `better` pairs (passed before and fails now; the other way round). Throws RangeError. */
export function mcnemar(worse: number, better: number): Paired {
  const n = worse + better;
  if (!(Number.isInteger(worse) && Number.isInteger(better) && worse >= 0 && better >= 0 && n <= 1e7))
    throw new RangeError(
      `${worse} against ${better} pairs: whole numbers from 0 are needed, together at most 10,000,000`,
    );
  if (n === 0) return { exact: 1, midP: 1 };
  const fewer = Math.min(worse, better);
  const chance = (x: number): number => Math.exp(lnChoose(n, x) - n * Math.LN2);
  let tail = 0;
  for (let x = 0; x <= fewer; x++) tail += chance(x);
  const midP = worse === better ? 1 - chance(fewer) / 2 : 2 * tail - chance(fewer);
  return { exact: Math.min(1, 2 * tail), midP: Math.min(1, midP) };
}

/** Trials needed, all without a failure, to say with `confidence` that the failure rate is below `rate`. Throws RangeError. */
export function zeroFailureTrials(rate: number, confidence = 0.95): number {
  if (!(rate > 0 && rate < 1 && confidence > 0 && confidence < 1))
    throw new RangeError(`a rate of ${rate} with a confidence of ${confidence}: both more than 0 and less than 1`);
  return Math.ceil(Math.log(1 - confidence) / Math.log1p(-rate) - 1e-9);
}
