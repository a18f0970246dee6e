export type { Gap, Span } from './gaps.ts';
export { gapsBefore } from './gaps.ts';
export type { LegalHold, LegalHoldId, RecordFact, RecordRule, Records, TakenOut } from './records.ts';
export {
  foldRecords,
  isHeld,
  liftLegalHold,
  placeLegalHold,
  RECORD_FACTS,
  RECORD_LIMITS,
  recordStream,
  ruleRecords,
  TAKEN_OUT,
} from './records.ts';
