export type { ChangePoint, Tally } from './change-point.ts';
export { changePoint } from './change-point.ts';
export type { Cusum } from './cusum.ts';
export { cusum, cusumRunLength } from './cusum.ts';
export type { Limits } from './finite-population.ts';
export { chapman, hypergeometricLimits } from './finite-population.ts';
export type { Look, MetricAlarm, WatchSettings } from './metric-watch.ts';
export { MetricWatch, WATCH_SETTINGS } from './metric-watch.ts';
export type { Interval, Paired } from './proportions.ts';
export {
  agrestiCoull,
  clopperPearson,
  fisherExact,
  mcnemar,
  newcombe,
  wilson,
  zeroFailureTrials,
} from './proportions.ts';
export { betaCdf, betaQuantile, lnGamma, normalCdf, normalQuantile } from './special.ts';
