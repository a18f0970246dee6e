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
const MOST_ROUNDS = 20;
/**
 * Requests that are judged in one go, and the most batches they may lie in. What is written then is one transaction: a short
 * one where a click would wait for it, on the engine with a single connection.
 */
const AT_ONCE = { pglite: 500, postgresql: 10_000 } as const;
const BATCHES_AT_ONCE = 100;
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

interface Judged {
  readonly held: Remembered<Habits, Crowd>;
  readonly told: readonly Told[];
}

/** Holds each request against what its asker did before and what the others do, in the order they were made. */
async function judge(deps: Deps, noted: readonly Noted[]): Promise<Judged> {
  const sorted = [...noted].sort((a, b) => (a.said.at < b.said.at ? -1 : 1));
  const held = await Remembered.loose<Habits, Crowd>(
    (work) => deps.db.transaction(work, 'bulk'),
    sorted.map(({ place }) => place),
    newCrowd(toMs(deps.now())),
  );
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
  return { held, told };
}

/** Somebody else has judged the same requests meanwhile. */
class Overtaken extends Error {}

/**
 * Judges the oldest requests, once: what is judged is deleted in the transaction that writes what came of it. Nothing is held
 * while they are read and thought about, so that a click need not wait for it; where another process was quicker, its
 * judgement stands. Answers how many requests.
 */
async function judgeSome(deps: Deps, atOnce: number): Promise<number> {
  const { rows } = await deps.db.transaction(
    (tx) =>
      tx.query<{ id: string; data: Noted[] }>(
        `select id, data from (
           select id, data, sum(count) over (order by id) - count as before from (
             select id, data, count from access_seen order by id limit ${BATCHES_AT_ONCE}) oldest) w
         where before < $1 order by id`,
        [atOnce],
      ),
    'bulk',
  );
  if (rows.length === 0) return 0;
  const noted = rows.flatMap(({ data }) => data);
  const { held, told } = await judge(deps, noted);
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
  return noted.length;
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
    const atOnce = AT_ONCE[deps.db.engine];
    let requests = 0;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const judged = await judgeSome(deps, atOnce);
      requests += judged;
      if (judged < atOnce) break;
    }
    if (requests >= MANY) waits.set(deps, toMs(deps.now()) + WAIT_MS);
    deps.wake();
  },
};
