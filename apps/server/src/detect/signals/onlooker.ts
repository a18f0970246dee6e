import type { Feedback, Interaction } from '@firebreak/core/detect/signals';
import type { Deps, Sql } from '../../platform/index.ts';

/** An interaction that was looked at. `news` null: for the first time. Otherwise the members a second witness brought since. */
export interface SeenInteraction {
  readonly data: Interaction;
  readonly news: ReadonlySet<string> | null;
}
export interface SeenFeedback {
  readonly data: Feedback;
  readonly about: Interaction | null;
}
/** Everything that was looked at, each once. */
export interface Seen {
  readonly interactions: readonly SeenInteraction[];
  readonly feedback: readonly SeenFeedback[];
}

/**
 * Is handed what the local detectors have just read, within the transaction that says so: exactly once, but again where
 * a second witness filled something in; `seen` tells the two apart, and brings feedback, which comes without interactions.
 */
export type Onlooker = (tx: Sql, deps: Deps, interactions: readonly Interaction[], seen: Seen) => Promise<void>;
