export type { LikelyFailure } from './likely-failures.ts';
export { likelyFailures } from './likely-failures.ts';
export type { Move, MoveItem, MoveName, Seen } from './moves.ts';
export { furthestEntry, MOVES, movesOf, ownPlaybookFor } from './moves.ts';
export type { Entry, RiskReason } from './riskiest.ts';
export { riskiestOf, riskReasons } from './riskiest.ts';
