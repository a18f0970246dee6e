import { MetricWatch } from '../../statistics/index.ts';
import { interval } from './interval.ts';

type Row = Readonly<Record<string, unknown>>;

export interface SeriesAlarms {
  readonly series: unknown;
  readonly alarms: readonly string[];
}

/** Times as written, without a zone, read as UTC: only their distances matter. */
const msOf = (text: string): number => Date.parse(`${text.split('.')[0]!.replace(' ', 'T')}Z`);

/** Watches one series; alarms are the times of the points that raised them, as they were written. */
export function watchSeries(row: Row): SeriesAlarms {
  const points = Array.isArray(row.points) ? row.points : [];
  const watch = new MetricWatch();
  const alarms: string[] = [];
  for (const point of points) {
    if (!Array.isArray(point) || typeof point[0] !== 'string') continue;
    if (watch.push(msOf(point[0]), Number(point[1])) !== null) alarms.push(point[0]);
  }
  return { series: row.series, alarms };
}

const WARM_UP = 0.15;

/** Byar's approximation of the exact 95 % limits of a Poisson count. */
function poissonLimits(count: number): [number, number] {
  const low = count === 0 ? 0 : count * (1 - 1 / (9 * count) - 1.96 / (3 * Math.sqrt(count))) ** 3;
  const n = count + 1;
  return [Math.max(0, low), n * (1 - 1 / (9 * n) + 1.96 / (3 * Math.sqrt(n))) ** 3];
}

/**
 * Share of labelled windows that hold an alarm, and alarms outside them each day, over the whole of each series: nothing is free while a
 * watch still learns. `…_after_warm_up` leaves out the first 15 % of each series, its alarms, and the windows that end there.
 */
export function scoreSeries(
  predictions: readonly SeriesAlarms[],
  rows: readonly Row[],
): Record<string, number | string> {
  const whole = new Tally();
  const afterwards = new Tally();
  for (const [i, { alarms }] of predictions.entries()) {
    const { windows: labels, points } = rows[i]! as { windows?: [string, string][]; points: [string, number][] };
    if (!Array.isArray(labels) || !Array.isArray(points) || points.length === 0) continue;
    const spans = labels.map(([start, end]): Span => [msOf(start), msOf(end)]);
    const at = alarms.map(msOf);
    const end = msOf(points.at(-1)![0]);
    whole.count(at, spans, msOf(points[0]![0]), end);
    afterwards.count(at, spans, msOf(points[Math.floor(WARM_UP * points.length)]![0]), end);
  }
  if (whole.windows === 0) return { labelled: 0 };
  return {
    windows: whole.windows,
    found: whole.found / whole.windows,
    found_interval: interval(whole.found, whole.windows),
    false_alarms_a_day: whole.wrong / whole.days,
    false_alarms_a_day_interval: whole.limits(),
    found_after_warm_up: afterwards.windows === 0 ? 0 : afterwards.found / afterwards.windows,
    found_after_warm_up_interval: interval(afterwards.found, afterwards.windows),
    false_alarms_a_day_after_warm_up: afterwards.wrong / afterwards.days,
  };
}

type Span = readonly [start: number, end: number];

/** Windows and alarms of many series, each counted from a moment on. */
class Tally {
  windows = 0;
  found = 0;
  wrong = 0;
  days = 0;

  count(alarms: readonly number[], spans: readonly Span[], from: number, to: number): void {
    const within = (alarm: number, [start, end]: Span) => alarm >= start && alarm <= end;
    const at = alarms.filter((alarm) => alarm >= from);
    const open = spans.filter(([, end]) => end >= from);
    this.windows += open.length;
    this.found += open.filter((span) => at.some((alarm) => within(alarm, span))).length;
    this.wrong += at.filter((alarm) => !spans.some((span) => within(alarm, span))).length;
    this.days += (to - from) / 86_400_000;
  }

  limits(): string {
    return poissonLimits(this.wrong)
      .map((count) => (count / this.days).toFixed(3))
      .join(' to ');
  }
}
