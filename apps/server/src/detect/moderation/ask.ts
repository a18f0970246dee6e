import {
  answered,
  counts,
  failed,
  foldModerator,
  heardFrom,
  isTrying,
  isUnreadable,
  type Moderator,
  mayAsk,
  type Question,
  questionAbout,
  questionsAtOnce,
  signalOfOpinion,
} from '@firebreak/core/detect/moderation';
import type { Interaction } from '@firebreak/core/detect/signals';
import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import { actWithin, announce, type Deps, firebreakItself, type JobHandler, type Sql } from '../../platform/index.ts';
import { type Raised, storeSignals, telemetryOf } from '../signals/index.ts';
import { activeModerators, tally } from './board.ts';
import { type Known, rememberedOf } from './remembered.ts';
import { keyOf } from './secrets.ts';
import { type Reply, sameQuestion, send } from './send.ts';

/** Well within the lease of a job. */
const GO_ON_MS = 15_000;
/** Times one question is asked before there is no opinion on it. */
const ATTEMPTS = 2;

interface Waiting {
  readonly id: string;
  readonly data: Interaction | null;
}
interface Settled {
  readonly id: string;
  readonly state: 'waiting' | 'flagged' | 'clean' | 'none';
  readonly why: string | null;
  readonly known: Known | null;
  readonly latencyMs: number | null;
  readonly raised: Raised | null;
}

const none = (id: string, why: string): Settled => ({
  id,
  state: 'none',
  why,
  known: null,
  latencyMs: null,
  raised: null,
});

async function waitingFor(sql: Sql, moderator: string, most: number): Promise<Waiting[]> {
  const { rows } = await sql.query<Waiting>(
    `select o.interaction as id, i.data from moderation_opinion o left join interaction i on i.id = o.interaction
     where o.moderator = $1 and o.state = 'waiting' order by o.at, o.interaction limit $2`,
    [moderator, most],
  );
  return rows;
}

/** What became of some questions, the signals and the sums, all at once. */
async function settle(
  deps: Deps,
  moderator: Moderator,
  settled: readonly Settled[],
  replies: readonly Reply[],
): Promise<void> {
  const now = deps.now();
  const breaker = rememberedOf(deps).breaker(moderator.id);
  const facts = await deps.db.transaction(async (tx): Promise<readonly Recorded[]> => {
    const { rows } = await tx.query<{ state: string; interaction: string }>(
      `update moderation_opinion o set attempts = attempts + case when r.state = 'waiting' then 1 else 0 end, why = r.why,
         state = case when r.state = 'waiting' and attempts + 1 >= ${ATTEMPTS} then 'none' else r.state end,
         model = r.model, latency_ms = r.latency, said = r.said
       from jsonb_to_recordset($2::jsonb) as r(id text, state text, why text, model text, latency real, said jsonb)
       where o.moderator = $1 and o.interaction = r.id and o.state = 'waiting' returning o.state, o.interaction`,
      [
        moderator.id,
        JSON.stringify(
          settled.map(({ id, state, why, known, latencyMs }) => ({
            id,
            state,
            why,
            model: known?.model ?? null,
            latency: latencyMs,
            said: known?.opinion ?? null,
          })),
        ),
      ],
    );
    const became = new Map(rows.map(({ interaction, state }) => [interaction, state]));
    const times = (state: string) => rows.filter((row) => row.state === state).length;
    await tally(tx, moderator.id, now, {
      flagged: times('flagged'),
      clean: times('clean'),
      none: times('none'),
      requests: replies.length,
      ms: replies.reduce((sum, { latencyMs }) => sum + latencyMs, 0),
    });
    const stored = await storeSignals(
      tx,
      deps,
      settled.flatMap(({ id, raised }) => (raised !== null && became.get(id) === 'flagged' ? [raised] : [])),
    );
    if (stored.fresh > 0) deps.hints.give({ kind: 'signals' });
    const fault = replies.some((each) => each.fault === null) ? null : (replies[0]?.fault ?? null);
    if (replies.length === 0) return [];
    const done = await actWithin(tx, deps, {
      stream: moderator.id,
      by: firebreakItself('moderation'),
      may: 'monitor.edit',
      fold: foldModerator,
      decide: (held) => heardFrom(held, { fault, failures: breaker.failures, open: breaker.openUntil !== null }),
    });
    if (isRefusal(done)) throw new Error(`what a moderator said was refused: ${done.why}`);
    return done.facts;
  }, 'bulk');
  await announce(deps, facts);
  deps.hints.give({ kind: 'moderation' });
}

/** Asks about some that wait. False: nothing waits, or it may not be asked now. */
async function askSome(deps: Deps, moderator: Moderator, key: string | null): Promise<boolean> {
  const memory = rememberedOf(deps);
  if (!mayAsk(memory.breaker(moderator.id), deps.now())) return false;
  const trying = isTrying(memory.breaker(moderator.id));
  const size = questionsAtOnce(moderator.kind);
  const waiting = await waitingFor(deps.db, moderator.id, trying ? size : size * moderator.atOnce);
  if (waiting.length === 0) return false;
  const { digest } = await telemetryOf(deps).aids();
  const settled: Settled[] = [];
  const asked: { readonly question: Question; readonly it: Interaction; readonly same: string }[] = [];
  const judged = (it: Interaction, known: Known, latencyMs: number | null): Settled => {
    const flagged = counts(known.opinion, moderator);
    const raised = flagged ? signalOfOpinion(moderator, it, known.opinion, known.model, digest) : null;
    return { id: it.id, state: flagged ? 'flagged' : 'clean', why: null, known, latencyMs, raised };
  };
  for (const { id, data } of waiting) {
    const question = data === null ? null : questionAbout(data, moderator);
    if (data === null) settled.push(none(id, 'the interaction is no longer kept'));
    else if (question === null) settled.push(none(id, 'nothing to read was captured'));
    else {
      const same = sameQuestion(moderator, question);
      const known = memory.opinion(same);
      if (known !== null) settled.push(judged(data, known, null));
      else asked.push({ question, it: data, same });
    }
  }
  const groups: (typeof asked)[] = [];
  for (let at = 0; at < asked.length; at += size) groups.push(asked.slice(at, at + size));
  const replies = await Promise.all(
    groups.map((group) =>
      send(
        deps,
        moderator,
        key,
        group.map(({ question }) => question),
      ),
    ),
  );
  for (const [i, { said, fault, waitMs, latencyMs }] of replies.entries()) {
    memory.set(moderator.id, fault === null ? answered() : failed(memory.breaker(moderator.id), deps.now(), waitMs));
    for (const [j, { it, same }] of groups[i]!.entries()) {
      const opinion = said?.opinions[j] ?? { unreadable: fault ?? 'it says nothing about this one' };
      if (isUnreadable(opinion)) {
        // Asked to wait is not refused: the question is asked again without being counted.
        if (waitMs === null)
          settled.push({ id: it.id, state: 'waiting', why: opinion.unreadable, known: null, latencyMs, raised: null });
        continue;
      }
      const known = { opinion, model: said!.model };
      memory.keep(same, known);
      settled.push(judged(it, known, latencyMs));
    }
  }
  await settle(deps, moderator, settled, replies);
  return true;
}

/** Asks about everything that waits, for a bounded time. It may happen again after a crash: opinions are kept once. */
export const asking: JobHandler = {
  slow: true,
  async outside({ moderator: id }: { readonly moderator: string }, deps) {
    const until = performance.now() + GO_ON_MS;
    while (performance.now() < until) {
      // Read again each time: it may have been paused or removed meanwhile.
      const moderator = (await activeModerators(deps.db)).find((each) => each.id === id);
      if (moderator === undefined) return;
      if (!(await askSome(deps, moderator, await keyOf(deps.db, deps, id)))) return;
    }
  },
};
