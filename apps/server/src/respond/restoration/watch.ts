import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import { foldIncident } from '@firebreak/core/respond/incidents';
import {
  advanceRestorations,
  foldRestorations,
  haltRestoration,
  meetCondition,
  type Restoration,
  unmet,
} from '@firebreak/core/respond/restoration';
import { lastFinished } from '../../detect/evals/index.ts';
import { act, type Deps, firebreakItself, loadStream } from '../../platform/index.ts';
import { holdById, orderAgain } from '../containment/index.ts';
import { incidentsDue, underWay } from './board.ts';
import { relapseSince } from './relapse.ts';

const itself = firebreakItself('restoration');

/** A run passes when nothing got worse than its baseline, or, where there is none, when nothing failed. */
async function passedSince(deps: Deps, suite: string, since: string): Promise<string | null> {
  const run = await lastFinished(deps.db, suite);
  if (run?.ended == null || run.startedAt <= since) return null;
  const { comparison, counts, newlyFailing } = run.ended;
  if (counts.passed === 0 || counts.unanswered > 0 || newlyFailing.length > 0) return null;
  const good = comparison === null ? counts.failed === 0 : comparison.verdict !== 'regressed';
  return good ? run.id : null;
}

async function meetSuites(deps: Deps, incident: string, { hold, plan, met, askedAt }: Restoration): Promise<void> {
  for (const place of unmet({ plan, met })) {
    const condition = plan.conditions[place]!;
    if (condition.kind !== 'suite') continue;
    const run = await passedSince(deps, condition.suite, askedAt);
    if (run === null) continue;
    const done = await act(deps, {
      stream: incident,
      by: itself,
      may: 'room.write',
      fold: foldRestorations,
      decide: (state, asked) => meetCondition(state, { hold, place, note: `“${condition.name}” passed`, run }, asked),
    });
    if (isRefusal(done)) deps.log.warn({ hold, why: done.why }, 'a condition could not be met');
  }
}

async function haltIfBack(deps: Deps, incident: string, { hold: id, state, steppedAt }: Restoration): Promise<void> {
  const hold = await holdById(deps.db, id);
  if (hold === null || steppedAt === undefined) return;
  const candidate = foldIncident((await loadStream(deps.db, incident)) as Recorded[])?.candidate ?? null;
  const back = await relapseSince(deps.db, hold, steppedAt, candidate);
  if (back === null) return;
  const reason = `It came back: ${back.text}`.slice(0, 2_000);
  // First the brake, then the record of why: whatever dies in between, the brake is on, and a second order changes nothing.
  const again = state === 'watched' ? await orderAgain(deps, itself, hold, reason) : null;
  if (isRefusal(again)) {
    deps.log.warn({ hold: id, why: again.why }, 'a hold could not be ordered again after a relapse');
    return;
  }
  await act(deps, {
    stream: incident,
    by: itself,
    may: 'containment.order',
    fold: foldRestorations,
    decide: (known, asked) =>
      haltRestoration(
        known,
        { hold: id, reason, signal: back.id, ...(again === null ? {} : { again: again.hold }) },
        asked,
      ),
  });
}

/** Meets conditions that runs show, halts what came back, and goes on where a step is due. Looking twice changes nothing. */
export async function look(deps: Deps): Promise<void> {
  for (const { incident, data } of await underWay(deps.db)) {
    if (data.state === 'asked') await meetSuites(deps, incident, data);
    else await haltIfBack(deps, incident, data);
  }
  for (const incident of await incidentsDue(deps.db, deps.now()))
    await act(deps, {
      stream: incident,
      by: itself,
      may: 'containment.lift',
      fold: foldRestorations,
      decide: advanceRestorations,
    });
}
