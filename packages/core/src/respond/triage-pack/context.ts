import { type Decision, type Fact, ofTypes, type Recorded } from '../../kernel/index.ts';

/** The context was first there to be read: how long after the candidate was opened or the incident declared, and how long it took. */
export type ContextFact = Fact<
  'context.assembled',
  { readonly afterMs: number; readonly tookMs: number; readonly suspects: number; readonly missing: number }
>;
export type Context = ContextFact['data'] | null;

export function foldContext(facts: readonly Recorded[]): Context {
  return ofTypes<ContextFact>(facts, ['context.assembled'])[0]?.data ?? null;
}

/** Only the first time counts: that is the time to context. */
export function contextAssembled(state: Context, data: ContextFact['data']): Decision<ContextFact> {
  return state === null ? [{ type: 'context.assembled', data }] : [];
}
