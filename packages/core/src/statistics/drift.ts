const MOST_TERMS = 100;

/** Population stability index of two lists of shares, Σ (q − p) ln(q/p); every share more than 0. */
export function psi(p: readonly number[], q: readonly number[]): number {
  if (p.length !== q.length || p.length === 0 || [...p, ...q].some((share) => !(share > 0)))
    throw new RangeError('two lists of as many shares, each more than 0, are needed');
  return p.reduce((sum, share, i) => sum + (q[i]! - share) * Math.log(q[i]! / share), 0);
}

/** Shares of counts, half a case added to each so that none is 0. */
export function smoothed(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, count) => sum + count + 0.5, 0);
  return counts.map((count) => (count + 0.5) / all);
}

/** What the index of two samples from one distribution is on average: it is never 0, and large where there are few. */
export const psiOfChance = (bins: number, n: number, m: number): number => (bins - 1) * (1 / n + 1 / m);

export interface Ks {
  readonly d: number;
  readonly p: number;
}

/** Kolmogorov's distribution with the correction of Stephens (1970) for the size of the samples. */
function ksChance(d: number, n: number, m: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  const lambda = (root + 0.12 + 0.11 / root) * d;
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= MOST_TERMS; k++) {
    const term = 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * lambda * lambda);
    sum += term;
    if (Math.abs(term) < 1e-12) break;
  }
  return Math.min(1, Math.max(0, sum));
}

/**
 * Two-sample Kolmogorov-Smirnov test of counts over the same ordered bins (a value of its own is a bin of its own). With
 * bins that hold several values the test is careful: it finds less, not more. Throws RangeError where a side is empty.
 */
export function ksOfCounts(a: readonly number[], b: readonly number[]): Ks {
  const n = a.reduce((sum, count) => sum + count, 0);
  const m = b.reduce((sum, count) => sum + count, 0);
  if (!(n > 0 && m > 0)) throw new RangeError('each side needs at least one value');
  let [left, right, d] = [0, 0, 0];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    left += (a[i] ?? 0) / n;
    right += (b[i] ?? 0) / m;
    d = Math.max(d, Math.abs(left - right));
  }
  return { d, p: ksChance(d, n, m) };
}

/** The same of two lists of values. */
export function ks(a: readonly number[], b: readonly number[]): Ks {
  const at = new Map([...new Set([...a, ...b])].sort((x, y) => x - y).map((value, i) => [value, i]));
  const counts = (values: readonly number[]): number[] => {
    const held = new Array<number>(at.size).fill(0);
    for (const value of values) held[at.get(value)!]!++;
    return held;
  };
  return ksOfCounts(counts(a), counts(b));
}

/** Jensen-Shannon distance of two lists of shares, base 2: 0 to 1. */
export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  if (p.length !== q.length) throw new RangeError('two lists of as many shares are needed');
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const middle = (p[i]! + q[i]!) / 2;
    if (p[i]! > 0) sum += (p[i]! * Math.log2(p[i]! / middle)) / 2;
    if (q[i]! > 0) sum += (q[i]! * Math.log2(q[i]! / middle)) / 2;
  }
  return Math.sqrt(Math.max(0, sum));
}

/** Numbers from 0 to 1 that look like chance and are the same every time (mulberry32). */
function evenNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * How far apart two parts of what is usual lie by chance: the distances of so many random splits of the blocks, smallest
 * first. Distances of few cases are never near 0, so no fixed limit is right. Whole blocks are drawn, since what stands
 * together is alike. The same blocks give the same band.
 */
export function nullBand(blocks: readonly (readonly number[])[], taken: number, splits = 200): number[] {
  if (!(taken >= 1 && blocks.length >= taken + 1))
    throw new RangeError(`${blocks.length} blocks cannot give ${taken} and a rest`);
  const next = evenNumbers(blocks.length * 7_919 + taken);
  const width = blocks[0]!.length;
  const distances: number[] = [];
  for (let i = 0; i < splits; i++) {
    const order = blocks.map((_, at) => at);
    for (let at = 0; at < taken; at++) {
      const other = at + Math.floor(next() * (order.length - at));
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    const sums: [number[], number[]] = [new Array<number>(width).fill(0), new Array<number>(width).fill(0)];
    for (const [at, which] of order.entries()) {
      const into = sums[at < taken ? 0 : 1];
      for (let k = 0; k < width; k++) into[k]! += blocks[which]![k]!;
    }
    distances.push(jensenShannon(smoothed(sums[0]), smoothed(sums[1])));
  }
  return distances.sort((a, b) => a - b);
}

/** (x − median) / (1.4826 · MAD), the spread at least 5 % of the median (Iglewicz and Hoaglin 1993). Null without values. */
export function robustZ(x: number, usual: readonly number[]): number | null {
  if (usual.length === 0) return null;
  const median = (values: readonly number[]): number => {
    const sorted = [...values].sort((a, b) => a - b);
    const half = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  };
  const middle = median(usual);
  const spread = 1.4826 * median(usual.map((value) => Math.abs(value - middle)));
  const least = Math.max(spread, 0.05 * Math.abs(middle));
  return least === 0 ? (x === middle ? 0 : Number.POSITIVE_INFINITY) : (x - middle) / least;
}
