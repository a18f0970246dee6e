import type { Actor } from './actor.ts';
import type { Instant } from './instant.ts';

/** Something that happened, in the past tense, for ever: `noun.verb-ed` and its data. */
export interface Fact<T extends string, D> {
  readonly type: T;
  readonly data: D;
}

// biome-ignore lint/suspicious/noExplicitAny: a fact nobody has asked about yet has data of any shape
export type AnyFact = Fact<string, any>;

/** A fact as the log holds it. `seq` is dense over the whole log, `version` dense within its stream, both from 1. */
export type Recorded<F extends AnyFact = AnyFact> = F & {
  readonly seq: number;
  readonly stream: string;
  readonly version: number;
  /** When it was recorded; what people claim about when it happened stands in `data`. */
  readonly at: Instant;
  readonly by: Actor;
};

/**
 * Narrows recorded facts to the types a slice knows. All slices of an incident share one stream, so every
 * fold begins by leaving out what it does not understand.
 */
export function ofTypes<F extends AnyFact>(facts: readonly Recorded[], types: readonly F['type'][]): Recorded<F>[] {
  const known = new Set<string>(types);
  return facts.filter((fact) => known.has(fact.type)) as Recorded<F>[];
}
