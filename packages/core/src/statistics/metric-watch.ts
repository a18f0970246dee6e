/** How a metric is watched. All of it may be left as it is. */
export interface WatchSettings {
  /**
   * Of the days of a month, so many times the root of their number may hold something as strange as an alarm: more finds more and
   * cries wolf more often. A root, so that what has long been known is believed less easily to be strange.
   */
  readonly budget: number;
  /** By how much a moment has to stand out from those, as a factor. */
  readonly clear: number;
  /** No second alarm for so long, milliseconds, */
  readonly restMs: number;
  /** but for what is so many times as strange as the last one, an hour after it. */
  readonly again: number;
}

export const WATCH_SETTINGS: WatchSettings = { budget: 2, clear: 1.2, restMs: 30 * 3_600_000, again: 3 };

/** What stood out: a moment, the last hour, the hour against the same hour before, or six hours of that. */
const LOOKS = ['spike', 'level', 'season', 'long-season'] as const;
export type Look = (typeof LOOKS)[number];

export interface MetricAlarm {
  /** Milliseconds since 1970, of the point that raised it. */
  readonly at: number;
  readonly value: number;
  readonly look: Look;
  /** How far beyond what is usual for this metric: 1 is a usual strangest moment of a day. */
  readonly strangeness: number;
}

/** What a watch has learned, as plain JSON of a few kilobytes; the points themselves are not in it. */
export interface MetricWatchState {
  readonly perDay: number;
  readonly seen: number;
  readonly firstAt: number;
  /** Null: there was none. */
  readonly lastAlarm: number | null;
  readonly lastStrangeness: number;
  readonly day: number;
  readonly limitToday: number;
  readonly strangestToday: number;
  readonly pastStrangest: readonly number[];
  readonly looks: Readonly<Record<Look, LookState>>;
}
interface LookState {
  readonly today: number;
  readonly usual: number | null;
  readonly past: readonly number[];
  readonly grown: readonly { readonly at: number; readonly score: number }[];
  readonly reference: { readonly until: number; readonly usual: Usual | null } | null;
}

const DAY_MS = 86_400_000;
const FEWEST_POINTS = 200;
const WARM_UP_MS = DAY_MS / 2;
const MEMORY_DAYS = 30;
/** Points that are looked back on at most. */
export const SEASON_POINTS = 14_000;
const MOST_SAMPLES = 300;
const SWING_POINTS = 2_000;
/** What a usual strangest moment of a day scores at least, so that a calm metric is not made of alarms. */
const FLOOR: Readonly<Record<Look, number>> = { spike: 5, level: 4, season: 3, 'long-season': 4 };
/** Of the strangest moments of the days, the share that is usual. */
const USUAL = 0.6;
const HOUR_MS = 3_600_000;
/** Until a day is over: so many times the floor is usual, or what was strange more than an hour ago. */
const FIRST_DAY = 2;
/** A day teaches at most so many times what was usual, and counts for at most so much: one incident must not hide the next. */
const TAUGHT = 3;
const MOST_STRANGE = 2;
/** Strangest moments of days as other metrics have them, for as long as there are few of its own. */
const OTHERS: readonly number[] = [1.8, 1.4, 1.2];

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
 * Watches one metric, point by point, and raises few alarms: each moment is scored in four ways against what is usual for this
 * metric, and only one that stands out among the strangest moments of the past month is an alarm. So the number of false
 * alarms follows the calendar and not the noise. Only the point and earlier ones are used. Memory is bounded.
 */
export class MetricWatch {
  private times: number[] = [];
  private values: number[] = [];
  private sums: number[] = [0];
  private smooth: number[] = [];
  private blocks: number[] = [];
  private residuals: number[] = [];
  private residualSums: number[] = [0];
  private longResiduals: number[] = [];
  private perDay = 0;
  private seen = 0;
  private firstAt = 0;
  private lastAlarm = Number.NEGATIVE_INFINITY;
  private lastStrangeness = 0;
  private day = -1;
  private readonly today = new Map<Look, number>();
  /** Of the first day: the strangest score so far of each look, each time it grew. */
  private readonly grown = new Map<Look, { readonly at: number; readonly score: number }[]>(
    LOOKS.map((look) => [look, []]),
  );
  /** What is usual for each look, and what an alarm is beyond: the same for a whole day. */
  private usualToday: ReadonlyMap<Look, number> | null = null;
  private limitToday = 1;
  private strangestToday = 0;
  /** The strangest score of each past day, by look, and over all; oldest first. */
  private readonly past = new Map<Look, number[]>(LOOKS.map((look) => [look, []]));
  private readonly pastStrangest: number[] = [];
  private readonly references = new Map<Look, { readonly until: number; readonly usual: Usual | null }>();

  constructor(private readonly settings: WatchSettings = WATCH_SETTINGS) {}

  /** What it has learned so far; with the points of the past it goes on from there. */
  state(): MetricWatchState {
    const { perDay, seen, firstAt, lastStrangeness, day, limitToday, strangestToday } = this;
    const look = (of: Look): LookState => ({
      today: this.today.get(of) ?? 0,
      usual: this.usualToday?.get(of) ?? null,
      past: [...this.past.get(of)!],
      grown: [...(this.grown.get(of) ?? [])],
      reference: this.references.get(of) ?? null,
    });
    return {
      perDay,
      seen,
      firstAt,
      lastAlarm: Number.isFinite(this.lastAlarm) ? this.lastAlarm : null,
      lastStrangeness,
      day,
      limitToday,
      strangestToday,
      pastStrangest: [...this.pastStrangest],
      looks: {
        spike: look('spike'),
        level: look('level'),
        season: look('season'),
        'long-season': look('long-season'),
      },
    };
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
    watch.lastStrangeness = state.lastStrangeness;
    watch.day = state.day;
    watch.limitToday = state.limitToday;
    watch.strangestToday = state.strangestToday;
    watch.pastStrangest.push(...state.pastStrangest);
    const usual = new Map<Look, number>();
    for (const look of LOOKS) {
      const held = state.looks[look];
      watch.today.set(look, held.today);
      if (held.usual !== null) usual.set(look, held.usual);
      watch.past.get(look)!.push(...held.past);
      watch.grown.set(look, [...held.grown]);
      if (held.reference !== null) watch.references.set(look, held.reference);
    }
    if (usual.size > 0) watch.usualToday = usual;
    return watch;
  }

  /** Whether the point counts: a number, and not before the last one. */
  private hold(at: number, value: number): boolean {
    if (!Number.isFinite(value) || !Number.isFinite(at) || at < (this.times.at(-1) ?? Number.NEGATIVE_INFINITY))
      return false;
    if (this.seen === 0) this.firstAt = at;
    this.seen++;
    this.times.push(at);
    this.values.push(value);
    this.sums.push(this.sums.at(-1)! + value);
    if (this.perDay === 0 && this.values.length >= 20) this.perDay = this.pointsPerDay();
    this.derive();
    return true;
  }

  /** Takes the next point; `at` in milliseconds since 1970, not before the last one. A value that is no number is passed over. */
  push(at: number, value: number): MetricAlarm | null {
    if (!this.hold(at, value)) return null;
    const day = Math.floor((at - this.firstAt) / DAY_MS);
    if (day !== this.day) this.closeDay(day);
    const scores = this.scores();
    let best: { look: Look; strangeness: number } | null = null;
    for (const [look, score] of scores) {
      const usual = this.usualToday?.get(look) ?? this.usualOfFirstDay(look, score, at);
      if (score > (this.today.get(look) ?? 0)) this.today.set(look, score);
      const strangeness = score / usual;
      if (best === null || strangeness > best.strangeness) best = { look, strangeness };
    }
    if (best === null) return null;
    if (best.strangeness > this.strangestToday) this.strangestToday = best.strangeness;
    const warm = this.seen >= FEWEST_POINTS && at - this.firstAt >= WARM_UP_MS;
    if (!warm || best.strangeness <= this.limitToday) return null;
    const since = at - this.lastAlarm;
    const stronger = since > HOUR_MS && best.strangeness >= this.settings.again * this.lastStrangeness;
    if (since < this.settings.restMs && !stronger) return null;
    this.lastAlarm = at;
    this.lastStrangeness = best.strangeness;
    return { at, value, ...best };
  }

  private usualOfFirstDay(look: Look, score: number, at: number): number {
    const grown = this.grown.get(look)!;
    // Of what is more than an hour old, the last says it all.
    while (grown.length > 1 && grown[1]!.at <= at - HOUR_MS) grown.shift();
    const before = grown.findLast((each) => each.at <= at - HOUR_MS)?.score ?? 0;
    if (score > (grown.at(-1)?.score ?? 0)) grown.push({ at, score });
    return Math.max(FIRST_DAY * FLOOR[look], before);
  }

  private pointsPerDay(): number {
    const steps = this.times.slice(1).map((time, i) => time - this.times[i]!);
    const step = quantile(ordered(steps), 0.5);
    return Math.min(2_880, Math.max(20, Math.round(DAY_MS / Math.max(1, step))));
  }

  private closeDay(day: number): void {
    if (this.day >= 0) {
      for (const look of LOOKS) {
        const days = this.past.get(look)!;
        const usual = this.usualToday?.get(look) ?? 2 * FIRST_DAY * FLOOR[look];
        days.push(Math.min(this.today.get(look) ?? 0, TAUGHT * usual));
        if (days.length > MEMORY_DAYS) days.shift();
      }
      this.pastStrangest.push(Math.min(this.strangestToday, MOST_STRANGE));
      if (this.pastStrangest.length > MEMORY_DAYS) this.pastStrangest.shift();
      this.usualToday = new Map(
        LOOKS.map((look) => [look, Math.max(FLOOR[look], quantile(ordered(this.past.get(look)!), USUAL))]),
      );
      this.grown.clear();
    }
    this.limitToday = this.limit();
    this.day = day;
    this.today.clear();
    this.strangestToday = 0;
  }

  /** What a moment has to be beyond: the strangest of past days, but for those the budget gives away. */
  private limit(): number {
    const days = [...this.pastStrangest, ...OTHERS].sort((a, b) => b - a);
    const given = Math.max(1, Math.round(this.settings.budget * Math.sqrt(days.length)));
    return Math.max(1, this.settings.clear * days[Math.min(given, days.length) - 1]!);
  }

  private mean(sums: readonly number[], last: number, points: number): number {
    const from = Math.max(0, last + 1 - points);
    return (sums[last + 1]! - sums[from]!) / (last + 1 - from);
  }

  /** Hourly means, block means, and what is left when the same hour of earlier days is taken away. */
  private derive(): void {
    const i = this.values.length - 1;
    const perDay = this.perDay || 288;
    this.smooth.push(this.mean(this.sums, i, Math.max(1, Math.floor(perDay / 24))));
    const block = Math.max(6, Math.floor(perDay / 24));
    this.blocks.push(i >= block ? this.mean(this.sums, i, block) : Number.NaN);
    const before = this.sameHour(i, perDay);
    const residual = before.length < 2 ? Number.NaN : this.smooth[i]! - quantile(ordered(before), 0.5);
    this.residuals.push(residual);
    this.residualSums.push(this.residualSums.at(-1)! + (Number.isFinite(residual) ? residual : 0));
    const long = Math.max(6, Math.floor(perDay / 4));
    this.longResiduals.push(Number.isFinite(residual) ? this.mean(this.residualSums, i, long) : Number.NaN);
    if (this.values.length > SEASON_POINTS + 2_000) this.forget(2_000);
  }

  /**
   * The hourly means at the same time of the four weeks before, or, until two weeks are known, of the seven days before. By time and not by
   * number of points, so that what was not measured for a while does not shift the hours; where nothing was measured, none.
   */
  private sameHour(i: number, perDay: number): number[] {
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
    return before;
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
    for (const list of [this.times, this.values, this.smooth, this.blocks, this.residuals, this.longResiduals])
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
    const narrow = sample.length < 20 ? null : usualOf(sample);
    // A moment is held against how far the metric swings over days, not only lately.
    const usual =
      narrow === null || look !== 'spike'
        ? narrow
        : { ...narrow, range: usualOf(thinned(values, Math.max(0, to - SWING_POINTS), to)).range };
    this.references.set(look, { until: this.seen + Math.max(1, Math.floor(this.perDay / 48)), usual });
    return usual;
  }

  private scores(): [Look, number][] {
    const i = this.values.length - 1;
    const perDay = this.perDay;
    if (perDay === 0) return [];
    const block = Math.max(6, Math.floor(perDay / 24));
    const long = Math.max(6, Math.floor(perDay / 4));
    const of: readonly (readonly [Look, readonly number[], number, number, number])[] = [
      ['spike', this.values, i - Math.min(3 * perDay, 900), i, 0.05],
      ['level', this.blocks, i - 3 * perDay, i - block + 1, 0.2],
      ['season', this.residuals, i - 7 * perDay, i - Math.max(1, Math.floor(perDay / 24)), 0.15],
      ['long-season', this.longResiduals, i - 14 * perDay, i - long + 1, 0.15],
    ];
    const found: [Look, number][] = [];
    for (const [look, values, from, to, share] of of) {
      const value = values[i]!;
      if (!Number.isFinite(value) || to < 20) continue;
      const usual = this.usual(look, values, from, to);
      if (usual === null) continue;
      const least = 1e-9 * (Math.abs(usual.middle) + Math.abs(this.smooth[i]!)) + 1e-12;
      found.push([look, Math.abs(value - usual.middle) / Math.max(usual.spread, share * usual.range, least)]);
    }
    return found;
  }
}
