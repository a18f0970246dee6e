import { betaCdf, betaQuantile } from './special.ts';

/** Counts of windows, of one or of many, older ones fading; `seen` never fades. */
export interface CountTally {
  readonly seen: number;
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}
export const NO_COUNTS: CountTally = { seen: 0, n: 0, sum: 0, squares: 0 };

/** A window more; what was before keeps `keep` (0 to 1) of its weight. */
export const countIn = ({ seen, n, sum, squares }: CountTally, count: number, keep: number): CountTally => ({
  seen: seen + 1,
  n: n * keep + 1,
  sum: sum * keep + count,
  squares: squares * keep + count * count,
});

/** How far counts of one and the same sender spread beyond chance: the sums of what is measured, older ones fading. */
export interface Dispersion {
  readonly beyond: number;
  readonly squares: number;
}
export const NO_DISPERSION: Dispersion = { beyond: 0, squares: 0 };
/** Without measurements counts are taken to spread by so much: a standard deviation of 0.7 of the mean beside that of chance. */
const DISPERSION = 0.5;
const TRUST = 20;

/** What one more window of a sender says of the spread, its own mean before being known. */
export function disperse(held: Dispersion, own: CountTally, count: number, keep: number): Dispersion {
  if (own.n < 3) return held;
  const mean = own.sum / own.n;
  return {
    beyond: held.beyond * keep + ((count - mean) ** 2 * own.n) / (own.n + 1) - mean,
    squares: held.squares * keep + mean * mean,
  };
}

export interface Expected {
  readonly mean: number;
  /** Size of the negative binomial: the smaller, the wider. */
  readonly size: number;
}

/**
 * What a window of one sender may count, by a gamma-Poisson model: rates of senders are gamma distributed (fitted to those of the
 * peers by moments), counts are Poisson with a spread of their own, and what the sender did before counts the more the more of it
 * there is. Null: nothing is known of the peers.
 */
export function expectedCount(peers: CountTally, own: CountTally, dispersion: Dispersion): Expected | null {
  if (peers.n < 2 || peers.sum <= 0) return null;
  const mean = peers.sum / peers.n;
  const variance = Math.max(0, peers.squares / peers.n - mean * mean);
  const spread = Math.min(
    4,
    Math.max(0.05, (dispersion.beyond + DISPERSION * TRUST * mean * mean) / (dispersion.squares + TRUST * mean * mean)),
  );
  // Of the variance of all windows, what is left when chance and the own spread of senders are taken away.
  const between = Math.max(0.05 * mean * mean, variance - mean - spread * mean * mean);
  const weight = 1 / (1 + spread * mean);
  const shape = (mean * mean) / between + own.sum * weight;
  const rate = mean / between + own.n * weight;
  const expected = shape / rate;
  return { mean: expected, size: 1 / (1 / shape + spread) };
}

/** The chance of a window that counts at least so much: the upper tail of the negative binomial. */
export const chanceOfCount = ({ mean, size }: Expected, count: number): number =>
  count <= 0 ? 1 : betaCdf(mean / (size + mean), count, size);

/** The smallest count whose chance is at most so much; at most `most`. */
export function countOfChance(expected: Expected, chance: number, most = 1_000_000): number {
  let low = 0;
  let high = Math.min(most, Math.max(1, Math.ceil(expected.mean)));
  while (high < most && chanceOfCount(expected, high) > chance) {
    low = high;
    high = Math.min(most, high * 2);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (chanceOfCount(expected, middle) > chance) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * How many hits in a row come less often than the chance given, where hits are as frequent as among `trials`: the upper limit of
 * 97.5 % of that rate is believed. Infinity: hits are the rule.
 */
export function runOfChance(hits: number, trials: number, chance: number): number {
  const upper = hits >= trials ? 1 : betaQuantile(0.975, hits + 1, trials - hits);
  return upper >= 1 ? Number.POSITIVE_INFINITY : Math.ceil(Math.log(chance) / Math.log(upper));
}
