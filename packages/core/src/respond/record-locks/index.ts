export type { LockedSpan, RecordLock, RecordLockFact } from './record-lock.ts';
export {
  foldRecordLock,
  LOCK_FACTS,
  LOCK_LIMITS,
  lockedUntil,
  recordLockStep,
  releaseRecordLock,
  stands,
} from './record-lock.ts';
