export type { HaltRestoration, MeetCondition } from './commands.ts';
export {
  advanceRestorations,
  approveRestoration,
  askRestoration,
  CONDITION_LIMIT,
  conditionsFor,
  haltRestoration,
  MINUTES_LIMIT,
  meetCondition,
  STAGE_LIMIT,
  withdrawRestoration,
} from './commands.ts';
export type { Condition, Plan, RestorationFact, Stage } from './facts.ts';
export { RESTORATION_FACTS } from './facts.ts';
export type { Met, Restoration, RestorationState, Restorations } from './restoration.ts';
export {
  APPROVAL_HOURS,
  foldRestorations,
  isUnderWay,
  planText,
  standing,
  stepRestoration,
  unmet,
} from './restoration.ts';
