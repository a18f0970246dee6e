/** Relative error of a quantile. */
const ACCURACY = 0.01;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LN_GAMMA = Math.log(GAMMA);
const MOST_BINS = 2_048;
/** What is smaller is zero: a relative error has no meaning there. */
const SMALLEST = 1e-9;
const SLICES = 8;

/**
 * Quantiles of values from 0 with a relative error of 1 %, in bounded memory, and mergeable without loss (DDSketch: Masson,
 * Rim and Lee 2019, VLDB 12). Negative values count as 0. Counts may be fractions.
 */
export class Sketch {
  zero = 0;
  private readonly bins = new Map<number, number>();

  /** Index of the bin of a value: ceil(log_γ x), γ = 1.01/0.99. */
  static indexOf(value: number): number {
    return Math.ceil(Math.log(value) / LN_GAMMA - 1e-12);
  }

  /** The value that stands for a bin: 2γⁱ/(γ + 1). */
  static valueOf(index: number): number {
    return (2 * Math.exp(index * LN_GAMMA)) / (GAMMA + 1);
  }

  get count(): number {
    let count = this.zero;
    for (const held of this.bins.values()) count += held;
    return count;
  }

  /** Counts of the bins, smallest values first; the zeros come as an index below every other. */
  entries(): [number, number][] {
    const sorted = [...this.bins].sort(([a], [b]) => a - b);
    return this.zero > 0 ? [[Number.NEGATIVE_INFINITY, this.zero], ...sorted] : sorted;
  }

  add(value: number, count = 1): void {
    if (!Number.isFinite(value) || !(count > 0)) return;
    if (value <= SMALLEST) this.zero += count;
    else this.put(Sketch.indexOf(value), count);
  }

  private put(index: number, count: number): void {
    this.bins.set(index, (this.bins.get(index) ?? 0) + count);
    if (this.bins.size <= MOST_BINS) return;
    // The lowest bins are merged: who asks for a high quantile loses nothing.
    const [lowest, next] = [...this.bins.keys()].sort((a, b) => a - b) as [number, number];
    this.bins.set(next, this.bins.get(next)! + this.bins.get(lowest)!);
    this.bins.delete(lowest);
  }

  /** Values that are known to lie between two limits, spread evenly over it. */
  addBetween(low: number, high: number, count: number): void {
    if (!(count > 0)) return;
    if (!(high > low)) this.add(high, count);
    else for (let i = 0; i < SLICES; i++) this.add(low + ((high - low) * (i + 0.5)) / SLICES, count / SLICES);
  }

  merge(other: Sketch): void {
    this.zero += other.zero;
    for (const [index, count] of other.bins) this.put(index, count);
  }

  /** The value at a share of the ranks, 0 to 1; null where there is none. */
  quantile(q: number): number | null {
    const count = this.count;
    if (count === 0) return null;
    const rank = q * (count - 1);
    let passed = 0;
    let last = 0;
    for (const [index, held] of this.entries()) {
      passed += held;
      last = index;
      if (passed > rank) break;
    }
    return last === Number.NEGATIVE_INFINITY ? 0 : Sketch.valueOf(last);
  }

  /** How many are above a value, to within 2 % of the value. */
  above(value: number): number {
    if (value <= SMALLEST) return this.count - this.zero;
    const limit = Sketch.indexOf(value);
    let count = 0;
    for (const [index, held] of this.bins) if (index > limit) count += held;
    return count;
  }

  /** As text: count of zeros, then `index:count` of each bin. */
  toText(): string {
    const round = (count: number): number => Math.round(count * 1e6) / 1e6;
    return [round(this.zero), ...[...this.bins].map(([index, count]) => `${index}:${round(count)}`)].join(' ');
  }

  /** Reads `toText`; throws RangeError where it is none. */
  static fromText(text: string): Sketch {
    const [zero, ...bins] = text.split(' ');
    const sketch = new Sketch();
    sketch.zero = Number(zero);
    for (const bin of bins) {
      const [index, count] = bin.split(':').map(Number);
      sketch.bins.set(index!, count!);
    }
    if (!Number.isFinite(sketch.count)) throw new RangeError('this is no sketch');
    return sketch;
  }
}
