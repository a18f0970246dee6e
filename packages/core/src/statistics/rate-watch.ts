import { solve } from './cusum.ts';
import { betaCdf, lnGamma } from './special.ts';

/** Two rates of a 0/1 outcome: the usual one, and the smallest one worth an alarm. 0 < p0 < p1 < 1. */
export interface Rates {
  readonly p0: number;
  readonly p1: number;
}

function checked({ p0, p1 }: Rates): void {
  if (!(p0 > 0 && p0 < p1 && p1 < 1)) throw new RangeError(`rates ${p0} and ${p1}: 0 < p0 < p1 < 1 is needed`);
}

/** Log likelihood ratio of one outcome. */
export const weights = ({ p0, p1 }: Rates): { readonly hit: number; readonly miss: number } => ({
  hit: Math.log(p1 / p0),
  miss: Math.log((1 - p1) / (1 - p0)),
});

/**
 * Bernoulli CUSUM after `x` hits of `n` more outcomes (Reynolds and Stoumbos 1999). Within the group the order is not known:
 * the sum is cut at 0 only at its end, which makes alarms rarer, never more frequent.
 */
export function bernoulliCusum(sum: number, x: number, n: number, rates: Rates): number {
  const { hit, miss } = weights(rates);
  return Math.max(0, sum + x * hit + (n - x) * miss);
}

const MOST_STATES = 360;

/**
 * Average number of outcomes until a Bernoulli CUSUM from 0 reaches `h`, when the rate is `p`: L(s) = 1 + p L(s + hit) +
 * (1 − p) L(max(0, s + miss)), on a grid with straight lines between. Throws RangeError.
 */
export function bernoulliRunLength(rates: Rates, h: number, p: number): number {
  checked(rates);
  if (!(h > 0 && h <= 40 && p >= 0 && p <= 1)) throw new RangeError(`h ${h}, p ${p}: h up to 40, p from 0 to 1`);
  const { hit, miss } = weights(rates);
  // The step down is a whole number of steps of the grid: as many as the grid has room for.
  const down = Math.max(1, Math.floor((-miss * MOST_STATES) / h));
  const step = Math.max(-miss / down, h / MOST_STATES);
  const states = Math.min(MOST_STATES, Math.ceil(h / step - 1e-9));
  const matrix: number[][] = [];
  for (let i = 0; i < states; i++) {
    const row = new Array<number>(states).fill(0);
    row[i] = 1;
    const give = (to: number, chance: number): void => {
      if (to >= h - 1e-12) return;
      const at = to / step;
      const low = Math.min(states - 1, Math.floor(at + 1e-9));
      const part = Math.max(0, at - low);
      row[low]! -= chance * (1 - part);
      // Beyond the last state the alarm is next, with a run length of about its own.
      row[Math.min(states - 1, low + 1)]! -= chance * part;
    };
    give(i * step + hit, p);
    give(Math.max(0, i * step + miss), 1 - p);
    matrix.push(row);
  }
  const found = solve(matrix, new Array<number>(states).fill(1))[0]!;
  return found > 0 && Number.isFinite(found) ? found : Number.POSITIVE_INFINITY;
}

/** The limit h at which a Bernoulli CUSUM raises a false alarm once in about so many outcomes. */
export function bernoulliLimit(rates: Rates, outcomes: number): number {
  checked(rates);
  // The logarithm of the run length is nearly a straight line in h.
  const lengthAt = (h: number): number => Math.log(bernoulliRunLength(rates, h, rates.p0));
  const wanted = Math.log(Math.max(2, outcomes));
  let [low, high] = [0.2, 25];
  let [at, above] = [lengthAt(low), lengthAt(high)];
  for (let i = 0; i < 12 && high - low > 0.01; i++) {
    const line = low + ((high - low) * (wanted - at)) / (above - at);
    const h = Math.min(high - 0.004, Math.max(low + 0.004, i % 3 === 2 ? (low + high) / 2 : line));
    const length = lengthAt(h);
    if (length < wanted) [low, at] = [h, length];
    else [high, above] = [h, length];
  }
  return high;
}

/** Log of the likelihood ratio of `x` hits of `n`: an e-value against every rate up to p0. */
export function logRatio(x: number, n: number, rates: Rates): number {
  const { hit, miss } = weights(rates);
  return x * hit + (n - x) * miss;
}

/**
 * e-detector, Shiryaev-Roberts form, in logarithms: M ← (1 + M)·e. Raising an alarm at ln(1/α) gives at least 1/α steps
 * between false alarms on average, whatever the outcomes depend on (Shin, Ramdas and Rinaldo 2022). Begins at −∞.
 */
export function eDetector(logM: number, logE: number): number {
  const onePlus = logM === Number.NEGATIVE_INFINITY ? 0 : logM > 30 ? logM : Math.log1p(Math.exp(logM));
  return onePlus + logE;
}

/** The same, CUSUM form: M ← max(1, M)·e. */
export const eCusum = (logM: number, logE: number): number => Math.max(0, logM) + logE;

/** Chance of at least x hits of n at rate p: whether a quantile is above a threshold is this, at its share. */
export const binomialTail = (x: number, n: number, p: number): number => (x <= 0 ? 1 : betaCdf(p, x, n - x + 1));

/**
 * Interval of a rate that holds at every moment at once, so that looking often does no harm: all rates against which a
 * Beta(1/2, 1/2) mixture has gathered less than 1/α.
 */
export function anytimeInterval(
  x: number,
  n: number,
  confidence = 0.95,
): { readonly lower: number; readonly upper: number } {
  if (!(x >= 0 && x <= n && confidence > 0 && confidence < 1))
    throw new RangeError(`${x} of ${n}: 0 ≤ x ≤ n is needed`);
  if (n === 0) return { lower: 0, upper: 1 };
  const lnBeta = (a: number, b: number): number => lnGamma(a) + lnGamma(b) - lnGamma(a + b);
  const mixture = lnBeta(x + 0.5, n - x + 0.5) - lnBeta(0.5, 0.5);
  const limit = -Math.log(1 - confidence);
  const out = (p: number): boolean =>
    mixture - (x === 0 ? 0 : x * Math.log(p)) - (x === n ? 0 : (n - x) * Math.log1p(-p)) >= limit;
  const edge = (outside: number, inside: number): number => {
    let [a, b] = [outside, inside];
    for (let i = 0; i < 60; i++) {
      const middle = (a + b) / 2;
      if (out(middle)) a = middle;
      else b = middle;
    }
    return b;
  };
  const seen = Math.min(1 - 1e-12, Math.max(1e-12, x / n));
  return { lower: x === 0 ? 0 : edge(1e-15, seen), upper: x === n ? 1 : edge(1 - 1e-15, seen) };
}
