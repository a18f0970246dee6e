import { foldReview, missReview, USUAL_PROMISE_HOURS } from '@firebreak/core/detect/reviews';
import { duty, type Feedback } from '@firebreak/core/detect/signals';
import { isRefusal } from '@firebreak/core/kernel';
import { actOnMany, announce, type Deps, firebreakItself, type Watch } from '../../platform/index.ts';
import { promiseBroken, promiseTold, type Raised, storeSignals } from '../signals/index.ts';
import { promisesOf } from './board.ts';

const AT_ONCE = 200;
const MOST_ROUNDS = 20;

const NO_VERSIONS = { model: null, modelAsked: null, prompt: null, index: null, tools: null };

/** One signal for each system and day, however many wait. */
function signalsOf(missed: readonly Feedback[], hours: (system: string) => number, now: Feedback['at']): Raised[] {
  const systems = [...new Set(missed.map(({ system }) => system))];
  return systems.map((system) => {
    const items = missed.filter((it) => it.system === system);
    return {
      at: now,
      channel: 'feedback',
      kind: 'review-overdue',
      detector: 'review queue',
      rule: `looked at within ${hours(system)} h`,
      evidenceClass: 'strong',
      score: null,
      system,
      feature: null,
      deployment: null,
      versions: NO_VERSIONS,
      subjectHash: null,
      archetype: 'control-failure',
      severityHint: null,
      text: `Feedback about ${system} was not looked at within the ${hours(system)} hours that were promised: ${items.length === 1 ? 'one piece' : `${items.length} pieces`}, the oldest received ${items[0]!.receivedAt.slice(0, 16).replace('T', ' ')} UTC.`,
      quotes: [],
      interaction: null,
      dedupKey: `review-overdue|${system}|${now.slice(0, 10)}`,
      pagesAlone: duty(`people were promised that feedback is looked at within ${hours(system)} h`),
    };
  });
}

async function tellSome(deps: Deps): Promise<number> {
  const now = deps.now();
  const promises = await promisesOf(deps.db);
  const hours = (system: string): number => promises.get(system) ?? USUAL_PROMISE_HOURS;
  const { missed, facts } = await deps.db.transaction(async (tx) => {
    const missed = await promiseBroken(tx, { hours: promises, usual: USUAL_PROMISE_HOURS, now, limit: AT_ONCE });
    if (missed.length === 0) return { missed, facts: [] };
    const byId = new Map(missed.map((it) => [it.id as string, it]));
    const done = await actOnMany(tx, deps, {
      streams: [...byId.keys()],
      by: firebreakItself('reviews'),
      may: 'candidate.judge',
      fold: foldReview,
      decide: (stream, state) => {
        const { id: feedback, system, kind, receivedAt } = byId.get(stream)!;
        return missReview(state, { feedback, system, kind, receivedAt, promisedHours: hours(system) });
      },
    });
    if (isRefusal(done)) throw new Error(`a broken promise was not recorded: ${done.why}`);
    await promiseTold(tx, [...byId.keys()]);
    await storeSignals(tx, deps, signalsOf(missed, hours, now));
    return { missed, facts: done.facts };
  }, 'bulk');
  await announce(deps, facts);
  if (missed.length > 0) deps.wake();
  return missed.length;
}

/** Tells once of everything whose promised time has passed. */
export const promiseWatch: Watch = {
  name: 'review-promise',
  everyMs: 60_000,
  async look(deps) {
    for (let round = 0; round < MOST_ROUNDS && (await tellSome(deps)) === AT_ONCE; round++);
  },
};
