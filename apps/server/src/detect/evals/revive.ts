import type { Run } from '@firebreak/core/detect/evals';
import { toMs } from '@firebreak/core/kernel';
import type { Watch } from '../../platform/index.ts';
import { endRunBecause } from './settle.ts';
import { openLane } from './start.ts';

const MINUTE_MS = 60_000;
/** Longer than any wait between two questions: then a lane has been lost. */
const QUIET_MS = 5 * MINUTE_MS;
const GIVE_UP_MS = 24 * 60 * MINUTE_MS;
const AT_ONCE = 20;

interface Quiet {
  readonly data: Run;
  readonly last_at: string | null;
}

/** A run whose jobs failed for good stands still and keeps its suite from running: it is set going again, and ended after a day. */
export const reviving: Watch = {
  name: 'eval-lanes',
  everyMs: MINUTE_MS,
  async look(deps) {
    const now = toMs(deps.now());
    const { rows } = await deps.db.query<Quiet>(
      `select r.data, (select max(at) from eval_attempt a where a.run = r.id) as last_at
       from eval_run_board r where r.state = 'running' order by r.started_at limit ${AT_ONCE}`,
    );
    for (const { data: run, last_at } of rows) {
      const quiet = now - Math.max(Date.parse(run.startedAt), last_at === null ? 0 : Date.parse(last_at));
      if (quiet < QUIET_MS) continue;
      if (quiet >= GIVE_UP_MS) {
        await endRunBecause(deps, run, 'could-not-run', 'Nothing was asked for a whole day.');
        continue;
      }
      const { rows: steps } = await deps.db.query<{ lane: number; n: number }>(
        'select lane, count(*)::int as n from eval_attempt where run = $1 group by lane',
        [run.id],
      );
      const done = new Map(steps.map(({ lane, n }) => [lane, n]));
      // Another wait is another key: what waits or failed under the first one is left alone.
      const wait = 1 + Math.floor(quiet / (10 * MINUTE_MS));
      await deps.db.transaction(async (tx) => {
        for (let lane = 0; lane < run.lanes; lane++) await openLane(tx, deps, run.id, lane, done.get(lane) ?? 0, wait);
      });
      deps.wake();
    }
  },
};
