import {
  type Crowd,
  type Habits,
  newCrowd,
  newHabits,
  observe,
  questionOf,
  spendBy,
  spendingOf,
} from '@firebreak/core/detect/access';
import { type Instant, instant, toMs } from '@firebreak/core/kernel';
import type { Deps, Sql, Watch } from '../../platform/index.ts';
import { readInteraction } from '../signals/index.ts';
import type { Noted } from './onlook.ts';
import { Remembered } from './remembered.ts';
import { type Told, tell } from './told.ts';

const DAY_MS = 86_400_000;
const QUOTED = 200;
/** Rounds begin for so long; then others have their turn. */
const ROUNDS_MS = 20_000;
/** Judged in one go: so many requests, in so many rows. */
const AT_ONCE = { requests: 10_000, rows: 2_500 };
/**
 * And of so many askers, a few more if they lie in the same row: what is written then is one transaction, a short one where a click
 * would wait for it, on the engine with a single connection.
 */
const ASKERS_AT_ONCE = { pglite: 1_000, postgresql: 10_000 } as const;
/** From so many on the next ones wait a while: each asker is read and written once for all it asked meanwhile. */
const MANY = 500;
const WAIT_MS = 5_000;
/** Others get their turn after so long. */
const BREATH_MS = 8;

const ofMs = (ms: number): Instant => instant(new Date(ms).toISOString());

async function aboutOf(tx: Sql, id: string): Promise<Told['about']> {
  const it = (await readInteraction(tx, id))?.interaction;
  if (it === undefined) return {};
  const question = questionOf(it);
  return {
    feature: it.feature,
    deployment: it.deployment,
    versions: it.versions,
    interaction: it.id,
    quotes:
      question === null || question.text === ''
        ? []
        : [
            {
              field: `input/${question.at}/content`,
              start: 0,
              end: Math.min(QUOTED, question.text.length),
              text: question.text.slice(0, QUOTED),
            },
          ],
  };
}

type Held = Remembered<Habits, Crowd>;

/** Holds each request against what its asker did before and what the others do, in the order they were made. */
async function judge(deps: Deps, sorted: readonly Noted[], held: Held): Promise<Told[]> {
  const told: Told[] = [];
  let breathedAt = performance.now();
  for (const { place, said, request } of sorted) {
    if (performance.now() - breathedAt > BREATH_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      breathedAt = performance.now();
    }
    const { habits, crowd, findings } = observe(
      held.principal(place, newHabits(request.at)),
      held.crowd(place),
      request,
    );
    const spending = spendBy(spendingOf(crowd), {
      who: place.principal,
      tokens: request.tokens ?? 0,
      interaction: request.id,
      day: Math.floor(request.at / DAY_MS),
    });
    held.set(place, habits, { ...crowd, spending });
    for (const finding of findings)
      told.push({
        system: said.system,
        at: said.at,
        since: ofMs(finding.since),
        of: place.kind as 'person',
        kind: finding.kind,
        evidenceClass: finding.evidenceClass,
        archetype: finding.archetype,
        text: `${place.kind === 'person' ? 'One and the same person or program' : 'One session'} of ${said.system} ${finding.says}.`,
        seen: finding.seen,
        usual: finding.usual,
        chance: finding.chance,
        interactions: habits.recent.filter((each) => each.at >= finding.since).map(({ id }) => id),
        signIns: [],
        subjectHash: place.kind === 'person' ? place.principal : null,
        about: await aboutOf(deps.db, request.id),
        same: `${said.system}|${place.principal}|${finding.kind}|${request.id}`,
      });
  }
  return told;
}

/** Somebody else has judged the same requests meanwhile. */
class Overtaken extends Error {}

/**
 * Judges the oldest requests of the part that waits longest, once: what is judged is deleted in the transaction that writes what came of
 * it. Nothing is held while they are read and thought about, so that a click need not wait for it; where another process was quicker,
 * its judgement stands. Answers how many requests.
 */
async function judgeSome(deps: Deps): Promise<number> {
  const read = await deps.db.transaction(async (tx) => {
    const oldest = await tx.query<{ id: string; data: Noted[] }>(
      `select id, data from (
         select id, data, sum(count) over (order by id) - count as before from (
           select id, data, count from access_seen
           where part = (select part from access_seen order by id limit 1) order by id limit ${AT_ONCE.rows}) oldest) w
       where before < ${AT_ONCE.requests} order by id`,
    );
    const askers = new Set<string>();
    const rows = oldest.rows.filter(({ data }) => {
      if (askers.size >= ASKERS_AT_ONCE[deps.db.engine]) return false;
      for (const { place } of data) askers.add(`${place.system} ${place.kind} ${place.principal}`);
      return true;
    });
    const sorted = rows.flatMap(({ data }) => data).sort((a, b) => (a.said.at < b.said.at ? -1 : 1));
    const places = sorted.map(({ place }) => place);
    return { rows, sorted, ...(await Remembered.loose<Habits, Crowd>(tx, places, newCrowd(toMs(deps.now())))) };
  }, 'bulk');
  const { rows, sorted, held } = read;
  if (rows.length === 0) return 0;
  for (const more of read.rest) await deps.db.transaction(more, 'bulk');
  const told = await judge(deps, sorted, held);
  try {
    await deps.db.transaction(async (tx) => {
      await tx.query("select pg_advisory_xact_lock(hashtext('firebreak-access'))");
      const { count } = await tx.query('delete from access_seen where id = any($1) returning id', [
        rows.map(({ id }) => id),
      ]);
      if (count < rows.length) throw new Overtaken();
      await held.write(tx, deps.now());
      await tell(tx, deps, told);
    }, 'bulk');
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
    return 0;
  }
  return sorted.length;
}

/** Until when those that come after many wait. */
const waits = new WeakMap<Deps, number>();

export const judging: Watch = {
  name: 'access',
  everyMs: 0,
  beside: true,
  async look(deps) {
    if (toMs(deps.now()) < (waits.get(deps) ?? 0)) return;
    if ((await deps.db.query('select 1 from access_seen limit 1')).count === 0) return;
    let requests = 0;
    const began = performance.now();
    while (performance.now() - began < ROUNDS_MS) {
      const judged = await judgeSome(deps);
      if (judged === 0) break;
      requests += judged;
    }
    if (requests >= MANY) waits.set(deps, toMs(deps.now()) + WAIT_MS);
    deps.wake();
  },
};
