export type { Actor, ActorKind, Asked } from './actor.ts';
export type { Decision, Refusal } from './decision.ts';
export { isRefusal, refuse } from './decision.ts';
export type { AnyFact, Fact, Recorded } from './fact.ts';
export { ofTypes } from './fact.ts';
export type { Id } from './id.ts';
export { isId } from './id.ts';
export type { Instant } from './instant.ts';
export { addMs, earlier, instant, isInstant, later, msBetween, toMs } from './instant.ts';
