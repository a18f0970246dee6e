import type { Refusal } from '../../../../kernel/index.ts';
import { utf8 } from '../../../../text/index.ts';
import {
  type Buckets,
  type ExponentialPoint,
  type HistogramPoint,
  METRIC_LIMITS,
  type Metric,
  type MetricData,
  type MetricsReading,
  NO_TEMPORALITY,
  NO_VALUE,
  type NumberPoint,
  type SummaryPoint,
  temporalityOf,
} from './metric.ts';
import { attribute, eachMember, type ReadText, type Wire } from './protobuf.ts';
import type { AttributeValue, LeftOut } from './span.ts';
import { OTLP_LIMITS, Unreadable } from './span.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Times, which every kind of point has in the same fields. */
function times(wire: Wire, into: { startMs: number; atMs: number }, field: number, type: number): boolean {
  if (type !== 1 || (field !== 2 && field !== 3)) return false;
  if (field === 2) into.startMs = wire.nanoseconds();
  else into.atMs = wire.nanoseconds();
  return true;
}

/** Null where the point says that nothing was measured. */
function numberPoint(wire: Wire, end: number): NumberPoint | null {
  const attributes = new Map<string, AttributeValue>();
  const it = { startMs: 0, atMs: 0, attributes, value: null as number | null };
  let flags = 0;
  wire.fields(end, (field, type) => {
    if (times(wire, it, field, type)) return true;
    if (field === 4 && type === 1) it.value = wire.double();
    else if (field === 6 && type === 1) it.value = wire.fixed64(true);
    else if (field === 7 && type === 2) attribute(wire, attributes);
    else if (field === 8 && type === 0) flags = wire.varint();
    else return false;
    return true;
  });
  return flags & NO_VALUE || it.value === null ? null : { ...it, value: it.value };
}

function histogramPoint(wire: Wire, end: number): HistogramPoint | null {
  const attributes = new Map<string, AttributeValue>();
  const bounds: number[] = [];
  const counts: number[] = [];
  const it: Writable<HistogramPoint> = {
    startMs: 0,
    atMs: 0,
    attributes,
    count: 0,
    sum: null,
    min: null,
    max: null,
    bounds,
    counts,
  };
  let flags = 0;
  const most = METRIC_LIMITS.buckets;
  wire.fields(end, (field, type) => {
    if (times(wire, it, field, type)) return true;
    if (field === 6) return wire.numbers(type, 1 as const, () => wire.fixed64(), counts, most);
    if (field === 7) return wire.numbers(type, 1 as const, () => wire.double(), bounds, most);
    if (field === 9 && type === 2) attribute(wire, attributes);
    else if (field === 10 && type === 0) flags = wire.varint();
    else if (type !== 1) return false;
    else if (field === 4) it.count = wire.fixed64();
    else if (field === 5) it.sum = wire.double();
    else if (field === 11) it.min = wire.double();
    else if (field === 12) it.max = wire.double();
    else return false;
    return true;
  });
  return flags & NO_VALUE ? null : it;
}

function buckets(wire: Wire, end: number): Buckets {
  let offset = 0;
  const counts: number[] = [];
  wire.fields(end, (field, type) => {
    if (field === 1 && type === 0) offset = wire.sint32();
    else if (field === 2) return wire.numbers(type, 0, () => Number(wire.int64()), counts, METRIC_LIMITS.buckets);
    else return false;
    return true;
  });
  return { offset, counts };
}

const NO_BUCKETS: Buckets = { offset: 0, counts: [] };

function exponentialPoint(wire: Wire, end: number): ExponentialPoint | null {
  const attributes = new Map<string, AttributeValue>();
  const it: Writable<ExponentialPoint> = {
    startMs: 0,
    atMs: 0,
    attributes,
    count: 0,
    sum: null,
    min: null,
    max: null,
    scale: 0,
    zeroCount: 0,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
  };
  let flags = 0;
  wire.fields(end, (field, type) => {
    if (times(wire, it, field, type)) return true;
    if (type === 2) {
      if (field === 1) attribute(wire, attributes);
      else if (field === 8) it.positive = buckets(wire, wire.within());
      else if (field === 9) it.negative = buckets(wire, wire.within());
      else return false;
    } else if (type === 0 && field === 6) it.scale = wire.sint32();
    else if (type === 0 && field === 10) flags = wire.varint();
    else if (type !== 1) return false;
    else if (field === 4) it.count = wire.fixed64();
    else if (field === 5) it.sum = wire.double();
    else if (field === 7) it.zeroCount = wire.fixed64();
    else if (field === 12) it.min = wire.double();
    else if (field === 13) it.max = wire.double();
    else return false;
    return true;
  });
  return flags & NO_VALUE ? null : it;
}

function summaryPoint(wire: Wire, end: number): SummaryPoint | null {
  const attributes = new Map<string, AttributeValue>();
  const quantiles: { quantile: number; value: number }[] = [];
  const it: Writable<SummaryPoint> = { startMs: 0, atMs: 0, attributes, count: 0, sum: 0, quantiles };
  let flags = 0;
  wire.fields(end, (field, type) => {
    if (times(wire, it, field, type)) return true;
    if (field === 7 && type === 2) attribute(wire, attributes);
    else if (field === 6 && type === 2) {
      if (quantiles.length >= METRIC_LIMITS.quantiles)
        throw new Unreadable(`more than ${METRIC_LIMITS.quantiles} quantiles in one point`);
      const one = { quantile: 0, value: 0 };
      wire.fields(wire.within(), (inner, t) => {
        if (t !== 1 || (inner !== 1 && inner !== 2)) return false;
        if (inner === 1) one.quantile = wire.double();
        else one.value = wire.double();
        return true;
      });
      quantiles.push(one);
    } else if (field === 8 && type === 0) flags = wire.varint();
    else if (field === 4 && type === 1) it.count = wire.fixed64();
    else if (field === 5 && type === 1) it.sum = wire.double();
    else return false;
    return true;
  });
  return flags & NO_VALUE ? null : it;
}

interface Gathered {
  points: number;
  leftOut: number;
  readonly examples: LeftOut[];
}

const KINDS = { 5: 'gauge', 7: 'sum', 9: 'histogram', 10: 'exponential', 11: 'summary' } as const;
const READERS = {
  gauge: numberPoint,
  sum: numberPoint,
  histogram: histogramPoint,
  exponential: exponentialPoint,
  summary: summaryPoint,
} as const;

function metric(
  wire: Wire,
  end: number,
  path: string,
  gathered: Gathered,
): (MetricData & { name: string; unit: string }) | null {
  let name = '';
  let unit = '';
  let kind: (typeof KINDS)[keyof typeof KINDS] | null = null;
  let temporality = 0;
  let monotonic = false;
  let own = 0;
  const points: unknown[] = [];
  const leave = (why: string, count = 1): void => {
    gathered.leftOut += count;
    if (gathered.examples.length < OTLP_LIMITS.examples) gathered.examples.push({ path, why });
  };
  wire.fields(end, (field, type) => {
    if (type !== 2) return false;
    if (field === 1) name = wire.text();
    else if (field === 3) unit = wire.text();
    else if (Object.hasOwn(KINDS, field)) {
      const here = KINDS[field as keyof typeof KINDS];
      kind = here;
      wire.fields(wire.within(), (inner, t) => {
        if (inner === 1 && t === 2) {
          if (gathered.points >= METRIC_LIMITS.points) {
            leave(`one request holds at most ${METRIC_LIMITS.points} points`);
            wire.skip(2);
            return true;
          }
          const point = READERS[here](wire, wire.within());
          if (point === null) return true;
          gathered.points++;
          own++;
          points.push(point);
        } else if (inner === 2 && t === 0) temporality = wire.varint();
        else if (inner === 3 && t === 0) monotonic = wire.varint() !== 0;
        else return false;
        return true;
      });
    } else return false;
    return true;
  });
  if (kind === null) return null;
  const read = { name, unit, kind, points } as { name: string; unit: string } & MetricData;
  if (kind === 'gauge' || kind === 'summary') return read;
  const known = temporalityOf(temporality);
  if (known === null) {
    gathered.points -= own;
    leave(NO_TEMPORALITY, own);
    return null;
  }
  return { ...read, temporality: known, ...(kind === 'sum' && { monotonic }) } as typeof read;
}

/**
 * Reads a protobuf `ExportMetricsServiceRequest`. Unknown fields are skipped; malformed bytes refuse the whole request
 * (`telemetry.unreadable`), since nothing after them can be trusted; points beyond the limit, and those that do not say
 * what they count from, are left out and counted. Points that say "nothing was measured" are no points.
 */
export function readMetricsProtobuf(bytes: Uint8Array, text: ReadText = utf8): MetricsReading | Refusal {
  const metrics: Metric[] = [];
  const gathered: Gathered = { points: 0, leftOut: 0, examples: [] };
  const refused = eachMember(bytes, text, ['resourceMetrics', 'scopeMetrics', 'metrics'], (wire, end, around) => {
    const read = metric(wire, end, around.path, gathered);
    if (read !== null) metrics.push({ ...read, resource: around.resource, scopeName: around.scopeName });
  });
  return refused ?? { metrics, points: gathered.points, leftOut: gathered.leftOut, examples: gathered.examples };
}
