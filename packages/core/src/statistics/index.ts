export type { ChangePoint, Tally } from './change-point.ts';
export { changePoint } from './change-point.ts';
export type { Limits } from './finite-population.ts';
export { chapman, hypergeometricLimits } from './finite-population.ts';
