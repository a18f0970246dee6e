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
export type { KnownFailure, Send } from './failures.ts';
export { KNOWN_FAILURES, sendsOf } from './failures.ts';
