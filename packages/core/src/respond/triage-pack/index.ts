export type { Figure, Hit, Served, Sureness } from './blast.ts';
export { blastRadius } from './blast.ts';
export type { Context, ContextFact } from './context.ts';
export { contextAssembled, foldContext } from './context.ts';
export type { Flag, FlagCall, Known, RoleCall } from './flags.ts';
export { FLAGS, flagsOf, rolesFor } from './flags.ts';
export type { MinuteTally, Onset, Suspect } from './suspects.ts';
export { onsetOf, suspects } from './suspects.ts';
