export interface Limits {
  readonly point: number;
  readonly lower: number;
  readonly upper: number;
}

/** ln n!, exact sums up to the largest n asked for so far. */
const LN_FACTORIAL: number[] = [0];
function lnFactorial(n: number): number {
  for (let i = LN_FACTORIAL.length; i <= n; i++) LN_FACTORIAL.push(LN_FACTORIAL[i - 1]! + Math.log(i));
  return LN_FACTORIAL[n]!;
}
const lnChoose = (n: number, k: number): number => lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k);

/** P(X ≥ seen) or P(X ≤ seen) where `marked` of `population` are marked and `sample` are drawn without putting back. */
function tail(population: number, marked: number, sample: number, seen: number, side: 'upper' | 'lower'): number {
  const least = Math.max(0, sample - (population - marked));
  const most = Math.min(sample, marked);
  const from = side === 'upper' ? Math.max(seen, least) : least;
  const to = side === 'upper' ? most : Math.min(seen, most);
  const all = lnChoose(population, sample);
  let sum = 0;
  for (let x = from; x <= to; x++)
    sum += Math.exp(lnChoose(marked, x) + lnChoose(population - marked, sample - x) - all);
  return Math.min(1, sum);
}

/** The smallest number from `from` to `to` for which `holds`, which holds for all after it; `to` where it holds for none before. */
function firstWhere(from: number, to: number, holds: (n: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const LARGEST = 5_000_000;

/**
 * How many of `population` are affected, when `affected` of `sample` are, drawn at random without putting back. Exact, by
 * inverting both hypergeometric tails (Buonaccorsi 1987); `confidence` as a share, both sides together.
 * Throws RangeError where affected ≤ sample ≤ population ≤ 5,000,000 does not hold.
 */
export function hypergeometricLimits(
  { affected, sample, population }: { readonly affected: number; readonly sample: number; readonly population: number },
  confidence = 0.95,
): Limits {
  if (!(affected >= 0 && affected <= sample && sample <= population && population <= LARGEST))
    throw new RangeError(`affected ${affected} ≤ sample ${sample} ≤ population ${population} ≤ ${LARGEST} must hold`);
  if (sample === 0) return { point: 0, lower: 0, upper: population };
  const alpha = (1 - confidence) / 2;
  const least = affected;
  const most = population - (sample - affected);
  const lower =
    affected === 0 ? 0 : firstWhere(least, most, (n) => tail(population, n, sample, affected, 'upper') > alpha);
  const upper =
    affected === sample
      ? population
      : firstWhere(least, most + 1, (n) => n > most || tail(population, n, sample, affected, 'lower') <= alpha) - 1;
  return { point: (population * affected) / sample, lower, upper };
}

/** Chapman's estimate of how many there are, from two overlapping lists, with its standard error (Seber 1970). */
export function chapman(
  listA: number,
  listB: number,
  both: number,
): { readonly estimate: number; readonly standardError: number } {
  if (!(both >= 0 && both <= Math.min(listA, listB)))
    throw new RangeError(`the overlap ${both} must lie within both lists (${listA}, ${listB})`);
  const estimate = ((listA + 1) * (listB + 1)) / (both + 1) - 1;
  const variance = ((listA + 1) * (listB + 1) * (listA - both) * (listB - both)) / ((both + 1) ** 2 * (both + 2));
  return { estimate, standardError: Math.sqrt(variance) };
}
