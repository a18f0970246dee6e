import {
  type CountTally,
  chanceOfCount,
  countIn,
  countOfChance,
  type Dispersion,
  disperse,
  type Expected,
  expectedCount,
  NO_COUNTS,
  NO_DISPERSION,
  runOfChance,
} from '../../statistics/index.ts';
import { NO_SPENDING, type Spending } from './spend.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** One false alarm in so many days for a system, over all who ask it and over what is counted of them. */
const EVERY_DAYS = 30;
const COUNTED = 3;
const KEEP_PEERS = 1 - 1 / 5_000;
const KEEP_OWN = 1 - 1 / 50;
const WARM_WINDOWS = 200;
const WARM_DAYS = 7;
const FEWEST_WINDOWS = 30;
/** Fewer than this in an hour is nobody's concern. */
const FEWEST_COUNT = 20;
const TIMES_USUAL = 3;
const RELIABLE_TRIALS = 50;

interface Share {
  readonly hits: number;
  readonly trials: number;
}
const NO_SHARE: Share = { hits: 0, trials: 0 };

/** What is counted by the hour. */
const COUNTS = ['requests', 'numbers'] as const;
export type Counted = (typeof COUNTS)[number];

/** What is usual among those who ask one system. A window is an hour in which somebody asked. */
export interface Crowd {
  readonly since: number;
  readonly windows: Readonly<Record<Counted, CountTally>>;
  readonly spread: Readonly<Record<Counted, Dispersion>>;
  /** Pairs of questions of one asker, one after the other, that were nearly the same. */
  readonly near: Share;
  /** Answers that were a refusal. */
  readonly refused: Share;
  /** Tokens. Absent: nothing was counted yet. */
  readonly spending?: Spending;
  readonly principals: number;
  /** Of them, those that went through numbers one after the other. */
  readonly sequential: number;
  readonly day: number;
  readonly today: number;
  readonly perDay: number;
}

export const spendingOf = ({ spending }: Crowd): Spending => spending ?? NO_SPENDING;

export const newCrowd = (now: number): Crowd => ({
  since: now,
  windows: { requests: NO_COUNTS, numbers: NO_COUNTS },
  spread: { requests: NO_DISPERSION, numbers: NO_DISPERSION },
  near: NO_SHARE,
  refused: NO_SHARE,
  principals: 0,
  sequential: 0,
  day: Math.floor(now / DAY_MS),
  today: 0,
  perDay: 0,
});

/** Whether enough was seen to hold somebody against it: 200 windows, or 30 over seven days. */
export function isKnown({ since, windows }: Crowd, now: number): boolean {
  const { seen } = windows.requests;
  return seen >= WARM_WINDOWS || (seen >= FEWEST_WINDOWS && now - since >= WARM_DAYS * DAY_MS);
}

/** How rare something has to be, so that all windows together are wrong once in thirty days (Bonferroni). */
export const rareIn = ({ perDay, today }: Crowd): number => 1 / (EVERY_DAYS * COUNTED * Math.max(24, perDay, today));

const open = (held: CountTally): CountTally => countIn(held, 0, KEEP_PEERS);

/** A window of somebody grew from `count - 1` to `count`. */
export function grow(crowd: Crowd, counted: Counted, count: number, now: number): Crowd {
  const held = count === 1 ? open(crowd.windows[counted]) : crowd.windows[counted];
  const windows = {
    ...crowd.windows,
    [counted]: { ...held, sum: held.sum + 1, squares: held.squares + 2 * count - 1 },
  };
  if (counted !== 'requests' || count > 1) return { ...crowd, windows };
  const day = Math.floor(now / DAY_MS);
  if (day <= crowd.day) return { ...crowd, windows, today: crowd.today + 1 };
  const perDay = crowd.perDay === 0 ? crowd.today : 0.7 * crowd.perDay + 0.3 * crowd.today;
  return { ...crowd, windows, day, today: 1, perDay };
}

/** A window of one asker is over: what it says of the asker, and of how much one asker spreads. */
export function close(
  crowd: Crowd,
  own: CountTally,
  counted: Counted,
  count: number,
): { readonly crowd: Crowd; readonly own: CountTally } {
  if (count === 0) return { crowd, own };
  return {
    crowd: {
      ...crowd,
      spread: { ...crowd.spread, [counted]: disperse(crowd.spread[counted], own, count, KEEP_PEERS) },
    },
    own: countIn(own, count, KEEP_OWN),
  };
}

export interface Unusual {
  readonly count: number;
  readonly usual: number;
  /** From which count on it is told. */
  readonly limit: number;
  readonly chance: number;
}

/** Whether an open window counts more than chance allows, against the asker's own past and that of the others. */
export function unusual(crowd: Crowd, counted: Counted, own: CountTally, count: number): Unusual | null {
  if (count < FEWEST_COUNT) return null;
  const all = crowd.windows[counted];
  // The window itself is no peer of itself.
  const peers = { ...all, n: all.n - 1, sum: all.sum - count, squares: all.squares - count * count };
  const expected: Expected | null = expectedCount(peers, own, crowd.spread[counted]);
  if (expected === null) return null;
  const limit = Math.max(FEWEST_COUNT, TIMES_USUAL * expected.mean, countOfChance(expected, rareIn(crowd)));
  return count < limit ? null : { count, usual: expected.mean, limit, chance: chanceOfCount(expected, count) };
}

/** How long a streak has to be before it is told: as long as `least`, and longer than chance makes it once in thirty days. */
export const longStreak = (crowd: Crowd, of: 'near' | 'refused', least: number): number =>
  crowd[of].trials < RELIABLE_TRIALS
    ? least
    : Math.max(least, runOfChance(crowd[of].hits, crowd[of].trials, rareIn(crowd)));

/** One more try; old ones fade by halves. */
export function tried(crowd: Crowd, of: 'near' | 'refused', hit: boolean): Crowd {
  const { hits, trials } = crowd[of];
  const by = trials >= 10_000 ? 0.5 : 1;
  return { ...crowd, [of]: { hits: Math.round(hits * by) + (hit ? 1 : 0), trials: Math.round(trials * by) + 1 } };
}
