/** One line of the benchmark table. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is held to, in words: `≤ 5 ns`. */
  readonly bar?: string;
  readonly pass?: boolean;
  /** Peers measured in the same run, in the same unit. */
  readonly beside?: readonly { readonly name: string; readonly value: number }[];
  readonly note?: string;
}

/** The middle value; the mean of the two in the middle for an even count. Throws RangeError for none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** By linear interpolation between the two nearest ranks. Throws RangeError for no values. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError('nothing was measured');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}

export interface BenchOptions {
  readonly short: boolean;
  /** How long a stream lasts, where a bench sends one. */
  readonly seconds?: number;
}
