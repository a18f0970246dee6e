import type { Refusal } from '../../../../kernel/index.ts';
import {
  attributes,
  double,
  eachJsonMember,
  isMembers,
  LeftOuts,
  list,
  type Members,
  member,
  nanoseconds,
  text,
  whole,
} from './members.ts';
import {
  type Buckets,
  METRIC_LIMITS,
  type Metric,
  type MetricData,
  type MetricsReading,
  NO_TEMPORALITY,
  NO_VALUE,
  type Spread,
  temporalityOf,
} from './metric.ts';
import { Unreadable } from './span.ts';

const KINDS = {
  gauge: 'gauge',
  sum: 'sum',
  histogram: 'histogram',
  exponentialHistogram: 'exponential',
  summary: 'summary',
} as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];

const said = (of: Members, name: string): unknown => member(of, name) ?? undefined;
const count = (of: Members, name: string): number =>
  said(of, name) === undefined ? 0 : Number(whole(said(of, name), name));
const number = (of: Members, name: string): number | null =>
  said(of, name) === undefined ? null : double(said(of, name), name);

function numbers(of: Members, name: string, read: (it: unknown) => number): number[] {
  const items = list(of, name);
  if (items.length > METRIC_LIMITS.buckets)
    throw new Unreadable(`\`${name}\` has more than ${METRIC_LIMITS.buckets} members`);
  return items.map(read);
}
const wholes = (of: Members, name: string): number[] => numbers(of, name, (it) => Number(whole(it, name)));

const at = (it: Members) => ({
  startMs: nanoseconds(it, 'startTimeUnixNano'),
  atMs: nanoseconds(it, 'timeUnixNano'),
  attributes: attributes(it),
});
const spread = (it: Members): Spread => ({
  ...at(it),
  count: count(it, 'count'),
  sum: number(it, 'sum'),
  min: number(it, 'min'),
  max: number(it, 'max'),
});
function buckets(of: Members, name: string): Buckets {
  const it = said(of, name) ?? {};
  if (!isMembers(it)) throw new Unreadable(`\`${name}\` is not an object`);
  return { offset: count(it, 'offset'), counts: wholes(it, 'bucketCounts') };
}

/** Null where the point says that nothing was measured. */
function point(kind: Kind, it: unknown): object | null {
  if (!isMembers(it)) throw new Unreadable('the point is not an object');
  if (count(it, 'flags') & NO_VALUE) return null;
  if (kind === 'gauge' || kind === 'sum') {
    const value = said(it, 'asInt') === undefined ? number(it, 'asDouble') : Number(whole(said(it, 'asInt'), 'asInt'));
    return value === null ? null : { ...at(it), value };
  }
  if (kind === 'histogram')
    return {
      ...spread(it),
      bounds: numbers(it, 'explicitBounds', (each) => double(each, 'explicitBounds')),
      counts: wholes(it, 'bucketCounts'),
    };
  if (kind === 'exponential')
    return {
      ...spread(it),
      scale: count(it, 'scale'),
      zeroCount: count(it, 'zeroCount'),
      positive: buckets(it, 'positive'),
      negative: buckets(it, 'negative'),
    };
  const quantiles = list(it, 'quantileValues');
  if (quantiles.length > METRIC_LIMITS.quantiles)
    throw new Unreadable(`\`quantileValues\` has more than ${METRIC_LIMITS.quantiles} members`);
  return {
    ...at(it),
    count: count(it, 'count'),
    sum: number(it, 'sum') ?? 0,
    quantiles: quantiles.map((each) => {
      if (!isMembers(each)) throw new Unreadable('a quantile is not an object');
      return { quantile: number(each, 'quantile') ?? 0, value: number(each, 'value') ?? 0 };
    }),
  };
}

const TEMPORALITIES: Readonly<Record<string, number>> = {
  AGGREGATION_TEMPORALITY_UNSPECIFIED: 0,
  AGGREGATION_TEMPORALITY_DELTA: 1,
  AGGREGATION_TEMPORALITY_CUMULATIVE: 2,
};
function temporality(of: Members) {
  const it = said(of, 'aggregationTemporality');
  if (typeof it === 'string' && TEMPORALITIES[it] !== undefined) return temporalityOf(TEMPORALITIES[it]);
  return it === undefined ? null : temporalityOf(Number(whole(it, 'aggregationTemporality')));
}

interface Gathered {
  points: number;
  leave(path: string, why: string, count?: number): void;
}

function metric(it: unknown, path: string, gathered: Gathered): (MetricData & { name: string; unit: string }) | null {
  if (!isMembers(it)) throw new Unreadable('the metric is not an object');
  const head = { name: text(it, 'name'), unit: text(it, 'unit') };
  const member = (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((each) => said(it, each) !== undefined);
  if (member === undefined) return null;
  const kind = KINDS[member];
  const data = said(it, member);
  if (!isMembers(data)) throw new Unreadable(`\`${member}\` is not an object`);
  const given = list(data, 'dataPoints');
  const known = kind === 'gauge' || kind === 'summary' ? null : temporality(data);
  if (known === null && kind !== 'gauge' && kind !== 'summary') {
    gathered.leave(path, NO_TEMPORALITY, given.length);
    return null;
  }
  const points: object[] = [];
  for (const [i, each] of given.entries()) {
    if (gathered.points >= METRIC_LIMITS.points) {
      gathered.leave(path, `one request holds at most ${METRIC_LIMITS.points} points`, given.length - i);
      break;
    }
    try {
      const read = point(kind, each);
      if (read === null) continue;
      points.push(read);
      gathered.points++;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      gathered.leave(`${path}/${member}/dataPoints/${i}`, error.message);
    }
  }
  const monotonic = kind === 'sum' && { monotonic: said(data, 'isMonotonic') === true };
  return { ...head, kind, points, ...(known !== null && { temporality: known }), ...monotonic } as MetricData &
    typeof head;
}

/**
 * Reads a parsed OTLP/JSON `ExportMetricsServiceRequest`. A bad point, metric, scope or resource is left out, named and
 * counted; its neighbours are kept. Only a body that is no such request at all is refused (`telemetry.unreadable`).
 */
export function readMetricsJson(body: unknown): MetricsReading | Refusal {
  const metrics: Metric[] = [];
  const left = new LeftOuts();
  const gathered: Gathered = { points: 0, leave: (path, why, count) => left.add(path, why, count) };
  const refused = eachJsonMember(body, ['resourceMetrics', 'scopeMetrics', 'metrics'], left, (it, around) => {
    const read = left.reading(around.path, () => metric(it, around.path, gathered));
    if (read) metrics.push({ ...read, resource: around.resource, scopeName: around.scopeName });
    return true;
  });
  return refused ?? { metrics, points: gathered.points, leftOut: left.count, examples: left.examples };
}
