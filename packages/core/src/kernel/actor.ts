import type { Instant } from './instant.ts';

/** Who acts: a signed-in person, a program holding an API key, or Firebreak itself (ticker, detectors). */
export type ActorKind = 'person' | 'key' | 'system';

export interface Actor {
  readonly kind: ActorKind;
  /** `usr_…`, `key_…`, or the name of the acting part of Firebreak, for example `ticker`. */
  readonly id: string;
}

/** The only way time and identity enter a rule. */
export interface Asked {
  readonly at: Instant;
  readonly by: Actor;
}
