import type { Feedback, Interaction } from '@firebreak/core/detect/signals';
import type { Deps, Sql } from '../../platform/index.ts';
import { talliesOf } from './detector-beats.ts';
import type { OnlookerName } from './onlooker-names.ts';

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

/** All that look, in the order in which they do. */
export type Onlookers = Readonly<Record<OnlookerName, Onlooker>>;

/** Where looking failed: until it has worked again each onlooker is by itself, so that one stops neither the others nor what comes after. */
const apart = new WeakSet<Deps>();
const MOST_WHY = 500;

/** Tells each onlooker. One that cannot look is noted beside the detectors. */
export async function tellEach(
  tx: Sql,
  deps: Deps,
  onlookers: Onlookers,
  interactions: readonly Interaction[],
  seen: Seen,
): Promise<void> {
  const tallies = talliesOf(deps);
  const looked = [...interactions, ...seen.feedback.map(({ data }) => data)];
  for (const [name, tell] of Object.entries(onlookers)) {
    if (!apart.has(deps)) {
      await tell(tx, deps, interactions, seen);
      tallies.look(name, looked, null, deps.now());
      continue;
    }
    await tx.query('savepoint onlooker');
    try {
      await tell(tx, deps, interactions, seen);
      await tx.query('release savepoint onlooker');
      tallies.look(name, looked, null, deps.now());
    } catch (error) {
      await tx.query('rollback to savepoint onlooker');
      const why = (error instanceof Error ? error.message : String(error)).slice(0, MOST_WHY);
      tallies.look(name, looked, why, deps.now());
      deps.log.error(
        { err: error, onlooker: name, interactions: interactions.length },
        'these interactions could not be looked at in one way; the other ways have looked at them',
      );
    }
  }
}

/** Runs what tells onlookers; after a failure they look each by itself, until looking has worked. */
export async function lookTogether<T>(deps: Deps, work: () => Promise<T>): Promise<T> {
  try {
    const done = await work();
    apart.delete(deps);
    return done;
  } catch (error) {
    apart.add(deps);
    throw error;
  }
}
