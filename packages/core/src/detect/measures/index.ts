export type { Aspect, BinData, Placed } from './bins.ts';
export { ASPECTS, aspectOf, Bin, Gathering, usualAspect } from './bins.ts';
export type { JudgeState, Standing } from './judge.ts';
export { judge, standingOf } from './judge.ts';
export { seasonText } from './judge-others.ts';
export { isWarm } from './judge-rate.ts';
export type { About, Event, Step } from './judging.ts';
export { readsLikeRefusal } from './language.ts';
export type { KnownMeasure, MeasureKind, MeasureOrigin, Series } from './measure.ts';
export {
  KNOWN_MEASURES,
  MEASURE_KINDS,
  MEASURE_LIMITS,
  MEASURE_NAME,
  MEASURE_ORIGINS,
  seriesKey,
  titleOf,
} from './measure.ts';
export { countFeedback, countInteraction } from './of-interactions.ts';
export type { MetricsCount, StreamPoint } from './of-metrics.ts';
export { countMetrics, streamPoints } from './of-metrics.ts';
export type { LimitStep, Rule } from './rules.ts';
export { falseAlarmDays, falseAlarmsAWeek, RULE_KINDS, RULES_OF, ruleFault } from './rules.ts';
export type { StreamState } from './streams.ts';
export { stepStream } from './streams.ts';
export { USUAL_WATCHES } from './usual-watches.ts';
export type { MeasureWatch, WatchDescription, WatchId } from './watch.ts';
export {
  addWatch,
  BUDGET_FACTS,
  describeWatch,
  foldBudget,
  foldWatch,
  pauseWatch,
  removeWatch,
  resumeWatch,
  setBudget,
  WATCH_FACTS,
} from './watch.ts';
