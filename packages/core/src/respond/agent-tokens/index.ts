export type { SaidElsewhere, TokenClaims, TokenFact, TokenState } from './tokens.ts';
export {
  agentRevoked,
  floorOf,
  foldRevoked,
  isActive,
  isStopped,
  LONGEST_SECONDS,
  readClaims,
  revokeToken,
} from './tokens.ts';
