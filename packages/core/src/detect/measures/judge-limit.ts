import { bernoulliCusum, bernoulliLimit, binomialTail, Sketch } from '../../statistics/index.ts';
import { aspectOf, Bin, usualAspect } from './bins.ts';
import {
  type About,
  clockText,
  type Event,
  everyText,
  type Judged,
  minutesBetween,
  perDay,
  type Step,
  valueText,
} from './judging.ts';
import type { Rule } from './rules.ts';

type LimitRule = Extract<Rule, { kind: 'limit' }>;

interface StepState {
  readonly s: number;
  readonly since: string | null;
  readonly open: string | null;
}
export interface LimitState {
  readonly first: string | null;
  readonly seen: number;
  readonly design: { readonly h: readonly number[]; readonly day: string; readonly n: number } | null;
  readonly steps: readonly StepState[];
  /** The last minutes: observations, and how many beyond each limit. */
  readonly recent: readonly (readonly [minute: string, n: number, beyond: readonly number[]])[];
}

export const LIMIT_START: LimitState = { first: null, seen: 0, design: null, steps: [], recent: [] };

/** A page stands on at least so many: below, the percentile is provisional. */
const FEWEST = 20;
const WINDOW_MINUTES = 15;
const MOST_RECENT = 240;
/** An alarm is as grave as the last minutes show it: by chance this seldom, were the truth exactly at the graver limit. */
const AS_GRAVE = 0.05;
/** The same of an alarm that goes on and gets worse, which is looked at every minute. */
const WORSE = 0.001;
/** It is over when clearly fewer lie beyond the limit than may. */
const OVER = 0.8;

/** The share that may lie beyond the limit, and the smallest one worth an alarm. */
function sharesOf(rule: LimitRule, limit: number, rate: boolean): { p0: number; p1: number } {
  const p0 = rate ? (rule.side === 'below' ? 1 - limit : limit) : rule.side === 'below' ? rule.share : 1 - rule.share;
  const inside = Math.min(0.99, Math.max(0.002, p0));
  return { p0: inside, p1: inside <= 0.25 ? 2 * inside : inside + (1 - inside) * 0.2 };
}

/** Observations of a bin, and how many lie beyond a limit. */
function beyondOf(rule: LimitRule, { kind }: About, { bin }: Step): { n: number; beyond: number[] } {
  if (kind === 'rate') {
    const n = Math.max(bin.n, bin.x);
    return { n, beyond: rule.steps.map(() => (rule.side === 'below' ? n - bin.x : bin.x)) };
  }
  if (kind === 'spread' && bin.sketch !== null) {
    const sketch = Sketch.fromText(bin.sketch);
    const n = sketch.count;
    return {
      n,
      beyond: rule.steps.map(({ limit }) => (rule.side === 'above' ? sketch.above(limit) : n - sketch.above(limit))),
    };
  }
  const value = aspectOf(bin, usualAspect(kind));
  if (value === null) return { n: 0, beyond: rule.steps.map(() => 0) };
  return {
    n: 1,
    beyond: rule.steps.map(({ limit }) => ((rule.side === 'above' ? value > limit : value < limit) ? 1 : 0)),
  };
}

/**
 * Watches limits: whether a percentile is beyond one is whether more than its share of values are, which a Bernoulli CUSUM
 * tells with a known rate of false alarms. It has to have gathered enough, and the last minutes have to show it as well.
 */
export function judgeLimit(
  rule: LimitRule,
  about: About,
  before: LimitState,
  steps: readonly Step[],
): Judged<LimitState> {
  const events: Event[] = [];
  const shares = rule.steps.map(({ limit }) => sharesOf(rule, limit, about.kind === 'rate'));
  let { first, seen, design, recent } = before;
  const states = rule.steps.map((_, i): StepState => before.steps[i] ?? { s: 0, since: null, open: null });
  const bins = new Map<string, Step['bin']>(steps.map(({ minute, bin }) => [minute, bin]));
  for (const step of steps) {
    const { minute } = step;
    const { n, beyond } = beyondOf(rule, about, step);
    if (n <= 0) continue;
    first ??= minute;
    seen += n;
    if (design === null || minute.slice(0, 10) !== design.day || seen >= 2 * design.n) {
      const outcomes = rule.everyDays * Math.max(FEWEST, perDay(seen, first, minute));
      design = { h: shares.map((rates) => bernoulliLimit(rates, outcomes)), day: minute.slice(0, 10), n: seen };
    }
    recent = [...recent, [minute, n, beyond] as const].slice(-MOST_RECENT);
    const window = windowOf(recent, minute);
    const wn = window.reduce((sum, [, each]) => sum + each, 0);
    let told = false;
    const countIn = (i: number): number => window.reduce((sum, [, , each]) => sum + each[i]!, 0);
    const shows = (i: number, chance: number): boolean => {
      const [wx, { p0 }] = [countIn(i), shares[i]!];
      return wn >= FEWEST && wx / wn > p0 && binomialTail(Math.round(wx), Math.round(wn), p0) <= chance;
    };
    const raise = (i: number, since: string): void => {
      events.push(raised(rule, about, i, { since, minute, wn, wx: countIn(i) }, window, bins, shares[i]!.p0));
      states[i] = { s: states[i]!.s, since: states[i]!.since, open: minute };
      told = true;
    };
    // The gravest first, so that one alarm is told where several limits are passed.
    for (const i of graveOrder(rule)) {
      const wx = countIn(i);
      const state = states[i]!;
      const s = bernoulliCusum(state.s, beyond[i]!, n, shares[i]!);
      const since = s === 0 ? null : (state.since ?? minute);
      let open = state.open;
      if (s >= design.h[i]! && wn >= FEWEST && wx / wn > shares[i]!.p0) {
        if (open === null && !told) raise(graver(rule, i).find((each) => shows(each, AS_GRAVE)) ?? i, since ?? minute);
        open ??= minute;
        told = true;
        states[i] = { s: 0, since: null, open };
        continue;
      }
      if (
        open !== null &&
        wn >= FEWEST &&
        minutesBetween(open, minute) >= WINDOW_MINUTES &&
        wx / wn <= OVER * shares[i]!.p0
      ) {
        open = null;
        if (states.every((other, at) => at === i || other.open === null)) events.push({ type: 'ended', minute });
      }
      if (open !== null) told = true;
      states[i] = { s: Math.min(s, 2 * design.h[i]!), since, open };
    }
    const open = graveOrder(rule).find((i) => states[i]!.open !== null);
    if (open === undefined || states[open]!.open === minute) continue;
    const worse = graver(rule, open).find((i) => shows(i, WORSE));
    if (worse !== undefined) raise(worse, states[worse]!.since ?? minute);
  }
  return { state: { first, seen, design, steps: states, recent }, events };
}

const graveOrder = (rule: LimitRule): number[] =>
  rule.steps.map((_, i) => i).sort((a, b) => (rule.steps[a]!.severity ?? 5) - (rule.steps[b]!.severity ?? 5));

/** The limits that are graver than one, the gravest first; what names no severity is graver than nothing. */
const graver = (rule: LimitRule, than: number): number[] => {
  const severity = (i: number): number => rule.steps[i]!.severity ?? 5;
  return graveOrder(rule).filter((i) => severity(i) < severity(than));
};

/** The last quarter of an hour, or further back until there are enough. */
function windowOf(recent: LimitState['recent'], minute: string): LimitState['recent'] {
  let n = 0;
  let from = recent.length;
  while (from > 0 && (n < FEWEST || minutesBetween(recent[from - 1]![0], minute) < WINDOW_MINUTES))
    n += recent[--from]![1];
  return recent.slice(from);
}

function raised(
  rule: LimitRule,
  about: About,
  i: number,
  now: { since: string; minute: string; wn: number; wx: number },
  window: LimitState['recent'],
  bins: ReadonlyMap<string, Step['bin']>,
  p0: number,
): Event {
  const { limit, severity } = rule.steps[i]!;
  const n = Math.round(now.wn);
  const x = Math.round(now.wx);
  const together = new Bin();
  for (const [minute] of window) {
    const bin = bins.get(minute);
    if (bin !== undefined) together.add(bin);
  }
  const rate = about.kind === 'rate';
  const value = rate
    ? rule.side === 'below'
      ? 1 - now.wx / now.wn
      : now.wx / now.wn
    : (together.sketch?.quantile(rule.share) ?? null);
  const what = rate
    ? `${about.title}: ${valueText(about, value!)} of the last ${n}, ${rule.side} ${valueText(about, limit)}`
    : `${about.title}: ${x} of the last ${n} were ${rule.side} ${valueText(about, limit)}${value === null ? '' : ` (percentile ${Math.round(100 * rule.share)}: ${valueText(about, value)})`}; ${Math.round(100 * p0)} in 100 may be`;
  return {
    type: 'raised',
    minute: now.minute,
    since: now.since,
    severity,
    value,
    usual: limit,
    text: `${what}. By chance alone: ${Number(binomialTail(x, n, p0).toPrecision(2))}. It began about ${clockText(now.since)}. ${everyText(rule.everyDays)}`,
  };
}
