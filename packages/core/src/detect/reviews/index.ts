export type { PromiseFact, Review, ReviewDecision, Reviewed, ReviewFact } from './review.ts';
export {
  decideReview,
  dueAt,
  foldPromises,
  foldReview,
  heldBy,
  missReview,
  mixedShapes,
  PROMISE_BOUNDS,
  PROMISE_STREAM,
  REVIEW_DECISIONS,
  REVIEW_FACTS,
  releaseReview,
  setPromise,
  takeReview,
  USUAL_PROMISE_HOURS,
} from './review.ts';
export type { Urgency } from './urgency.ts';
export { shapeOf, URGENCIES, urgencyOf } from './urgency.ts';
