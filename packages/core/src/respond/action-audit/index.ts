export type { ActionFact, Audit, AuditCounts, RecordLook, Settled, SettledAs } from './audit.ts';
export {
  CALL_LIMIT,
  countAudit,
  foldAudit,
  mayHaveActed,
  recordLook,
  SETTLED_AT_ONCE,
  SETTLEMENTS,
  settleActions,
} from './audit.ts';
export type { AuditedCall, Outcome } from './audited.ts';
export { auditedCalls, OUTCOMES } from './audited.ts';
