import { addMs, isRefusal, type Recorded } from '@firebreak/core/kernel';
import { LATE_MS, TOLD_AGAIN_MS } from '@firebreak/core/respond/held-answers';
import { type Effect, enqueue, type JobHandler, type Sql } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { tellOthers } from '../links/index.ts';
import { lateOf, waitingOf } from './board.ts';

interface Look {
  readonly system: string;
  /** Position in the log of the answer it is about first: what each telling is known by. */
  readonly seq: number;
  /** How far back answers that lapsed are counted. */
  readonly backMs: number;
}

const lookAt = (payload: Look, afterMs: number): Effect => ({
  kind: 'held-answers.late',
  payload,
  once: `held-answers:${payload.system}`,
  afterMs,
});

/** One look for each system, when the first of its answers has waited for too long. */
export const lookAfter = ({ type, data, seq }: Recorded): Effect[] =>
  type === 'answer.held' ? [lookAt({ system: data.system, seq, backMs: LATE_MS }, LATE_MS)] : [];

/** Tells that answers wait, or were given up because nobody decided; looks again as long as there is something to tell. */
export const tellLate: JobHandler = {
  async within(tx: Sql, { system, seq, backMs }: Look, deps) {
    const now = deps.now();
    const { waiting, lapsed, oldest } = await lateOf(tx, system, {
      before: addMs(now, -LATE_MS),
      since: addMs(now, -backMs),
    });
    if (waiting + lapsed === 0) {
      if ((await waitingOf(tx, system)) > 0) await enqueue(tx, deps, lookAt({ system, seq, backMs: LATE_MS }, LATE_MS));
      return;
    }
    const found = await readSystem(tx, system);
    const parts = [
      ...(waiting > 0 ? [`${waiting} ${waiting === 1 ? 'answer waits' : 'answers wait'} for a person`] : []),
      ...(lapsed > 0 ? [`${lapsed} ${lapsed === 1 ? 'was' : 'were'} given up because nobody decided`] : []),
    ];
    await tellOthers(tx, deps, {
      event: 'answers.waiting',
      key: seq,
      about: system,
      body: {
        title: `${system}: ${parts.join(', and ')}`,
        system,
        owner: isRefusal(found) ? '' : found.owner,
        waiting,
        lapsed,
        oldestAt: oldest,
        url: `${deps.config.publicUrl}/held-answers?system=${encodeURIComponent(system)}`,
      },
    });
    const head = await tx.query<{ seq: number }>('select seq from log_head');
    await enqueue(tx, deps, lookAt({ system, seq: Number(head.rows[0]!.seq), backMs: TOLD_AGAIN_MS }, TOLD_AGAIN_MS));
  },
};
