export type { HeldAnswer, HeldDecision, HeldFact, HeldId, HeldState, Submitted } from './held-answers.ts';
export {
  DECISIONS,
  decideHeld,
  foldHeld,
  HELD_FACTS,
  holdAnswer,
  lapseHeld,
  MOST_WAITING,
  stepHeld,
  UNASKED_MS,
  unknownHeld,
} from './held-answers.ts';
