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

const FREE = 0.15;

/** Byar's approximation of the exact 95 % limits of a Poisson count. */
function poissonLimits(count: number): [number, number] {
  const low = count === 0 ? 0 : count * (1 - 1 / (9 * count) - 1.96 / (3 * Math.sqrt(count))) ** 3;
  const n = count + 1;
  return [Math.max(0, low), n * (1 - 1 / (9 * n) + 1.96 / (3 * Math.sqrt(n))) ** 3];
}

/**
 * Share of labelled windows that hold an alarm, and alarms outside them each day; the first 15 % of a series is free: alarms there are
 * neither right nor wrong. Windows that end there can be found by nobody, and are left out of `found_after_warm_up`.
 */
export function scoreSeries(
  predictions: readonly SeriesAlarms[],
  rows: readonly Row[],
): Record<string, number | string> {
  let [found, windows, wrong, days, open] = [0, 0, 0, 0, 0];
  for (const [i, { alarms }] of predictions.entries()) {
    const { windows: labels, points } = rows[i]! as { windows?: [string, string][]; points: [string, number][] };
    if (!Array.isArray(labels) || !Array.isArray(points) || points.length === 0) continue;
    const from = msOf(points[Math.floor(FREE * points.length)]![0]);
    const spans = labels.map(([start, end]) => [msOf(start), msOf(end)] as const);
    const at = alarms.map(msOf).filter((alarm) => alarm >= from);
    const within = (alarm: number, [start, end]: readonly [number, number]) => alarm >= start && alarm <= end;
    windows += spans.length;
    open += spans.filter(([, end]) => end >= from).length;
    found += spans.filter((span) => at.some((alarm) => within(alarm, span))).length;
    wrong += at.filter((alarm) => !spans.some((span) => within(alarm, span))).length;
    days += (msOf(points.at(-1)![0]) - from) / 86_400_000;
  }
  if (windows === 0) return { labelled: 0 };
  const limits = poissonLimits(wrong)
    .map((count) => (count / days).toFixed(3))
    .join(' to ');
  return {
    windows,
    found: found / windows,
    found_interval: interval(found, windows),
    found_after_warm_up: open === 0 ? 0 : found / open,
    found_after_warm_up_interval: interval(found, open),
    false_alarms_a_day: wrong / days,
    false_alarms_a_day_interval: limits,
  };
}
