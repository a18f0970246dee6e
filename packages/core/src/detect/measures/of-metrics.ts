import type { Instant } from '../../kernel/index.ts';
import { addMs, instant, toMs } from '../../kernel/index.ts';
import { Sketch } from '../../statistics/index.ts';
import type {
  Attributes,
  ExponentialPoint,
  HistogramPoint,
  Metric,
  NumberPoint,
  SummaryPoint,
} from '../signals/index.ts';
import { systemKeyOf } from '../signals/index.ts';
import type { Bin, Gathering } from './bins.ts';
import { MEASURE_LIMITS, MEASURE_NAME, type MeasureKind, type Series } from './measure.ts';
import { type StreamState, stepStream, type Totals } from './streams.ts';

/** Attributes that name what every measure has a place for; the first that is there counts. */
const MODEL = ['gen_ai.response.model', 'gen_ai.request.model', 'llm.response.model', 'llm.model_name'];
const FEATURE = ['firebreak.feature', 'feature', 'gen_ai.agent.name', 'traceloop.workflow.name'];
const PROMPT = ['firebreak.prompt', 'gen_ai.prompt.version', 'gen_ai.prompt.name'];
const SYSTEM = ['firebreak.system', 'service.name'];
/** What differs from call to call would make a line of its own of every call. */
const TOO_MANY = /(^|[._])(id|uuid|user|session|trace|span|request_id|ip|address|url|path|query|email|token|key)$/i;
const TOKEN_TYPE = ['gen_ai.token.type'];
const FUTURE_MS = 5 * 60_000;
const PAST_MS = 24 * 3_600_000;

const said = (of: Attributes, names: readonly string[]): string => {
  for (const name of names) {
    const value = of.get(name);
    if (typeof value === 'string' && value !== '') return value.slice(0, 128);
  }
  return '';
};

function groupsOf(attributes: Attributes): Record<string, string> {
  const groups: Record<string, string> = {};
  const placed = new Set([...MODEL, ...FEATURE, ...PROMPT, ...SYSTEM, ...TOKEN_TYPE]);
  for (const name of [...attributes.keys()].sort()) {
    const value = attributes.get(name);
    if (placed.has(name) || TOO_MANY.test(name) || name.length > MEASURE_LIMITS.groupText) continue;
    if (typeof value !== 'string' && typeof value !== 'boolean') continue;
    const text = String(value);
    if (text === '' || text.length > MEASURE_LIMITS.groupText) continue;
    if (Object.keys(groups).length >= MEASURE_LIMITS.groups) break;
    groups[name] = text;
  }
  return groups;
}

const KINDS: Record<Metric['kind'], MeasureKind> = {
  gauge: 'level',
  sum: 'count',
  histogram: 'spread',
  exponential: 'spread',
  summary: 'level',
};
/** Seconds, so that a threshold means the same whoever sends. */
const SECONDS: Readonly<Record<string, number>> = { ms: 1e-3, us: 1e-6, ns: 1e-9, s: 1, min: 60, h: 3_600 };
const unitOf = (unit: string): { unit: string; scale: number } => {
  const scale = SECONDS[unit];
  return scale === undefined ? { unit: unit.replace(/^\{(.*)\}$/, '$1').slice(0, 32), scale: 1 } : { unit: 's', scale };
};

export interface MetricsCount {
  /** Points that were counted. */
  counted: number;
  /** Points that told nothing new: a retry, or where a count begins. */
  repeated: number;
  late: number;
  baseline: number;
  readonly leftOut: { readonly name: string; readonly why: string }[];
}

const NO_BUCKETS = { buckets: {}, scale: null, shape: '' };

function totalsOf(metric: Metric, point: NumberPoint | HistogramPoint | ExponentialPoint): Totals {
  if ('value' in point) return { count: point.value, sum: point.value, ...NO_BUCKETS };
  const { count } = point;
  const sum = point.sum ?? 0;
  const buckets: Record<string, number> = {};
  if (metric.kind === 'histogram') {
    const { bounds, counts } = point as HistogramPoint;
    for (const [i, held] of counts.entries()) if (held > 0) buckets[i] = held;
    return { count, sum, buckets, scale: null, shape: bounds.join(' ') };
  }
  const { scale, zeroCount, positive, negative } = point as ExponentialPoint;
  for (const [i, held] of positive.counts.entries()) if (held > 0) buckets[positive.offset + i] = held;
  // Values below 0 are counted as 0, as everywhere here.
  const zero = zeroCount + negative.counts.reduce((all, held) => all + held, 0);
  if (zero > 0) buckets.zero = zero;
  return { count, sum, buckets, scale, shape: 'exponential' };
}

/** Puts what a histogram gained into a bin. `whole`: the smallest and greatest value are those of what it gained. */
function fill(
  bin: Bin,
  metric: Metric,
  point: HistogramPoint | ExponentialPoint,
  delta: Totals,
  to: number,
  whole: boolean,
): void {
  const sketch = new Sketch();
  const keys = Object.keys(delta.buckets);
  if (keys.length === 0) sketch.add((to * delta.sum) / Math.max(1, delta.count), delta.count);
  for (const key of keys) {
    const count = delta.buckets[key]!;
    if (key === 'zero') sketch.add(0, count);
    else if (metric.kind === 'exponential') {
      const base = 2 ** (2 ** -delta.scale!);
      const index = Number(key);
      // The middle of the bucket, on the scale it is made on.
      sketch.add(to * base ** (index + 0.5), count);
    } else {
      const { bounds } = point as HistogramPoint;
      const i = Number(key);
      const low = i === 0 ? Math.max(0, (whole ? point.min : null) ?? 0) : bounds[i - 1]!;
      const high = i < bounds.length ? bounds[i]! : Math.max(bounds.at(-1) ?? 0, (whole ? point.max : null) ?? 0);
      sketch.addBetween(to * Math.min(low, high), to * high, count);
    }
  }
  bin.add({
    n: delta.count,
    x: 0,
    sum: to * delta.sum,
    low: whole && point.min !== null ? to * point.min : null,
    high: whole && point.max !== null ? to * point.max : null,
    sketch: sketch.toText(),
    parts: null,
  });
}

/** A sender tells of the same thing under one name and one set of attributes. */
const streamKey = (metric: Metric, attributes: Attributes): string =>
  JSON.stringify([
    [...metric.resource].sort(([a], [b]) => (a < b ? -1 : 1)),
    metric.scopeName,
    metric.name,
    metric.kind,
    metric.unit,
    [...attributes].sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);

/** One point with the stream it belongs to. */
export interface StreamPoint {
  readonly key: string;
  readonly metric: Metric;
  readonly point: NumberPoint | HistogramPoint | ExponentialPoint | SummaryPoint;
}

export const streamPoints = (metrics: readonly Metric[]): StreamPoint[] =>
  metrics.flatMap((metric) =>
    metric.points.map((point) => ({ key: streamKey(metric, point.attributes), metric, point })),
  );

/** Points that do not add up over time: each says how things stand. */
const stands = (metric: Metric): boolean =>
  metric.kind === 'gauge' || (metric.kind === 'sum' && !metric.monotonic && metric.temporality === 'cumulative');

/** Quantiles of a summary that are kept, each as a level of its own. */
const KEPT_QUANTILES: Readonly<Record<string, string>> = { 0.5: 'p50', 0.9: 'p90', 0.95: 'p95', 0.99: 'p99' };

/**
 * Counts points into `into`, and moves the states of their streams, which the caller keeps. The minute is that of the point;
 * a time that is missing, in the future or more than a day old is replaced by `now`.
 */
export function countMetrics(
  into: Gathering,
  points: readonly StreamPoint[],
  states: Map<string, StreamState>,
  fallback: string,
  now: Instant,
): MetricsCount {
  const result: MetricsCount = { counted: 0, repeated: 0, late: 0, baseline: 0, leftOut: [] };
  for (const { key, metric, point } of points) {
    const token = said(point.attributes, TOKEN_TYPE);
    const name = token === '' ? metric.name : `${metric.name}.${token}`;
    if (!MEASURE_NAME.test(name)) {
      result.leftOut.push({
        name: metric.name,
        why: 'a name has letters, digits, dots, hyphens and slashes, and begins with a letter',
      });
      continue;
    }
    const totals =
      'quantiles' in point ? { count: point.count, sum: point.sum, ...NO_BUCKETS } : totalsOf(metric, point);
    const temporality =
      'temporality' in metric && !stands(metric)
        ? metric.temporality
        : metric.kind === 'summary'
          ? 'cumulative'
          : 'delta';
    const before = states.get(key) ?? null;
    const step = stepStream(before, { startMs: point.startMs, atMs: point.atMs, totals }, temporality);
    states.set(key, step.state);
    if (step.delta === null && (metric.kind !== 'summary' || step.why !== 'baseline')) {
      result[step.why]++;
      continue;
    }
    const at = toMs(now);
    const pointAt = point.atMs > at + FUTURE_MS || point.atMs < at - PAST_MS ? now : instant(Math.floor(point.atMs));
    const minute = addMs(pointAt, 0).slice(0, 16);
    const both = new Map([...metric.resource, ...point.attributes]);
    const system = systemKeyOf(said(both, SYSTEM)) ?? fallback;
    const { unit, scale } = unitOf(metric.unit);
    const series: Series = {
      system,
      name,
      kind: stands(metric) ? 'level' : KINDS[metric.kind],
      unit,
      origin: 'otlp',
      feature: said(both, FEATURE),
      model: said(point.attributes, MODEL),
      prompt: said(both, PROMPT),
      groups: groupsOf(point.attributes),
    };
    result.counted++;
    if ('quantiles' in point) {
      for (const { quantile, value } of point.quantiles) {
        const word = KEPT_QUANTILES[quantile];
        if (word !== undefined) into.at({ ...series, name: `${name}.${word}` }, minute).value(scale * value);
      }
      if (step.delta)
        into.at({ ...series, kind: 'count', name: `${name}.count`, unit: '' }, minute).value(step.delta.count);
    } else if ('value' in point)
      into.at(series, minute).value(scale * (stands(metric) ? point.value : step.delta!.sum));
    else {
      const whole = 'temporality' in metric && metric.temporality === 'delta';
      fill(into.at(series, minute), metric, point, step.delta!, scale, whole);
      if (metric.name === 'gen_ai.client.operation.duration') {
        const { 'error.type': error, ...groups } = series.groups;
        const count = step.delta!.count;
        const errors = { ...series, name: 'gen_ai.client.operation.errors', kind: 'rate', unit: '', groups } as const;
        into.at(errors, minute).rate(error === undefined ? 0 : count, count);
      }
    }
  }
  return result;
}
