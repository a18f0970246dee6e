export type { Behind } from './exception-commands.ts';
export {
  approveException,
  askException,
  declineException,
  endException,
  lapsesDue,
  renewException,
} from './exception-commands.ts';
export type { ExceptionFact, ExceptionId, ExceptionState, PolicyException } from './exceptions.ts';
export {
  EXCEPTION_STATES,
  endOf,
  exceptionState,
  inForceAt,
  LONGEST_EXCEPTION_DAYS,
  MOST_OPEN_EXCEPTIONS,
} from './exceptions.ts';
export type { InPlace, Means, MeansState } from './means.ts';
export { isSound, MOST_MEANS, stateOfMeans, uncovered } from './means.ts';
export type { Policy, PolicyFact, PolicyId, PolicyText, Reference } from './policy.ts';
export {
  foldPolicy,
  isBound,
  isReviewDue,
  mapPolicy,
  POLICY_TYPES,
  restatePolicy,
  statePolicy,
  withdrawPolicy,
} from './policy.ts';
export type { ExceptionMonth } from './trend.ts';
export { exceptionTrend, TREND_MONTHS, trendFrom } from './trend.ts';
