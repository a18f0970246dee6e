import { group, isMute, type Profile } from '@firebreak/core/detect/candidates';
import { isReadable, type Signal, type SignalId } from '@firebreak/core/detect/signals';
import { addMs, type Recorded } from '@firebreak/core/kernel';
import { announce, type Deps, lockStreams, type Sql, type Watch } from '../../platform/index.ts';
import {
  expire,
  expireLoose,
  forgetTrouble,
  hasNewSignals,
  loosen,
  looseSignals,
  newSignals,
  noteTrouble,
} from '../signals/index.ts';
import { defer, tell } from './joining.ts';
import { tellLate } from './late.ts';
import {
  changesOf,
  closedProfilesOf,
  forgetEnded,
  forgetProfile,
  frequencies,
  keepProfiles,
  learn,
  neverOf,
  profilesOf,
  quietProfilesOf,
} from './memory.ts';

const AT_ONCE = 200;
const MOST_ROUNDS = 5;
const LOOSE_AT_ONCE = 200;
const LOOSE_FOR_MS = 6 * 3_600_000;
const MUTE_FOR_MS = 60_000;
const MOST_WHY = 500;

/** One pass: places the signals nobody has placed yet, or one of them. Facts, boards and marks are written together or not at all. */
async function pass(deps: Deps, only: SignalId | null = null): Promise<number> {
  const among = await frequencies(deps);
  const { facts, placed, systems } = await deps.db.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock(hashtext('firebreak-grouping'))");
    const found = await newSignals(tx, deps.now(), AT_ONCE, only);
    const fresh = found.filter(isReadable);
    await setAside(
      tx,
      deps,
      found.filter((row) => !isReadable(row)),
    );
    const systems = [...new Set(fresh.map((signal) => signal.system))];
    const facts: Recorded[] = [];
    if (fresh.length === 0) return { facts, placed: found.length, systems };
    for (const signal of fresh) learn(among, signal);
    const never = await neverOf(tx, systems);
    const { placements, loose, late } = group(
      fresh,
      (await looseSignals(tx, systems, addMs(deps.now(), -LOOSE_FOR_MS), LOOSE_AT_ONCE)).filter(isReadable),
      await profilesOf(tx, systems, deps.now()),
      {
        among,
        changes: await changesOf(tx, systems, deps.now()),
        never,
        closed: await closedProfilesOf(tx, systems, deps.now()),
        quiet: await quietProfilesOf(tx, systems, deps.now()),
        mint: () => deps.mint('cnd'),
      },
    );
    const later = await defer(tx, deps, placements);
    await lockStreams(tx, deps, [
      ...placements.map(({ candidate }) => candidate).filter((candidate) => !later.has(candidate)),
      ...late.map(({ candidate }) => candidate),
    ]);
    const grown: Profile[] = [];
    for (const placement of placements) {
      if (!later.has(placement.candidate)) {
        const told = await tell(tx, deps, placement);
        if (told === null) {
          // Ended by a person meanwhile: the signals stay new and find another place in the next pass.
          await forgetProfile(tx, placement.candidate);
          continue;
        }
        facts.push(...told);
      }
      grown.push(placement.profile);
    }
    await keepProfiles(tx, grown);
    facts.push(...(await tellLate(tx, deps, late)));
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
    return { facts, placed: found.length, systems };
  }, 'bulk');
  announce(deps, facts);
  for (const system of systems) deps.hints.give({ kind: 'signals', system });
  return placed;
}

/** What no rule can read is named in the log of the server, and does not hold up the signals behind it. */
async function setAside(tx: Sql, deps: Deps, rows: readonly { readonly id: Signal['id'] }[]): Promise<void> {
  if (rows.length === 0) return;
  deps.log.error({ signals: rows.map((row) => row.id) }, 'rows that are no signals were left out of the grouping');
  await expire(
    tx,
    rows.map((row) => row.id),
  );
}

/**
 * A pass failed: each signal by itself, so that one that cannot be placed does not hold up the others. Where none at all can,
 * it is not for the signals, and nothing is held against them.
 */
async function oneByOne(deps: Deps, failure: unknown): Promise<void> {
  const waiting = await newSignals(deps.db, deps.now(), AT_ONCE);
  const failed: { id: SignalId; why: string }[] = [];
  for (const { id } of waiting)
    try {
      await pass(deps, id);
    } catch (error) {
      failed.push({ id, why: (error instanceof Error ? error.message : String(error)).slice(0, MOST_WHY) });
    }
  if (failed.length === 0) return;
  if (failed.length > 1 && failed.length === waiting.length) throw failure;
  const aside = await deps.db.transaction((tx) => noteTrouble(tx, deps.now(), failed));
  deps.log.error({ err: failure, failed: failed.slice(0, 20), aside }, 'signals could not be placed; the others were');
  if (aside.length > 0) deps.hints.give({ kind: 'monitors' });
}

export const grouping: Watch = {
  name: 'grouping',
  everyMs: 0,
  beside: true,
  async look(deps) {
    for (let round = 0; round < MOST_ROUNDS; round++)
      try {
        if (!(await hasNewSignals(deps.db, deps.now())) || (await pass(deps)) < AT_ONCE) return;
      } catch (error) {
        await oneByOne(deps, error);
      }
    deps.wake();
  },
};

export const expiry: Watch = {
  name: 'loose-signals',
  everyMs: 300_000,
  async look(deps) {
    await expireLoose(deps.db, addMs(deps.now(), -LOOSE_FOR_MS));
    await forgetEnded(deps.db, deps.now());
    await forgetTrouble(deps.db);
  },
};
