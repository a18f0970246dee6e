import { addMs, type Recorded } from '@firebreak/core/kernel';
import type { Tripwire } from '@firebreak/core/respond/tripwires';
import { candidatesHearing } from '../../detect/signals/index.ts';
import { type Deps, enqueue, type Watch } from '../../platform/index.ts';
import { allArmed } from './board.ts';

const AT_ONCE = 500;
const MOST_DUE = 10_000;
/** Whatever puts signals into a candidate. */
const GROWS: readonly string[] = [
  'candidate.opened',
  'candidate.joined',
  'candidate.absorbed',
  'candidate.split',
  'candidate.reported-late',
];

interface Followed {
  /** Null: not read yet, or somebody set, armed or removed one since. */
  armed: readonly Tripwire[] | null;
  /** How often that happened. */
  changes: number;
  /** Candidates that have heard more since they were looked at. */
  readonly due: Set<string>;
}
const followed = new WeakMap<Deps, Followed>();

/** Remembers which candidates grow: a job for each of them, in the log's transaction, would cost everybody who set no tripwire. */
export function follow(deps: Deps): void {
  const state: Followed = { armed: null, changes: 0, due: new Set() };
  followed.set(deps, state);
  deps.feed.on((facts: readonly Recorded[]) => {
    if (facts.some(({ type }) => type.startsWith('tripwire.'))) {
      state.armed = null;
      state.changes++;
    }
    if (state.armed?.length === 0) return;
    for (const { type, data } of facts)
      if (GROWS.includes(type) && state.due.size < MOST_DUE) state.due.add(data.candidate);
    if (state.armed === null || state.due.size > 0) deps.wake();
  });
}

async function look(deps: Deps): Promise<void> {
  const state = followed.get(deps);
  if (state === undefined) return;
  if (state.armed === null) {
    const { changes } = state;
    const armed = await allArmed(deps.db);
    // Changed while it was read: read again in a moment.
    if (state.changes !== changes) return deps.wake();
    state.armed = armed;
    // What was heard before this process knew of it, or while none was running.
    if (armed.length > 0) {
      const since = addMs(deps.now(), -Math.max(...armed.map(({ when }) => when.minutes)) * 60_000);
      const systems = [...new Set(armed.map(({ system }) => system))];
      for (const candidate of await candidatesHearing(deps.db, systems, since)) state.due.add(candidate);
    }
  }
  if (state.armed?.length === 0) state.due.clear();
  const now = [...state.due].slice(0, AT_ONCE);
  if (now.length === 0) return;
  // Before, so that what is heard meanwhile is due again.
  for (const candidate of now) state.due.delete(candidate);
  try {
    await deps.db.transaction(async (tx) => {
      for (const candidate of now)
        await enqueue(tx, deps, { kind: 'tripwire.look', payload: { candidate }, once: `tripwire.look ${candidate}` });
    });
  } catch (error) {
    for (const candidate of now) state.due.add(candidate);
    throw error;
  }
  deps.wake();
}

/** Asks for a look at every candidate that has heard more. Costs nothing where no tripwire is armed. */
export const watching: Watch = { name: 'tripwires', everyMs: 0, beside: true, look };
