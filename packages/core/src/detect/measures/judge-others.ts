import type { MetricAlarm } from '../../statistics/index.ts';
import { cusumRunLength, jensenShannon, ksOfCounts, nullBand, Sketch, smoothed } from '../../statistics/index.ts';
import { aspectOf, Bin } from './bins.ts';
import { isWarm, WARM_OBSERVATIONS } from './judge-rate.ts';
import {
  type About,
  clockText,
  type Event,
  everyText,
  type Judged,
  minutesBetween,
  percent,
  perDay,
  type Step,
  valueText,
} from './judging.ts';
import type { Rule } from './rules.ts';

type Of<K extends Rule['kind']> = Extract<Rule, { kind: K }>;

export interface BudgetState {
  readonly period: string | null;
  readonly sum: number;
  readonly told: boolean;
}
export const BUDGET_START: BudgetState = { period: null, sum: 0, told: false };

/** A hard limit of a sum in a clock hour or day, UTC: told once in each. */
export function judgeBudget(
  rule: Of<'budget'>,
  about: About,
  before: BudgetState,
  steps: readonly Step[],
): Judged<BudgetState> {
  const events: Event[] = [];
  let { period, sum, told } = before;
  for (const { minute, bin } of steps) {
    const here = minute.slice(0, rule.per === 'hour' ? 13 : 10);
    if (here !== period) {
      if (told) events.push({ type: 'ended', minute });
      [period, sum, told] = [here, 0, false];
    }
    sum = about.kind === 'level' ? Math.max(sum, bin.high ?? sum) : sum + bin.sum;
    if (sum <= rule.limit || told) continue;
    told = true;
    events.push({
      type: 'raised',
      minute,
      since: minute,
      severity: null,
      value: sum,
      usual: rule.limit,
      text: `${about.title}: ${valueText(about, sum)} in this ${rule.per}, by ${clockText(minute)}; the budget is ${valueText(about, rule.limit)}.`,
    });
  }
  return { state: { period, sum, told }, events };
}

export interface MeanState {
  readonly n: number;
  readonly mean: number;
  readonly m2: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly held: readonly (readonly [string, number])[];
  readonly high: number;
  readonly low: number;
  readonly since: string | null;
  readonly open: string | null;
  readonly h: number | null;
  readonly day: string;
}
export const MEAN_START: MeanState = {
  n: 0,
  mean: 0,
  m2: 0,
  first: null,
  last: null,
  held: [],
  high: 0,
  low: 0,
  since: null,
  open: null,
  h: null,
  day: '',
};

const ALLOWANCE = 0.5;
const HOLD_MINUTES = 60;
const LEAST_BINS = 60;

/** The h at which a two-sided tabular CUSUM of independent values is wrong once in so many of them. */
function meanLimit(values: number): number {
  let [low, high] = [1, 18];
  for (let i = 0; i < 16; i++) {
    const middle = (low + high) / 2;
    if (cusumRunLength(ALLOWANCE, middle, 0) < values) low = middle;
    else high = middle;
  }
  return high;
}

/** Tabular CUSUM of (x − mean) / deviation, both learned (Page 1954): finds a small lasting move. */
export function judgeMean(
  rule: Of<'mean'>,
  about: About,
  before: MeanState,
  steps: readonly Step[],
): Judged<MeanState> {
  const events: Event[] = [];
  let { n, mean, m2, first, last, held, high, low, since, open, h, day } = before;
  const learn = (minute: string, value: number): void => {
    n++;
    const off = value - mean;
    mean += off / n;
    m2 += off * (value - mean);
    first ??= minute;
    last = minute;
  };
  for (const { minute, bin } of steps) {
    const value = aspectOf(bin, rule.aspect);
    if (value === null) continue;
    if (h === null && !(n >= LEAST_BINS && isWarm(n * Math.max(1, bin.n), first!, last!))) {
      learn(minute, value);
      continue;
    }
    if (h === null || minute.slice(0, 10) !== day) {
      h = meanLimit(rule.everyDays * perDay(n, first!, minute));
      day = minute.slice(0, 10);
    }
    const deviation = Math.max(Math.sqrt(m2 / Math.max(1, n - 1)), 0.05 * Math.abs(mean), 1e-12);
    const z = Math.min(8, Math.max(-8, (value - mean) / deviation));
    high = Math.max(0, high + z - ALLOWANCE);
    low = Math.max(0, low - z - ALLOWANCE);
    since = high === 0 && low === 0 ? null : (since ?? minute);
    held = [...held, [minute, value] as const];
    if (high >= h || low >= h) {
      if (open === null)
        events.push({
          type: 'raised',
          minute,
          since: since ?? minute,
          severity: null,
          value,
          usual: mean,
          text: `${about.title}: ${valueText(about, value)}, ${high >= h ? 'above' : 'below'} the usual ${valueText(about, mean)} (deviation ${valueText(about, deviation)}) since about ${clockText(since ?? minute)}. ${everyText(rule.everyDays)} That holds if one minute does not depend on the one before.`,
        });
      open ??= minute;
      [high, low, since, held] = [0, 0, null, []];
    }
    if (open !== null && minutesBetween(open, minute) >= 10) {
      const lately = held.filter(([at]) => minutesBetween(at, minute) <= 15).map(([, each]) => each);
      const middle = lately.reduce((sum, each) => sum + each, 0) / Math.max(1, lately.length);
      if (lately.length >= 5 && Math.abs(middle - mean) <= deviation) {
        events.push({ type: 'ended', minute });
        open = null;
      }
    }
    while (held.length > 0 && minutesBetween(held[0]![0], minute) > HOLD_MINUTES) {
      if (open === null) learn(...held[0]!);
      held = held.slice(1);
    }
  }
  return { state: { n, mean, m2, first, last, held, high, low, since, open, h, day }, events };
}

export interface ShapeState {
  readonly first: string | null;
  readonly seen: number;
  /** What is usual: a sketch of values, or blocks of categories. */
  readonly sketch: string | null;
  readonly blocks: readonly Readonly<Record<string, number>>[];
  /** Blocks that are compared with them next. */
  readonly recent: readonly Readonly<Record<string, number>>[];
  readonly now: {
    readonly since: string;
    readonly n: number;
    readonly sketch: string | null;
    readonly parts: Readonly<Record<string, number>> | null;
  } | null;
  readonly inRow: number;
  readonly open: string | null;
}
export const SHAPE_START: ShapeState = {
  first: null,
  seen: 0,
  sketch: null,
  blocks: [],
  recent: [],
  now: null,
  inRow: 0,
  open: null,
};

const WINDOW = 200;
const BLOCK = 50;
const MOST_BLOCKS = 64;
const FEWEST_BLOCKS = 20;
const TAKEN = WINDOW / BLOCK;

/** Compares each 200 observations with what is usual: values by Kolmogorov-Smirnov, categories by Jensen-Shannon and its band. */
export function judgeShape(
  rule: Of<'shape'>,
  about: About,
  before: ShapeState,
  steps: readonly Step[],
): Judged<ShapeState> {
  const events: Event[] = [];
  let state = before;
  for (const { minute, bin } of steps) {
    if (bin.n <= 0) continue;
    const now = new Bin();
    if (state.now !== null) now.add({ ...state.now, x: 0, sum: 0, low: null, high: null });
    now.add({ ...bin, x: 0, sum: 0, low: null, high: null });
    const { n, sketch, parts } = now.data();
    state = {
      ...state,
      first: state.first ?? minute,
      seen: state.seen + bin.n,
      now: { since: state.now?.since ?? minute, n, sketch, parts },
    };
    if (n < (about.kind === 'mix' ? BLOCK : WINDOW)) continue;
    const step = about.kind === 'mix' ? stepMix(rule, about, state, minute) : stepValues(rule, about, state, minute);
    state = step.state;
    events.push(...step.events);
  }
  return { state, events };
}

const ended = (state: ShapeState, minute: string): Event[] => (state.open === null ? [] : [{ type: 'ended', minute }]);

function stepValues(rule: Of<'shape'>, about: About, state: ShapeState, minute: string): Judged<ShapeState> {
  const { now } = state;
  const usual = state.sketch === null ? new Sketch() : Sketch.fromText(state.sketch);
  const current = Sketch.fromText(now!.sketch ?? '0');
  const merged = (): string => {
    // What is old counts for less: at most fifty windows' worth is remembered.
    const all = new Sketch();
    const keep = Math.min(1, (50 * WINDOW) / Math.max(1, usual.count));
    for (const [index, count] of usual.entries())
      all.add(index === Number.NEGATIVE_INFINITY ? 0 : Sketch.valueOf(index), count * keep);
    all.merge(current);
    return all.toText();
  };
  const done = { ...state, now: null };
  if (usual.count < WARM_OBSERVATIONS) return { state: { ...done, sketch: merged() }, events: [] };
  const places = [...new Set([...usual.entries(), ...current.entries()].map(([index]) => index))].sort((a, b) => a - b);
  const counts = (of: Sketch): number[] => {
    const held = new Map(of.entries());
    return places.map((index) => held.get(index) ?? 0);
  };
  const { d, p } = ksOfCounts(counts(usual), counts(current));
  const windows = rule.everyDays * Math.max(1, perDay(state.seen / WINDOW, state.first!, minute));
  if (p > 1 / windows) return { state: { ...done, sketch: merged(), open: null }, events: ended(state, minute) };
  if (state.open !== null) return { state: done, events: [] };
  const [a, b] = [usual.quantile(0.5)!, current.quantile(0.5)!];
  return {
    state: { ...done, open: minute },
    events: [
      {
        type: 'raised',
        minute,
        since: now!.since,
        severity: null,
        value: b,
        usual: a,
        text: `${about.title}: the last ${Math.round(now!.n)} are spread otherwise than usual (Kolmogorov-Smirnov distance ${d.toFixed(2)}, p ${p.toExponential(1)}); the middle is ${valueText(about, b)}, usually ${valueText(about, a)}. ${everyText(rule.everyDays)}`,
      },
    ],
  };
}

function stepMix(rule: Of<'shape'>, about: About, state: ShapeState, minute: string): Judged<ShapeState> {
  const recent = [...state.recent, state.now!.parts ?? {}];
  const done = { ...state, now: null, recent };
  if (recent.length < TAKEN) return { state: done, events: [] };
  if (state.blocks.length < FEWEST_BLOCKS)
    return { state: { ...done, blocks: [...state.blocks, ...recent], recent: [] }, events: [] };
  const names = [...new Set([...state.blocks, ...recent].flatMap((each) => Object.keys(each)))].sort();
  const rowsOf = (blocks: ShapeState['blocks']) => blocks.map((each) => names.map((name) => each[name] ?? 0));
  const sum = (of: readonly (readonly number[])[]): number[] =>
    names.map((_, k) => of.reduce((all, row) => all + row[k]!, 0));
  const [usual, current] = [sum(rowsOf(state.blocks)), sum(rowsOf(recent))];
  const distance = jensenShannon(smoothed(usual), smoothed(current));
  const band = nullBand(rowsOf(state.blocks), TAKEN);
  if (distance <= band.at(-1)!) {
    const blocks = [...state.blocks, ...recent].slice(-MOST_BLOCKS);
    return { state: { ...done, blocks, recent: [], inRow: 0, open: null }, events: ended(state, minute) };
  }
  // What lies beyond the band is not learned. Once beyond it by chance is one window in 201; so many in a row are rarer.
  const inRow = state.inRow + 1;
  const windows = rule.everyDays * Math.max(1, perDay(state.seen / WINDOW, state.first!, minute));
  const needed = Math.max(2, Math.ceil(Math.log(windows) / Math.log(band.length + 1)));
  const next = { ...done, recent: [], inRow };
  if (inRow < needed || state.open !== null) return { state: next, events: [] };
  const of = (counts: readonly number[], k: number): number =>
    counts[k]! /
    Math.max(
      1,
      counts.reduce((all, each) => all + each, 0),
    );
  const moved = names
    .map((name, k) => ({ name, from: of(usual, k), to: of(current, k) }))
    .sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from))[0]!;
  return {
    state: { ...next, open: minute },
    events: [
      {
        type: 'raised',
        minute,
        since: state.now!.since,
        severity: null,
        value: distance,
        usual: null,
        text: `${about.title}: the shares are not the usual ones. “${moved.name}” is ${percent(moved.to)} of the last ${Math.round(current.reduce((all, each) => all + each, 0))}, usually ${percent(moved.from)}. Jensen-Shannon distance ${distance.toFixed(3)}, ${needed} times in a row beyond every one of 200 random splits of what is usual. ${everyText(rule.everyDays)}`,
      },
    ],
  };
}

const WEEKDAYS = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'] as const;

/** Of a watch over the season: what it was, what it was held against, and how strange that is. */
export function seasonText(about: About, alarm: MetricAlarm, minute: string): string {
  const { look, mean, usual, days, weekly, strangeness } = alarm;
  const span = look === 'season' ? 'the hour' : 'the six hours';
  const weekday = WEEKDAYS[new Date(`${minute}:00Z`).getUTCDay()]!;
  const against =
    look === 'level'
      ? `six hours of the last ${days === 1 ? 'day' : `${days} days`} mostly had ${valueText(about, usual)}`
      : `the ${days} ${weekly ? weekday : 'days'} before had ${valueText(about, usual)} at this time`;
  return `${about.title}: ${valueText(about, mean)} in ${span} to ${clockText(minute)}, where ${against}. That is ${strangeness.toFixed(1)} times as far off as the strangest moment of a usual day.`;
}
