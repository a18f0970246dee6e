/** How a metric is watched. All of it may be left as it is. */
export interface WatchSettings {
  /**
   * By how many standard deviations a moment has to be beyond the strongest moment that is expected of a day. At 0.9 every fifth day
   * would have such a moment by chance: with its rest, about one alarm in six days.
   */
  readonly beyond: number;
  /** After an alarm the next one has to be stranger; until so many milliseconds later that is over. */
  readonly restMs: number;
  /** How much stranger right after it, in the same deviations; less by and by. */
  readonly again: number;
}

export const WATCH_SETTINGS: WatchSettings = { beyond: 0.9, restMs: 30 * 3_600_000, again: 3 };

/** What stood out: the last hour against the same hour before, six hours of that, or six hours against all of the last week. */
const LOOKS = ['season', 'long-season', 'level'] as const;
export type Look = (typeof LOOKS)[number];

export interface MetricAlarm {
  /** Milliseconds since 1970, of the point that raised it. */
  readonly at: number;
  readonly value: number;
  readonly look: Look;
  /** The score beside what the strongest one of a day is expected to be: 1 is a usual day. */
  readonly strangeness: number;
  /** The same in standard deviations of what is expected, wider while little is known. */
  readonly surprise: number;
  /** The mean of the hour, or of the six hours, and what it was held against. */
  readonly mean: number;
  readonly usual: number;
  /** Of a season: at so many earlier days, a week apart or a day; of a level: over so many days. */
  readonly days: number;
  readonly weekly: boolean;
}

const VERSION = 2;

/** What a watch has learned, as plain JSON of a few kilobytes; the points themselves are not in it. */
export interface MetricWatchState {
  readonly version: typeof VERSION;
  readonly perDay: number;
  readonly seen: number;
  readonly firstAt: number;
  /** Null: there was none. */
  readonly lastAlarm: number | null;
  readonly lastSurprise: number;
  readonly day: number;
  readonly looks: Readonly<Record<Look, LookState>>;
}
interface LookState {
  /** The strongest score of the day so far; null: none was possible yet. */
  readonly today: number | null;
  /** Logarithms of the strongest scores of past days, oldest first. */
  readonly past: readonly number[];
  readonly reference: { readonly until: number; readonly usual: Usual | null } | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const FEWEST_POINTS = 40;
const WARM_UP_MS = 6 * HOUR_MS;
const MEMORY_DAYS = 30;
/** Points that are looked back on at most. */
export const SEASON_POINTS = 14_000;
const MOST_SAMPLES = 300;
/** A deviation is at least this share of how far the metric swings, so that a calm one is not made of alarms. */
const SHARE: Readonly<Record<Look, number>> = { season: 0.15, 'long-season': 0.15, level: 0.2 };
/** The same on its first day, when it has not seen how far the metric swings in one. */
const FIRST_DAY_SHARE = 1;
/** What is expected of a metric before its own days say so: the strongest score of a day, */
const PRIOR: Readonly<Record<Look, number>> = { season: 3, 'long-season': 4, level: 4 };
/** how far its logarithm spreads, and how many days of its own that is worth. */
const PRIOR_SPREAD = 0.5;
const PRIOR_DAYS = 8;
/** No metric is expected to be calmer than half the prior. */
const CALMEST = Math.log(2);
/** A day teaches at most so many deviations above what was expected, and so far below the prior: one incident must not hide the next. */
const TAUGHT = 2.5;
const TAUGHT_BELOW = 1.5;
/** A young watch rests for this share of its age, but never less than the second. */
const REST_OF_AGE = 0.3;
const LEAST_REST_MS = 3 * HOUR_MS;
/** Nor does anything alarm in the first hour after an alarm: what raised it is still in the mean. */
const SILENT_MS = HOUR_MS;

interface Expected {
  readonly mean: number;
  readonly spread: number;
}

/**
 * What the logarithm of tomorrow's strongest score will be, as far as the days so far tell: the posterior predictive of a normal
 * with a prior worth eight days (Gelman et al., Bayesian Data Analysis, 3.3). Few days, or days that differ: a wide expectation.
 */
function expected(look: Look, past: readonly number[]): Expected {
  const n = past.length;
  const prior = Math.log(PRIOR[look]);
  const own = n === 0 ? prior : past.reduce((sum, each) => sum + each, 0) / n;
  const squares = past.reduce((sum, each) => sum + (each - own) ** 2, 0);
  const mean = (n * own + PRIOR_DAYS * prior) / (n + PRIOR_DAYS);
  const variance = (squares + PRIOR_DAYS * PRIOR_SPREAD ** 2) / (n + PRIOR_DAYS);
  return { mean: Math.max(mean, prior - CALMEST), spread: Math.sqrt(variance * (1 + 1 / (n + 1))) };
}

function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low]! + (sorted[Math.ceil(at)]! - sorted[low]!) * (at - low);
}
const ordered = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

interface Usual {
  readonly middle: number;
  /** Median absolute deviation, scaled to a standard deviation. */
  readonly spread: number;
  /** From the 5th to the 95th percentile. */
  readonly range: number;
}

function usualOf(values: readonly number[]): Usual {
  const sorted = ordered(values);
  const middle = quantile(sorted, 0.5);
  const spread = 1.4826 * quantile(ordered(sorted.map((value) => Math.abs(value - middle))), 0.5);
  return { middle, spread, range: quantile(sorted, 0.95) - quantile(sorted, 0.05) };
}

/** Every so many of a list, so that at most MOST_SAMPLES are left. */
function thinned(values: readonly number[], from: number, to: number): number[] {
  const step = Math.max(1, Math.floor((to - from) / MOST_SAMPLES));
  const kept: number[] = [];
  for (let i = from; i < to; i += step) if (Number.isFinite(values[i])) kept.push(values[i]!);
  return kept;
}

/**
 * Watches one metric, point by point, and raises few alarms. Each moment is scored in three ways against what is usual for this
 * metric; the strongest score of each day is remembered, and an alarm is a moment beyond the strongest one that is expected of a day.
 * So the number of false alarms follows the calendar and not the noise, however many points a day has and whatever their distribution.
 * All three look at an hour or more: a single point counts for as much as it moves the hour. Only the point and earlier ones are used.
 * Memory is bounded.
 */
export class MetricWatch {
  private times: number[] = [];
  private sums: number[] = [0];
  private smooth: number[] = [];
  private levels: number[] = [];
  private residuals: number[] = [];
  private residualSums: number[] = [0];
  private longResiduals: number[] = [];
  private perDay = 0;
  private seen = 0;
  private firstAt = 0;
  private lastAlarm = Number.NEGATIVE_INFINITY;
  private lastSurprise = 0;
  private day = -1;
  private readonly today = new Map<Look, number>();
  private readonly past = new Map<Look, number[]>(LOOKS.map((look) => [look, []]));
  /** The same for a whole day. */
  private readonly expectedToday = new Map<Look, Expected>(LOOKS.map((look) => [look, expected(look, [])]));
  private readonly references = new Map<Look, { readonly until: number; readonly usual: Usual | null }>();

  constructor(private readonly settings: WatchSettings = WATCH_SETTINGS) {}

  /** What it has learned so far; with the points of the past it goes on from there. */
  state(): MetricWatchState {
    const { perDay, seen, firstAt, lastSurprise, day } = this;
    const look = (of: Look): LookState => ({
      today: this.today.get(of) ?? null,
      past: [...this.past.get(of)!],
      reference: this.references.get(of) ?? null,
    });
    return {
      version: VERSION,
      perDay,
      seen,
      firstAt,
      lastAlarm: Number.isFinite(this.lastAlarm) ? this.lastAlarm : null,
      lastSurprise,
      day,
      looks: { season: look('season'), 'long-season': look('long-season'), level: look('level') },
    };
  }

  /** Whether this is what such a watch writes down. If not, it is from an earlier version: show the points again instead. */
  static reads(state: unknown): state is MetricWatchState {
    return typeof state === 'object' && state !== null && (state as { version?: unknown }).version === VERSION;
  }

  /**
   * Goes on where another watch stood: what that one had learned, and the newest points it was shown, oldest first, up to its last
   * one. Of points, the newest 14,000 count. Nothing is judged again, so this takes a hundredth of the time of showing them.
   */
  static from(
    state: MetricWatchState,
    points: readonly (readonly [at: number, value: number])[],
    settings: WatchSettings = WATCH_SETTINGS,
  ): MetricWatch {
    const watch = new MetricWatch(settings);
    watch.perDay = state.perDay;
    for (const [at, value] of points.slice(-SEASON_POINTS)) watch.hold(at, value);
    watch.seen = state.seen;
    watch.firstAt = state.firstAt;
    watch.lastAlarm = state.lastAlarm ?? Number.NEGATIVE_INFINITY;
    watch.lastSurprise = state.lastSurprise;
    watch.day = state.day;
    for (const look of LOOKS) {
      const { today, past, reference } = state.looks[look];
      if (today !== null) watch.today.set(look, today);
      watch.past.get(look)!.push(...past);
      watch.expectedToday.set(look, expected(look, past));
      if (reference !== null) watch.references.set(look, reference);
    }
    return watch;
  }

  /** Whether the point counts: a number, and not before the last one. */
  private hold(at: number, value: number): boolean {
    if (!Number.isFinite(value) || !Number.isFinite(at) || at < (this.times.at(-1) ?? Number.NEGATIVE_INFINITY))
      return false;
    if (this.seen === 0) this.firstAt = at;
    this.seen++;
    this.times.push(at);
    this.sums.push(this.sums.at(-1)! + value);
    if (this.perDay === 0 && this.times.length >= 20) this.perDay = this.pointsPerDay();
    this.derive();
    return true;
  }

  /** Takes the next point; `at` in milliseconds since 1970, not before the last one. A value that is no number is passed over. */
  push(at: number, value: number): MetricAlarm | null {
    if (!this.hold(at, value)) return null;
    const day = Math.floor((at - this.firstAt) / DAY_MS);
    if (day !== this.day) this.closeDay(day);
    let strangest: { look: Look; surprise: number; strangeness: number } | null = null;
    for (const [look, score] of this.scores()) {
      if (score > (this.today.get(look) ?? -1)) this.today.set(look, score);
      const { mean, spread } = this.expectedToday.get(look)!;
      const surprise = (Math.log(score) - mean) / spread;
      if (surprise > (strangest?.surprise ?? Number.NEGATIVE_INFINITY))
        strangest = { look, surprise, strangeness: score / Math.exp(mean) };
    }
    const warm = this.seen >= FEWEST_POINTS && at - this.firstAt >= WARM_UP_MS;
    if (strangest === null || !warm || strangest.surprise <= this.limit(at)) return null;
    this.lastAlarm = at;
    this.lastSurprise = strangest.surprise;
    return { at, value, ...strangest, ...this.against(strangest.look) };
  }

  /** What a moment has to be beyond: what is set, and shortly after an alarm more than that one, less by and by. */
  private limit(at: number): number {
    const { beyond, restMs, again } = this.settings;
    const since = at - this.lastAlarm;
    const rest = Math.max(LEAST_REST_MS, Math.min(restMs, REST_OF_AGE * (at - this.firstAt)));
    if (since >= rest) return beyond;
    if (since < SILENT_MS) return Number.POSITIVE_INFINITY;
    return beyond + (Math.max(0, this.lastSurprise - beyond) + again) * (1 - since / rest);
  }

  /** What the newest moment of a look is, and what it was held against. */
  private against(look: Look): Pick<MetricAlarm, 'mean' | 'usual' | 'days' | 'weekly'> {
    const i = this.times.length - 1;
    if (look === 'level') {
      const days = Math.min(7, Math.max(1, Math.round((this.times[i]! - this.times[0]!) / DAY_MS)));
      return { mean: this.levels[i]!, usual: this.references.get(look)!.usual!.middle, days, weekly: false };
    }
    const mean = look === 'season' ? this.smooth[i]! : this.mean(this.sums, i, this.longPoints());
    const away = look === 'season' ? this.residuals[i]! : this.longResiduals[i]!;
    const { before, weekly } = this.sameHour(i, this.perDay);
    return { mean, usual: mean - away, days: before.length, weekly };
  }

  private pointsPerDay(): number {
    const steps = this.times.slice(1).map((time, i) => time - this.times[i]!);
    const step = quantile(ordered(steps), 0.5);
    return Math.min(2_880, Math.max(20, Math.round(DAY_MS / Math.max(1, step))));
  }

  /** Of each day since the last one. One of which nothing could be said, because too little was known or measured, counts as calm. */
  private closeDay(day: number): void {
    const passed = this.day < 0 ? 0 : Math.min(day - this.day, MEMORY_DAYS);
    for (const look of LOOKS) {
      const { mean, spread } = this.expectedToday.get(look)!;
      const least = Math.log(PRIOR[look]) - TAUGHT_BELOW;
      const days = this.past.get(look)!;
      for (let n = 0; n < passed; n++) {
        const score = n === 0 ? (this.today.get(look) ?? 0) : 0;
        days.push(Math.min(Math.max(Math.log(score), least), mean + TAUGHT * spread));
        if (days.length > MEMORY_DAYS) days.shift();
      }
      this.expectedToday.set(look, expected(look, days));
    }
    this.day = day;
    this.today.clear();
  }

  private hourPoints = (perDay = this.perDay): number => Math.max(1, Math.floor(perDay / 24));
  private longPoints = (perDay = this.perDay): number => Math.max(6, Math.floor(perDay / 4));

  private mean(sums: readonly number[], last: number, points: number): number {
    const from = Math.max(0, last + 1 - points);
    return (sums[last + 1]! - sums[from]!) / (last + 1 - from);
  }

  /** Hourly means, means of six hours, and what is left when the same hour of earlier days is taken away. */
  private derive(): void {
    const i = this.times.length - 1;
    const perDay = this.perDay || 288;
    const long = this.longPoints(perDay);
    this.smooth.push(this.mean(this.sums, i, this.hourPoints(perDay)));
    this.levels.push(i + 1 >= long ? this.mean(this.sums, i, long) : Number.NaN);
    const { before } = this.sameHour(i, perDay);
    const residual = before.length < 2 ? Number.NaN : this.smooth[i]! - quantile(ordered(before), 0.5);
    this.residuals.push(residual);
    this.residualSums.push(this.residualSums.at(-1)! + (Number.isFinite(residual) ? residual : 0));
    this.longResiduals.push(Number.isFinite(residual) ? this.mean(this.residualSums, i, long) : Number.NaN);
    if (this.times.length > SEASON_POINTS + 2_000) this.forget(2_000);
  }

  /**
   * The hourly means at the same time of the four weeks before, or, until two weeks are known, of the seven days before. By time and not by
   * number of points, so that what was not measured for a while does not shift the hours; where nothing was measured, none.
   */
  private sameHour(i: number, perDay: number): { before: number[]; weekly: boolean } {
    const at = this.times[i]!;
    const weekly = at - this.times[0]! >= 14 * DAY_MS;
    const apart = weekly ? 7 : 1;
    const step = DAY_MS / perDay;
    const before: number[] = [];
    for (let n = 1; n <= (weekly ? 4 : 7); n++) {
      const wanted = at - n * apart * DAY_MS;
      if (wanted < this.times[0]! - step) break;
      const found = this.nearest(wanted, i - n * apart * perDay);
      if (Math.abs(this.times[found]! - wanted) <= 1.5 * step) before.push(this.smooth[found]!);
    }
    return { before, weekly };
  }

  /** Of the points held, the one nearest to a time; `guess` is looked at first. */
  private nearest(wanted: number, guess: number): number {
    if (this.times[guess] === wanted) return guess;
    let low = 0;
    let high = this.times.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.times[middle]! <= wanted) low = middle;
      else high = middle;
    }
    return wanted - this.times[low]! <= this.times[high]! - wanted ? low : high;
  }

  private forget(points: number): void {
    for (const list of [this.times, this.smooth, this.levels, this.residuals, this.longResiduals])
      list.splice(0, points);
    for (const sums of [this.sums, this.residualSums]) {
      sums.splice(0, points);
      const base = sums[0]!;
      for (let i = 0; i < sums.length; i++) sums[i]! -= base;
    }
    this.references.clear();
  }

  /** What is usual for a look, worked out anew every half hour of points. */
  private usual(look: Look, values: readonly number[], from: number, to: number): Usual | null {
    const known = this.references.get(look);
    if (known !== undefined && this.seen < known.until) return known.usual;
    const sample = thinned(values, Math.max(0, from), to);
    const usual = sample.length < 20 ? null : usualOf(sample);
    this.references.set(look, { until: this.seen + Math.max(1, Math.floor(this.perDay / 48)), usual });
    return usual;
  }

  private scores(): [Look, number][] {
    const i = this.times.length - 1;
    const perDay = this.perDay;
    if (perDay === 0) return [];
    const long = this.longPoints();
    const of: readonly (readonly [Look, readonly number[], number, number])[] = [
      ['season', this.residuals, i - 7 * perDay, i - this.hourPoints()],
      ['long-season', this.longResiduals, i - 14 * perDay, i - long + 1],
      ['level', this.levels, i - long - 7 * perDay, i - long],
    ];
    const found: [Look, number][] = [];
    for (const [look, values, from, to] of of) {
      const value = values[i]!;
      if (!Number.isFinite(value) || to < 20) continue;
      const usual = this.usual(look, values, from, to);
      if (usual === null) continue;
      const share = this.day === 0 ? FIRST_DAY_SHARE : SHARE[look];
      const least = 1e-9 * (Math.abs(usual.middle) + Math.abs(this.smooth[i]!)) + 1e-12;
      found.push([look, Math.abs(value - usual.middle) / Math.max(usual.spread, share * usual.range, least)]);
    }
    return found;
  }
}
