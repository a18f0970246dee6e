export { acknowledge } from './acknowledge.ts';
export type { Condition, ConditionId, ConditionReading, ConditionRule, ConditionSaid } from './condition.ts';
export {
  CONDITION_FACTS,
  changeCondition,
  foldCondition,
  isUnder,
  looksBackMs,
  MOST_CONDITIONS,
  readCondition,
  removeCondition,
  sayRule,
  setCondition,
} from './condition.ts';
export type { Hindrance, PageReading, Weighed } from './page.ts';
export { dueFor, handPage, MOST_REPEATS, overSince, readPage, tellPage, weigh } from './page.ts';
export type { Matchers, Silence, SilenceId, SilenceSaid } from './silence.ts';
export {
  endSilence,
  expireSilence,
  extendSilence,
  foldSilence,
  isSilenced,
  LONGEST_SILENCE_MS,
  MOST_SILENCES,
  SILENCE_FACTS,
  sayMatchers,
  setSilence,
  silentUntil,
} from './silence.ts';
export type { PageAnswer } from './why.ts';
export { whyCandidate, whySignal } from './why.ts';
