import { group, isMute, keyOf } from '@firebreak/core/detect/candidates';
import { addMs, type Recorded } from '@firebreak/core/kernel';
import { announce, type Deps, type Watch } from '../../platform/index.ts';
import { expire, expireLoose, hasNewSignals, loosen, looseSignals, newSignals } from '../signals/index.ts';
import { defer, tell } from './joining.ts';
import {
  changesOf,
  forgetEnded,
  forgetProfile,
  frequencies,
  keepProfile,
  learn,
  neverOf,
  profilesOf,
} from './memory.ts';

const AT_ONCE = 200;
const MOST_ROUNDS = 5;
const LOOSE_AT_ONCE = 200;
const LOOSE_FOR_MS = 6 * 3_600_000;
const MUTE_FOR_MS = 60_000;

/** One pass: places the signals nobody has placed yet. Facts, boards and marks are written together or not at all. */
async function pass(deps: Deps): Promise<number> {
  const among = await frequencies(deps);
  const { facts, placed, systems } = await deps.db.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock(hashtext('firebreak-grouping'))");
    const fresh = await newSignals(tx, AT_ONCE);
    const systems = [...new Set(fresh.map((signal) => signal.system))];
    const facts: Recorded[] = [];
    if (fresh.length === 0) return { facts, placed: 0, systems };
    for (const signal of fresh) learn(among, signal);
    const never = await neverOf(tx, systems);
    const { placements, loose } = group(
      fresh,
      await looseSignals(tx, systems, addMs(deps.now(), -LOOSE_FOR_MS), LOOSE_AT_ONCE),
      await profilesOf(tx, systems, deps.now()),
      {
        among,
        changes: await changesOf(tx, systems, deps.now()),
        never: (signal, candidate) => never.size > 0 && never.has(`${candidate}\n${keyOf(signal)}`),
        mint: () => deps.mint('cnd'),
      },
    );
    for (const placement of placements) {
      if (!(await defer(tx, deps, placement))) {
        const told = await tell(tx, deps, placement);
        if (told === null) {
          // Ended by a person meanwhile: the signals stay new and find another place in the next pass.
          await forgetProfile(tx, placement.candidate);
          continue;
        }
        facts.push(...told);
      }
      await keepProfile(tx, placement.profile);
    }
    // Thumbs without words wait for their conversation a short while only, so that they never crowd out what has words.
    const since = addMs(deps.now(), -MUTE_FOR_MS);
    const waiting = loose.filter((signal) => !(isMute(signal) && signal.receivedAt < since));
    await loosen(
      tx,
      waiting.map((signal) => signal.id),
    );
    await expire(
      tx,
      loose.filter((signal) => !waiting.includes(signal)).map((signal) => signal.id),
    );
    return { facts, placed: fresh.length, systems };
  }, 'bulk');
  announce(deps, facts);
  for (const system of systems) deps.hints.give({ kind: 'signals', system });
  return placed;
}

export const grouping: Watch = {
  name: 'grouping',
  everyMs: 0,
  async look(deps) {
    for (let round = 0; round < MOST_ROUNDS && (await hasNewSignals(deps.db)); round++)
      if ((await pass(deps)) < AT_ONCE) return;
  },
};

export const expiry: Watch = {
  name: 'loose-signals',
  everyMs: 300_000,
  async look(deps) {
    await expireLoose(deps.db, addMs(deps.now(), -LOOSE_FOR_MS));
    await forgetEnded(deps.db, deps.now());
  },
};
