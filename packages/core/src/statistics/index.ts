export type { ChangePoint, Tally } from './change-point.ts';
export { changePoint } from './change-point.ts';
export type { CountTally, Dispersion, Expected } from './count-watch.ts';
export {
  chanceOfCount,
  countIn,
  countOfChance,
  disperse,
  expectedCount,
  NO_COUNTS,
  NO_DISPERSION,
  runOfChance,
} from './count-watch.ts';
export type { Cusum } from './cusum.ts';
export { cusum, cusumRunLength } from './cusum.ts';
export type { Ks } from './drift.ts';
export { jensenShannon, ks, ksOfCounts, nullBand, psi, psiOfChance, robustZ, smoothed } from './drift.ts';
export type { Limits } from './finite-population.ts';
export { chapman, hypergeometricLimits } from './finite-population.ts';
export type { Look, MetricAlarm, MetricWatchState, WatchSettings } from './metric-watch.ts';
export { MetricWatch, SEASON_POINTS, WATCH_SETTINGS } from './metric-watch.ts';
export { clusteredError, holm, pairedDifference, pairsNeeded, signFlip } from './paired.ts';
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
export type { Rates } from './rate-watch.ts';
export {
  anytimeInterval,
  bernoulliCusum,
  bernoulliLimit,
  bernoulliRunLength,
  binomialTail,
  eCusum,
  eDetector,
  logRatio,
  weights,
} from './rate-watch.ts';
export { Sketch } from './sketch.ts';
export { betaCdf, betaQuantile, lnGamma, normalCdf, normalQuantile } from './special.ts';
