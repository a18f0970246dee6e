export { counts, questionAbout, signalOfOpinion } from './asking.ts';
export type { Breaker } from './breaker.ts';
export { answered, CLOSED, failed, isTrying, mayAsk, OPENS_AFTER } from './breaker.ts';
export { HAZARDS } from './hazards.ts';
export type { ModeratorKind, Question } from './kinds.ts';
export { faultIn, MODERATOR_KINDS, questionsAtOnce, readOpinions, requestOf } from './kinds.ts';
export type {
  Moderator,
  ModeratorDescription,
  ModeratorFact,
  ModeratorId,
  Precision,
  Side,
  Trust,
  WhenSilent,
} from './moderator.ts';
export {
  addModerator,
  describeModerator,
  foldModerator,
  heardFrom,
  judgeFlag,
  keyModerator,
  MODERATOR_FACTS,
  MODERATOR_LIMITS,
  pauseModerator,
  precisionOf,
  removeModerator,
  resumeModerator,
  SIDES,
  TRUST,
  TRUST_AFTER,
  USUAL_WHEN_SILENT,
  WHEN_SILENT,
} from './moderator.ts';
export type { Answered, Opinion, Unreadable } from './opinion.ts';
export { isUnreadable } from './opinion.ts';
