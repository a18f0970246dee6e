import { wilson } from '../../statistics/index.ts';

/** `14 of 20 [0.481, 0.855]`: what a share was counted from, with Wilson's 95 % interval. */
export function interval(x: number, n: number): string {
  const { lower, upper } = wilson(x, n);
  return `${x} of ${n} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`;
}
