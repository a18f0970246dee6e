import { normalCdf, normalQuantile } from '../../statistics/index.ts';

/** Logarithms of the tokens spent in windows, of one asker or of all; older ones fade. */
export interface SpendTally {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}
export const NO_SPEND: SpendTally = { n: 0, sum: 0, squares: 0 };

/** One of those who spent most of a day. */
export interface Spender {
  /** Digest of the asker. */
  readonly who: string;
  readonly tokens: number;
  /** Of these, so many at most may be of others that were counted in its place before. */
  readonly over: number;
  /** The newest interaction of it. */
  readonly interaction: string;
}

/** What those who ask one system spend. Bounded whatever is asked. */
export interface Spending {
  readonly windows: SpendTally;
  /** How far the windows of one asker lie from its own mean, squared and summed; older ones fade. */
  readonly apart: { readonly n: number; readonly squares: number };
  readonly day: number;
  readonly total: number;
  /** Those who spent most of the day, the most first. */
  readonly top: readonly Spender[];
}
export const NO_SPENDING: Spending = {
  windows: NO_SPEND,
  apart: { n: 0, squares: 0 },
  day: -1,
  total: 0,
  top: [],
};

const KEEP_PEERS = 1 - 1 / 5_000;
const KEEP_OWN = 1 - 1 / 50;
const FEWEST_WINDOWS = 30;
/** Less in an hour is nobody's concern. */
const FEWEST_TOKENS = 20_000;
const TIMES_USUAL = 5;
/** Logarithms of spending have longer tails than a normal distribution, and chance alone is not believed below this. */
const LEAST_Z = 4.5;
/** Without measurements windows of one asker are taken to lie so far apart, in logarithms: about a factor of 2.2. */
const SPREAD = 0.64;
const TRUST = 20;
/** One window teaches at most so many deviations: one incident must not become what is usual. */
const TAUGHT = 4;
const MOST_TOP = 64;

interface ExpectedSpend {
  /** Of the logarithm. */
  readonly mean: number;
  readonly deviation: number;
}

/**
 * What a window of one asker may spend: logarithms are normal around a mean of its own, and those means are normal among all who ask.
 * What it did before counts the more the more of it there is. Null: nothing is known of the others.
 */
function expectedSpend({ windows, apart }: Spending, own: SpendTally): ExpectedSpend | null {
  if (windows.n < 2) return null;
  const mean = windows.sum / windows.n;
  const variance = Math.max(0, windows.squares / windows.n - mean * mean);
  const within = Math.min(4, Math.max(0.06, (apart.squares + SPREAD * TRUST) / (apart.n + TRUST)));
  const between = Math.max(0.05, variance - within);
  const known = 1 / between + own.n / within;
  return { mean: (mean / between + own.sum / within) / known, deviation: Math.sqrt(1 / known + within) };
}

const told = ({ n, sum, squares }: SpendTally, value: number, keep: number): SpendTally => ({
  n: n * keep + 1,
  sum: sum * keep + value,
  squares: squares * keep + value * value,
});

/** A window of one asker is over: what it says of the asker and of all. */
export function closeSpend(
  spending: Spending,
  own: SpendTally,
  tokens: number,
): { readonly spending: Spending; readonly own: SpendTally } {
  if (tokens <= 0) return { spending, own };
  const expected = spending.windows.n < FEWEST_WINDOWS ? null : expectedSpend(spending, own);
  const said = Math.log(tokens);
  const value = expected === null ? said : Math.min(said, expected.mean + TAUGHT * expected.deviation);
  const apart =
    own.n < 3
      ? spending.apart
      : {
          n: spending.apart.n * KEEP_PEERS + 1,
          squares: spending.apart.squares * KEEP_PEERS + ((value - own.sum / own.n) ** 2 * own.n) / (own.n + 1),
        };
  return {
    spending: { ...spending, windows: told(spending.windows, value, KEEP_PEERS), apart },
    own: told(own, value, KEEP_OWN),
  };
}

export interface UnusualSpend {
  readonly usual: number;
  readonly chance: number;
}

/** Whether an open window spends more than chance allows (`rare`, 0 to 1), against the asker's own past and that of the others. */
export function unusualSpend(spending: Spending, own: SpendTally, tokens: number, rare: number): UnusualSpend | null {
  if (tokens < FEWEST_TOKENS || spending.windows.n < FEWEST_WINDOWS) return null;
  const expected = expectedSpend(spending, own);
  if (expected === null) return null;
  const usual = Math.exp(expected.mean);
  const z = (Math.log(tokens) - expected.mean) / expected.deviation;
  if (tokens < TIMES_USUAL * usual || z < Math.max(LEAST_Z, normalQuantile(1 - rare))) return null;
  return { usual, chance: 1 - normalCdf(z) };
}

/**
 * Counts who spends most of a day by space-saving (Metwally, Agrawal, El Abbadi 2005): with 64 places, whoever spends more than a 64th
 * of all is among them, and is counted too high by `over` at most.
 */
export function spendBy(
  before: Spending,
  { who, tokens, interaction, day }: { who: string; tokens: number; interaction: string; day: number },
): Spending {
  if (tokens <= 0 || day < before.day) return before;
  const held = day > before.day ? { ...before, day, total: 0, top: [] } : before;
  const known = held.top.find((each) => each.who === who);
  const last = held.top.length >= MOST_TOP ? held.top.at(-1)! : null;
  const base = known ?? (last === null ? { tokens: 0, over: 0 } : { tokens: last.tokens, over: last.tokens });
  const others = held.top.filter((each) => each !== known && (known !== undefined || each !== last));
  const next = { who, tokens: base.tokens + tokens, over: base.over, interaction };
  const at = others.findIndex((each) => each.tokens < next.tokens);
  const top = at < 0 ? [...others, next] : [...others.slice(0, at), next, ...others.slice(at)];
  return { ...held, total: held.total + tokens, top };
}

/** What one who asks spends in an hour in which it asks, in the middle; null: not known yet. */
export const usualSpend = ({ windows: { n, sum } }: Spending): number | null =>
  n < FEWEST_WINDOWS ? null : Math.exp(sum / n);
