export type { HeldAnswer, HeldDecision, HeldFact, HeldId, HeldState, Submitted } from './held-answers.ts';
export {
  DECISIONS,
  decideHeld,
  foldHeld,
  HELD_FACTS,
  holdAnswer,
  LATE_MS,
  lapseHeld,
  MOST_WAITING,
  stepHeld,
  TOLD_AGAIN_MS,
  UNASKED_MS,
  unknownHeld,
} from './held-answers.ts';
