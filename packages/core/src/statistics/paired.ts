import { type Interval, wilson } from './proportions.ts';
import { normalQuantile } from './special.ts';

/**
 * Interval of the difference of two paired shares, (b − c) / n, from both Wilson intervals (Newcombe 1998, method 10 for
 * paired data). `both` passed twice, `lost` passed before only, `gained` after only, `neither` never. −1 to 1.
 * Throws RangeError.
 */
export function pairedDifference(
  both: number,
  lost: number,
  gained: number,
  neither: number,
  confidence = 0.95,
): Interval {
  const n = both + lost + gained + neither;
  const before = wilson(both + lost, n, confidence);
  const after = wilson(both + gained, n, confidence);
  const [p1, p2] = [(both + lost) / n, (both + gained) / n];
  const margins = (both + lost) * (gained + neither) * (both + gained) * (lost + neither);
  const cross = both * neither - lost * gained;
  const phi = margins === 0 ? 0 : (cross > 0 ? Math.max(0, cross - n / 2) : cross) / Math.sqrt(margins);
  const half = (x: number, y: number): number => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
  return {
    lower: Math.max(-1, p1 - p2 - half(p1 - before.lower, after.upper - p2)),
    upper: Math.min(1, p1 - p2 + half(before.upper - p1, p2 - after.lower)),
  };
}

/** Numbers from 0 to 1 that look like chance and are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const MOST_CLUSTERS = 100_000;
/** Up to so many clusters, every way to flip them is counted: then nothing is left to chance. */
const COUNTED_CLUSTERS = 13;

/**
 * Two-sided p of a paired comparison whose pairs hang together in clusters: the sums of each cluster keep their size and
 * flip their sign (sign-flip permutation). Counts every flip up to 13 clusters, else draws `rounds` with the seed.
 * Throws RangeError.
 */
export function signFlip(sums: readonly number[], seed: number, rounds = 10_000): number {
  if (sums.length > MOST_CLUSTERS || sums.some((sum) => !Number.isFinite(sum)))
    throw new RangeError(`at most ${MOST_CLUSTERS} finite sums are needed`);
  if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= 1_000_000))
    throw new RangeError(`${rounds} rounds: a whole number from 1 to 1,000,000 is needed`);
  const moving = sums.filter((sum) => sum !== 0);
  const seen = Math.abs(moving.reduce((all, sum) => all + sum, 0)) - 1e-9;
  if (moving.length === 0) return 1;
  if (moving.length <= COUNTED_CLUSTERS) {
    let extreme = 0;
    const ways = 2 ** moving.length;
    for (let way = 0; way < ways; way++)
      if (Math.abs(moving.reduce((all, sum, i) => all + (way & (1 << i) ? sum : -sum), 0)) >= seen) extreme++;
    return extreme / ways;
  }
  const draw = seeded(seed);
  let extreme = 0;
  for (let round = 0; round < rounds; round++) {
    let all = 0;
    for (const sum of moving) all += draw() < 0.5 ? sum : -sum;
    if (Math.abs(all) >= seen) extreme++;
  }
  return (extreme + 1) / (rounds + 1);
}

/** Standard error of the mean of paired differences, with the differences summed by cluster (Miller 2024). */
export function clusteredError(clusters: readonly (readonly number[])[]): number {
  const all = clusters.flat();
  if (all.length === 0) return Number.NaN;
  const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
  const squares = clusters.reduce((sum, cluster) => sum + cluster.reduce((s, x) => s + (x - mean), 0) ** 2, 0);
  return Math.sqrt(squares) / all.length;
}

/**
 * Pairs needed to tell a loss of `loss` from none with 80 % power at 5 %, where a share `discordant` of the pairs moves
 * either way (Connor 1987). Throws RangeError.
 */
export function pairsNeeded(discordant: number, loss: number, power = 0.8): number {
  if (!(loss > 0 && loss < 1 && discordant >= 0 && discordant <= 1 && power > 0 && power < 1))
    throw new RangeError(`a loss of ${loss} among a share of ${discordant}: both must lie between 0 and 1`);
  const psi = Math.max(discordant, loss);
  const z = normalQuantile(0.975) * Math.sqrt(psi) + normalQuantile(power) * Math.sqrt(Math.max(0, psi - loss * loss));
  return Math.ceil((z / loss) ** 2);
}

/** p values adjusted for being several, in the order given (Holm 1979). Throws RangeError. */
export function holm(p: readonly number[]): number[] {
  if (p.some((each) => !(each >= 0 && each <= 1))) throw new RangeError('p values lie between 0 and 1');
  const order = p.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
  const adjusted = new Array<number>(p.length);
  let most = 0;
  for (const [rank, { value, i }] of order.entries()) {
    most = Math.max(most, Math.min(1, (p.length - rank) * value));
    adjusted[i] = most;
  }
  return adjusted;
}
