import { Sketch } from '../../statistics/index.ts';
import { MEASURE_LIMITS, type MeasureKind, type Series, seriesKey } from './measure.ts';

/** What a stretch of time holds of one series, or of several together. */
export interface BinData {
  /** Observations. */
  readonly n: number;
  /** Hits of a rate. */
  readonly x: number;
  readonly sum: number;
  readonly low: number | null;
  readonly high: number | null;
  /** `Sketch.toText`; null where the values themselves do not matter. */
  readonly sketch: string | null;
  readonly parts: Readonly<Record<string, number>> | null;
}

export class Bin {
  n = 0;
  x = 0;
  sum = 0;
  low = Number.POSITIVE_INFINITY;
  high = Number.NEGATIVE_INFINITY;
  sketch: Sketch | null = null;
  parts: Map<string, number> | null = null;

  rate(x: number, n: number): void {
    this.x += x;
    this.n += n;
  }

  /** One value, or how many there were. */
  value(value: number): void {
    if (!Number.isFinite(value)) return;
    this.n++;
    this.sum += value;
    if (value < this.low) this.low = value;
    if (value > this.high) this.high = value;
  }

  spread(value: number): void {
    this.value(value);
    this.sketch ??= new Sketch();
    this.sketch.add(value);
  }

  part(name: string, count = 1): void {
    this.parts ??= new Map();
    const known = this.parts.has(name) || this.parts.size < MEASURE_LIMITS.parts ? name : 'other';
    this.parts.set(known, (this.parts.get(known) ?? 0) + count);
    this.n += count;
  }

  add(other: Bin | BinData): void {
    this.n += other.n;
    this.x += other.x;
    this.sum += other.sum;
    this.low = Math.min(this.low, other.low ?? this.low);
    this.high = Math.max(this.high, other.high ?? this.high);
    if (other.sketch !== null) {
      this.sketch ??= new Sketch();
      this.sketch.merge(typeof other.sketch === 'string' ? Sketch.fromText(other.sketch) : other.sketch);
    }
    if (other.parts !== null) {
      const n = this.n;
      for (const [name, count] of other.parts instanceof Map ? other.parts : Object.entries(other.parts))
        this.part(name, count as number);
      this.n = n;
    }
  }

  data(): BinData {
    const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
    return {
      n: this.n,
      x: this.x,
      sum: this.sum,
      low: finite(this.low),
      high: finite(this.high),
      sketch: this.sketch?.toText() ?? null,
      parts: this.parts === null ? null : Object.fromEntries(this.parts),
    };
  }
}

/** Which number of a bin a rule looks at. */
export const ASPECTS = ['rate', 'mean', 'sum', 'p50', 'p90', 'p99'] as const;
export type Aspect = (typeof ASPECTS)[number];

export const usualAspect = (kind: MeasureKind): Aspect =>
  ({ rate: 'rate', level: 'mean', count: 'sum', spread: 'p90', mix: 'mean' })[kind] as Aspect;

const QUANTILES: Partial<Record<Aspect, number>> = { p50: 0.5, p90: 0.9, p99: 0.99 };

/** That number; null where the bin holds nothing to say it from. */
export function aspectOf(bin: BinData, aspect: Aspect): number | null {
  if (bin.n <= 0) return null;
  if (aspect === 'rate') return Math.min(1, bin.x / bin.n);
  if (aspect === 'sum') return bin.sum;
  if (aspect === 'mean') return bin.sum / bin.n;
  return bin.sketch === null ? bin.sum / bin.n : Sketch.fromText(bin.sketch).quantile(QUANTILES[aspect]!);
}

/** A bin with its place: `minute` is `2026-11-28T07:30`, UTC. */
export interface Placed {
  readonly series: Series;
  readonly minute: string;
  readonly bin: BinData;
}

/** Gathers what came in together, so that it is written once. */
export class Gathering {
  private readonly held = new Map<string, { readonly series: Series; readonly minute: string; readonly bin: Bin }>();

  at(series: Series, minute: string): Bin {
    const key = `${minute}${seriesKey(series)}`;
    const held = this.held.get(key);
    if (held !== undefined) return held.bin;
    const bin = new Bin();
    this.held.set(key, { series, minute, bin });
    return bin;
  }

  get size(): number {
    return this.held.size;
  }

  placed(): Placed[] {
    return [...this.held.values()].map(({ series, minute, bin }) => ({ series, minute, bin: bin.data() }));
  }
}
