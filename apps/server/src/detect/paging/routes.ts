import { paging as doors } from '@firebreak/contract/detect/paging';
import { type Candidate, foldCandidate, type ToldChannel } from '@firebreak/core/detect/candidates';
import {
  acknowledge,
  type Condition,
  changeCondition,
  endSilence,
  extendSilence,
  foldCondition,
  foldSilence,
  LONGEST_SILENCE_MS,
  readPage,
  removeCondition,
  type Silence,
  sayRule,
  setCondition,
  setSilence,
  silentUntil,
  whyCandidate,
  whySignal,
} from '@firebreak/core/detect/paging';
import { addMs, type Instant, isRefusal, refuse } from '@firebreak/core/kernel';
import { type App, act, type Deps, route, type Sql } from '../../platform/index.ts';
import { currentRubric } from '../../prepare/rubric/index.ts';
import { findCandidate, unknownCandidate } from '../candidates/index.ts';
import { countSignals, matchingSignals, placementOf } from '../signals/index.ts';
import { countInForce, findSilence, listConditions, listSilences } from './board.ts';
import { readConditions, weighCandidate, weighSignals } from './weigh.ts';

/** Who would be told of a page now. */
export type Listening = (sql: Sql) => Promise<readonly ToldChannel[]>;
const SHOWN = 100;

const matchOf = (silence: Silence, now: Instant) => {
  const until = silentUntil(silence);
  return { ...silence, from: silence.setAt, to: until < now ? until : addMs(now, 1) };
};
/** Signals a silence held back; of one that is over, as counted at its end: telemetry is not kept for ever. */
export const silencedBy = (sql: Sql, silence: Silence, now: Instant): Promise<number> =>
  countSignals(sql, matchOf(silence, now));

const silenceRow = async (sql: Sql, silence: Silence, now: Instant) => ({
  ...silence,
  silenced: silence.over?.silenced ?? (await silencedBy(sql, silence, now)),
});

async function conditionRow(sql: Sql, condition: Condition, now: Instant) {
  const [reading] = condition.system === null ? [] : await readConditions(sql, [condition], condition.system, now);
  return {
    ...condition,
    rule: { ...condition.rule },
    says: sayRule(condition.rule),
    met: reading?.met ?? null,
    stands: reading?.says ?? 'read for each system by itself',
  };
}

/** Why a candidate paged, or did not, with these channels. */
export async function whyWith(deps: Deps, candidate: Candidate, channels: readonly ToldChannel[]) {
  const { table } = await currentRubric(deps.db);
  const now = deps.now();
  const weighed = await weighCandidate(deps.db, candidate, now, table);
  return { ...whyCandidate(candidate, readPage(candidate, weighed, now, table), channels), channels: [...channels] };
}

export const routesWith = (listening: Listening) =>
  function routes(app: App, deps: Deps): void {
    const answerFor = async (candidate: Candidate) => whyWith(deps, candidate, await listening(deps.db));
    const plain = <T extends { readonly hindrances: readonly object[] }>(answer: T) => ({
      ...answer,
      hindrances: answer.hindrances.map((each) => ({ ...each })) as T['hindrances'][number][],
    });

    route(app, doors.why, async ({ params }) => {
      const candidate = await findCandidate(deps.db, params.candidate);
      if (candidate === null) return unknownCandidate(params.candidate);
      const { state, pages, id } = candidate;
      return { ...plain(await answerFor(candidate)), candidate: id, state, pages };
    });
    route(app, doors.channels, async () => ({ channels: [...(await listening(deps.db))] }));
    route(app, doors.whySignal, async ({ params }) => {
      const found = await placementOf(deps.db, params.signal);
      if (found === null)
        return refuse('signal.unknown', `There is no signal “${params.signal}”. It may be older than what is kept.`);
      const { signal, placement } = found;
      const candidate = found.candidate === null ? null : await findCandidate(deps.db, found.candidate);
      const weighed =
        candidate === null
          ? null
          : await weighSignals(deps.db, candidate, [signal], deps.now(), (await currentRubric(deps.db)).table);
      const answer = candidate === null ? null : await answerFor(candidate);
      const { paged, says, hindrances, nextAt } = whySignal(signal, placement, weighed, answer);
      return { ...plain({ paged, says, hindrances, nextAt }), signal: signal.id, candidate: candidate?.id ?? null };
    });
    route(app, doors.acknowledge, async ({ params, caller }) => {
      if ((await findCandidate(deps.db, params.candidate)) === null) return unknownCandidate(params.candidate);
      const done = await act(deps, {
        stream: params.candidate,
        by: caller,
        may: 'candidate.judge',
        fold: foldCandidate,
        decide: acknowledge,
      });
      return isRefusal(done) ? done : done.state!;
    });

    route(app, doors.silences, async () => {
      const now = deps.now();
      const silences = await listSilences(deps.db);
      return {
        silences: await Promise.all(silences.map((it) => silenceRow(deps.db, it, now))),
        longestMs: LONGEST_SILENCE_MS,
      };
    });
    const silenceAnswer = async (state: Silence) => ({ silence: await silenceRow(deps.db, state, deps.now()) });
    route(app, doors.silence, async ({ body, caller }) => {
      const silence = deps.mint('sil');
      const inForce = await countInForce(deps.db);
      const done = await act(deps, {
        stream: silence,
        by: caller,
        may: 'candidate.judge',
        fold: foldSilence,
        decide: (state, { at }) => setSilence(state, { silence, ...body }, at, inForce),
      });
      return isRefusal(done) ? done : silenceAnswer(done.state!);
    });
    route(app, doors.extendSilence, async ({ params, body, caller }) => {
      const done = await act(deps, {
        stream: params.silence,
        by: caller,
        may: 'candidate.judge',
        fold: foldSilence,
        decide: (state, { at }) => extendSilence(state, body, at),
      });
      return isRefusal(done) ? done : silenceAnswer(done.state!);
    });
    route(app, doors.endSilence, async ({ params, body, caller }) => {
      const done = await act(deps, {
        stream: params.silence,
        by: caller,
        may: 'candidate.judge',
        fold: foldSilence,
        given: async (tx) => {
          const held = await findSilence(tx, params.silence);
          return held === null ? 0 : silencedBy(tx, held, deps.now());
        },
        decide: (state, _asked, silenced) => endSilence(state, { ...body, silenced }),
      });
      return isRefusal(done) ? done : silenceAnswer(done.state!);
    });
    route(app, doors.silencedSignals, async ({ params }) => {
      const silence = await findSilence(deps.db, params.silence);
      if (silence === null)
        return refuse('silence.unknown', 'There is no such silence. List the silences to see the ones there are.');
      return { signals: await matchingSignals(deps.db, matchOf(silence, deps.now()), SHOWN) };
    });

    const conditionAnswer = async (state: Condition) => ({ condition: await conditionRow(deps.db, state, deps.now()) });
    route(app, doors.conditions, async () => {
      const now = deps.now();
      const conditions = await listConditions(deps.db);
      return { conditions: await Promise.all(conditions.map((it) => conditionRow(deps.db, it, now))) };
    });
    route(app, doors.setCondition, async ({ body, caller }) => {
      const condition = deps.mint('con');
      const beside = (await listConditions(deps.db)).length;
      const done = await act(deps, {
        stream: condition,
        by: caller,
        may: 'monitor.edit',
        fold: foldCondition,
        decide: (state) => setCondition(state, { condition, ...body }, beside),
      });
      return isRefusal(done) ? done : conditionAnswer(done.state!);
    });
    route(app, doors.changeCondition, async ({ params, body, caller }) => {
      const done = await act(deps, {
        stream: params.condition,
        by: caller,
        may: 'monitor.edit',
        fold: foldCondition,
        decide: (state) => changeCondition(state, body),
      });
      return isRefusal(done) ? done : conditionAnswer(done.state!);
    });
    route(app, doors.removeCondition, async ({ params, body, caller }) => {
      const done = await act(deps, {
        stream: params.condition,
        by: caller,
        may: 'monitor.edit',
        fold: foldCondition,
        decide: (state) => removeCondition(state, body),
      });
      return isRefusal(done) ? done : {};
    });
  };
