import { normalCdf } from './special.ts';

export interface Cusum {
  readonly high: readonly number[];
  readonly low: readonly number[];
  /** Numbers of the samples, from 1, whose sum was above `h`. */
  readonly alarmsHigh: readonly number[];
  readonly alarmsLow: readonly number[];
}

/**
 * Tabular cumulative sums against a target (Page 1954; NIST/SEMATECH e-Handbook 6.3.2.3): `k` is the allowance and `h` the
 * limit, both in the unit of the samples. Sums go on after an alarm.
 */
export function cusum(samples: readonly number[], target: number, k: number, h: number): Cusum {
  const high: number[] = [];
  const low: number[] = [];
  for (const x of samples) {
    high.push(Math.max(0, (high.at(-1) ?? 0) + x - target - k));
    low.push(Math.max(0, (low.at(-1) ?? 0) + target - k - x));
  }
  const over = (sums: readonly number[]) => sums.flatMap((sum, i) => (sum > h ? [i + 1] : []));
  return { high, low, alarmsHigh: over(high), alarmsLow: over(low) };
}

/** Nodes and weights of Gauss-Legendre quadrature on [−1, 1]. */
function legendre(n: number): { nodes: number[]; weights: number[] } {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let round = 0; round < 100; round++) {
      let [p0, p1] = [1, x];
      for (let m = 2; m <= n; m++) [p0, p1] = [p1, ((2 * m - 1) * x * p1 - (m - 1) * p0) / m];
      slope = (n * (x * p1 - p0)) / (x * x - 1);
      const step = p1 / slope;
      x -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    nodes.push(x);
    weights.push(2 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}

export function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++)
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    [right[column], right[pivot]] = [right[pivot]!, right[column]!];
    for (let row = column + 1; row < n; row++) {
      const by = matrix[row]![column]! / matrix[column]![column]!;
      if (by === 0) continue;
      for (let c = column; c < n; c++) matrix[row]![c]! -= by * matrix[column]![c]!;
      right[row]! -= by * right[column]!;
    }
  }
  for (let row = n - 1; row >= 0; row--) {
    let sum = right[row]!;
    for (let c = row + 1; c < n; c++) sum -= matrix[row]![c]! * right[c]!;
    right[row] = sum / matrix[row]![row]!;
  }
  return right;
}

const NODES = 64;
const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** Average run length of a one-sided chart that starts at 0, from Page's integral equation by Nyström's method. */
function oneSided(k: number, h: number, shift: number): number {
  const { nodes, weights } = legendre(NODES);
  const at = nodes.map((x) => ((x + 1) * h) / 2);
  const by = weights.map((w) => (w * h) / 2);
  // L(u) = 1 + L(0) Φ(k − u − shift) + ∫₀ʰ L(y) φ(y + k − u − shift) dy; the last unknown is L(0).
  const points = [...at, 0];
  const matrix = points.map((u) => [
    ...at.map((y, j) => -by[j]! * density(y + k - u - shift)),
    -normalCdf(k - u - shift),
  ]);
  for (const [i, row] of matrix.entries()) row[i]! += 1;
  return solve(
    matrix,
    points.map(() => 1),
  )[NODES]!;
}

/**
 * Average run length of a two-sided tabular CUSUM of standard normal samples whose mean has moved by `shift`; all in standard
 * deviations. Both sides together: 1/L = 1/L⁺ + 1/L⁻. Throws RangeError.
 */
export function cusumRunLength(k: number, h: number, shift: number): number {
  if (!(k >= 0 && h > 0 && h <= 20 && Number.isFinite(shift)))
    throw new RangeError(`k ${k}, h ${h}: k from 0, h more than 0 and at most 20 standard deviations`);
  return 1 / (1 / oneSided(k, h, shift) + 1 / oneSided(k, h, -shift));
}
