import type { Attributes, LeftOut } from './span.ts';

/** How a data point relates to the ones before it: since the last one, or since its start. */
export type Temporality = 'delta' | 'cumulative';

interface At {
  /** Milliseconds since the epoch; 0 where not sent. */
  readonly startMs: number;
  readonly atMs: number;
  readonly attributes: Attributes;
}

export interface NumberPoint extends At {
  readonly value: number;
}
export interface Spread extends At {
  readonly count: number;
  /** Null where not sent. */
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
}
/** `counts` has one more member than `bounds`: bucket i holds values in (bounds[i−1], bounds[i]]. Both may be empty. */
export interface HistogramPoint extends Spread {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}
export interface Buckets {
  readonly offset: number;
  readonly counts: readonly number[];
}
/** Bucket i holds values in (b^(offset+i), b^(offset+i+1)] with b = 2^(2^−scale). */
export interface ExponentialPoint extends Spread {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: Buckets;
  readonly negative: Buckets;
}
export interface SummaryPoint extends At {
  readonly count: number;
  readonly sum: number;
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
}

/** The points of one metric of one scope, as both encodings of OTLP give them. */
export type MetricData =
  | { readonly kind: 'gauge'; readonly points: readonly NumberPoint[] }
  | {
      readonly kind: 'sum';
      readonly temporality: Temporality;
      readonly monotonic: boolean;
      readonly points: readonly NumberPoint[];
    }
  | { readonly kind: 'histogram'; readonly temporality: Temporality; readonly points: readonly HistogramPoint[] }
  | { readonly kind: 'exponential'; readonly temporality: Temporality; readonly points: readonly ExponentialPoint[] }
  | { readonly kind: 'summary'; readonly points: readonly SummaryPoint[] };

export type Metric = MetricData & {
  readonly name: string;
  readonly unit: string;
  readonly resource: Attributes;
  readonly scopeName: string;
};

export interface MetricsReading {
  readonly metrics: readonly Metric[];
  readonly points: number;
  /** Points that were left out. */
  readonly leftOut: number;
  readonly examples: readonly LeftOut[];
}

/** Exact limits of one request, beside those of `OTLP_LIMITS`. */
export const METRIC_LIMITS = { points: 20_000, buckets: 4_096, quantiles: 256 } as const;

/** Flag of a point that says "nothing was measured". */
export const NO_VALUE = 1;

export const temporalityOf = (number: number): Temporality | null =>
  number === 1 ? 'delta' : number === 2 ? 'cumulative' : null;
export const NO_TEMPORALITY = 'its aggregation temporality is neither delta nor cumulative';
