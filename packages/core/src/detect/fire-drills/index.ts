export type { DrillOutcome, FireDrill, FireDrillId, Stages } from './drill.ts';
export {
  DRILL_OUTCOMES,
  drillMark,
  dueForDrill,
  FIRE_DRILL_FACTS,
  foldFireDrill,
  STAGE_NAMES,
  STALE_MS,
  sentFireDrill,
  stagesOf,
  startFireDrill,
  TARGET_MS,
} from './drill.ts';
export type { KnownFailure, Message, Rehearsal, Send } from './failures.ts';
export { isMessage, KNOWN_FAILURES, sendsOf } from './failures.ts';
export type { ErrorMinutes, GoldenSetDrop, VendorIncident } from './made-up.ts';
export { DRILLED_FEATURE, errorSteps, runsOf, statusPageOf } from './made-up.ts';
