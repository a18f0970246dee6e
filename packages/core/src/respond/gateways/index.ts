export type { Candidate, Health, HealthPolicy, HealthState, Outcome } from './health.ts';
export {
  afterOutcome,
  asked,
  mayAsk,
  orderOf,
  outcomeOf,
  retryAfterMs,
  stateOf,
  USUAL_HEALTH,
  WELL,
  withdrawn,
} from './health.ts';
