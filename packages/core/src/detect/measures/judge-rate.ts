import { bernoulliCusum, bernoulliLimit, eDetector, logRatio, wilson } from '../../statistics/index.ts';
import {
  type About,
  clockText,
  daysBetween,
  type Event,
  everyText,
  type Judged,
  minutesBetween,
  percent,
  perDay,
  type Step,
} from './judging.ts';
import type { Rule } from './rules.ts';

type RateRule = Extract<Rule, { kind: 'rate' }>;
type Held = readonly [minute: string, n: number, x: number];

export interface RateState {
  /** What is usual: hits of observations, and over which time. */
  readonly base: { readonly n: number; readonly x: number; readonly first: string; readonly last: string } | null;
  /** Seen, and not yet taken for usual: what begins to fail is not learned before it is noticed. */
  readonly held: readonly Held[];
  readonly design: {
    readonly p0: number;
    readonly p1: number;
    readonly h: number;
    readonly method: 'cusum' | 'e-detector';
    readonly day: string;
    readonly n: number;
  } | null;
  /** The sum; null: nothing gathered yet. */
  readonly s: number | null;
  /** Since when the numbers speak for a move most (the last zero of a CUSUM), and what came since. */
  readonly run: { readonly since: string; readonly n: number; readonly x: number; readonly c: number } | null;
  /** When it was told, and the rate that surely has been told of. */
  readonly open: { readonly at: string; readonly rate: number } | null;
  readonly bins: number;
}

export const RATE_START: RateState = { base: null, held: [], design: null, s: null, run: null, open: null, bins: 0 };

export const WARM_OBSERVATIONS = 200;
const WARM_DAYS = 7;
const HOLD_MINUTES = 60;
const LEAST_RATE = 0.002;
/** What nearly always happens cannot go up, and what hardly ever happens cannot go down. */
const MOST_RATE = 0.99;
/** After so long the usual rate is known well enough for the sharper of the two methods. */
const SURE_DAYS = 14;
const SURE_OBSERVATIONS = 2_000;
const FORGET_DAYS = 28;
const LEAST_IN_WINDOW = 20;
/** Over is what has been over for so long, or for the last twenty. */
const QUIET_MINUTES = 15;
const ANOTHER_STEP = 2;
const MOST_HELD = 120;

export const isWarm = (n: number, first: string, last: string): boolean =>
  n >= WARM_OBSERVATIONS || (n > 0 && daysBetween(first, last) >= WARM_DAYS);

function designOf(rule: RateRule, state: RateState, minute: string): NonNullable<RateState['design']> {
  const base = state.base!;
  const n = Math.max(1, Math.round(base.n));
  const known = rule.side === 'up' ? rule.p0 : rule.p0 === null ? null : 1 - rule.p0;
  const learned = wilson(Math.min(n, Math.round(base.x)), n).upper;
  const p0 = Math.min(MOST_RATE, known ?? Math.max(LEAST_RATE, learned));
  const wanted = rule.p1 === null ? null : rule.side === 'up' ? rule.p1 : 1 - rule.p1;
  const usual = rule.side === 'up' ? Math.max(5 * p0, p0 + 0.05) : 1 - (1 - p0) / 5;
  const p1 = Math.max(Math.min(wanted ?? usual, rule.side === 'up' ? (1 + p0) / 2 : 0.9999), p0 + 0.0001);
  const sure = daysBetween(base.first, base.last) >= SURE_DAYS && base.n >= SURE_OBSERVATIONS;
  const days = perDay(1, base.first, base.last);
  const h = sure
    ? bernoulliLimit({ p0, p1 }, rule.everyDays * base.n * days)
    : Math.log(Math.max(20, rule.everyDays * Math.max(1, state.bins) * days));
  return { p0, p1, h, method: sure ? 'cusum' : 'e-detector', day: minute.slice(0, 10), n: base.n };
}

/** Watches a rate, minute by minute: a Bernoulli CUSUM where the usual rate is well known, an e-detector before. */
export function judgeRate(rule: RateRule, about: About, before: RateState, steps: readonly Step[]): Judged<RateState> {
  const events: Event[] = [];
  let { base, held, design, s, run, open, bins } = before;
  const learn = (minute: string, n: number, x: number): void => {
    base =
      base === null ? { n, x, first: minute, last: minute } : { ...base, n: base.n + n, x: base.x + x, last: minute };
  };
  for (const { minute, bin } of steps) {
    const n = Math.max(bin.n, bin.x);
    if (n <= 0) continue;
    const x = rule.side === 'up' ? bin.x : n - bin.x;
    bins++;
    if (design === null && (base === null || !isWarm(base.n, base.first, base.last))) {
      learn(minute, n, x);
      continue;
    }
    if (
      design !== null &&
      minute.slice(0, 10) !== design.day &&
      base !== null &&
      daysBetween(base.first, base.last) > FORGET_DAYS
    ) {
      const keep = Math.exp(-1 / FORGET_DAYS);
      base = { ...base, n: base.n * keep, x: base.x * keep };
    }
    if (design === null || minute.slice(0, 10) !== design.day || base!.n >= 2 * design.n) {
      const again = designOf(rule, { ...before, base, bins }, minute);
      if (design !== null && again.method !== design.method) s = null;
      design = again;
    }
    if (design.p0 >= MOST_RATE) {
      learn(minute, n, x);
      continue;
    }
    s =
      design.method === 'cusum'
        ? bernoulliCusum(s ?? 0, x, n, design)
        : eDetector(s ?? Number.NEGATIVE_INFINITY, logRatio(x, n, design));
    const c = bernoulliCusum(run?.c ?? 0, x, n, design);
    const since = run === null || run.c === 0 ? { since: minute, n: 0, x: 0 } : run;
    run = { since: since.since, n: since.n + n, x: since.x + x, c };
    held = [...held, [minute, n, x] as const].slice(-MOST_HELD);
    if (s >= design.h) {
      const { lower, upper } = intervalOf(run);
      if (open === null || lower >= ANOTHER_STEP * open.rate) {
        events.push(raised(rule, about, run, design, base!.n, minute));
        open = { at: minute, rate: upper };
        // What raised it is not usual.
        held = held.filter(([at]) => at < run!.since);
      }
      s = null;
      run = null;
    }
    if (open !== null) {
      const within = (minutes: number) =>
        held
          .filter(([at]) => minutesBetween(at, minute) <= minutes && at > open!.at)
          .reduce<readonly [number, number]>(([a, b], [, each, hit]) => [a + each, b + hit], [0, 0]);
      const lately = within(QUIET_MINUTES);
      const [wn, wx] = lately[0] >= LEAST_IN_WINDOW ? lately : within(HOLD_MINUTES);
      if (
        wn >= LEAST_IN_WINDOW &&
        minutesBetween(open.at, minute) >= 10 &&
        wx / wn <= (design.p0 + design.p1) / 2 &&
        (s === null || s < design.h / 2)
      ) {
        events.push({ type: 'ended', minute });
        open = null;
        held = held.filter(([at]) => minutesBetween(at, minute) <= 10);
      }
    } else
      while (held.length > 0 && minutesBetween(held[0]![0], minute) > HOLD_MINUTES) {
        learn(...held[0]!);
        held = held.slice(1);
      }
  }
  return { state: { base, held, design, s: s === null || !Number.isFinite(s) ? null : s, run, open, bins }, events };
}

const intervalOf = ({ n, x }: { readonly n: number; readonly x: number }) => {
  const all = Math.max(1, Math.round(n));
  return wilson(Math.min(all, Math.round(x)), all);
};

function raised(
  rule: RateRule,
  about: About,
  run: NonNullable<RateState['run']>,
  design: NonNullable<RateState['design']>,
  learned: number,
  minute: string,
): Event {
  const hits = rule.side === 'up' ? run.x : run.n - run.x;
  const n = Math.max(1, Math.round(run.n));
  const { lower, upper } = wilson(Math.min(n, Math.round(hits)), n);
  const usual = rule.side === 'up' ? design.p0 : 1 - design.p0;
  return {
    type: 'raised',
    minute,
    since: run.since,
    severity: null,
    value: hits / run.n,
    usual,
    text: `${about.title}: ${Math.round(hits)} of ${n} (${percent(hits / run.n)}, 95 % interval ${percent(lower)} to ${percent(upper)}) since ${clockText(run.since)}; usual is at ${rule.side === 'up' ? 'most' : 'least'} ${percent(usual)}, learned from ${Math.round(learned)}. ${everyText(rule.everyDays)}`,
  };
}
