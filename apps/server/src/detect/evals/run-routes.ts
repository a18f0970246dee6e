import { evals as doors } from '@firebreak/contract/detect/evals';
import type { Run } from '@firebreak/core/detect/evals';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { type App, announce, type Deps, route } from '../../platform/index.ts';
import { readRun } from './board.ts';
import { unknownSuite } from './routes.ts';
import { endRunBecause } from './settle.ts';
import { shownResults, shownRuns } from './shown.ts';
import { startRunWithin, suiteForStart } from './start.ts';

const unknownRun = (): Refusal =>
  refuse('eval-run.unknown', 'There is no such run. List the runs to see the ones there are.');

export function runRoutes(app: App, deps: Deps): void {
  const one = async (id: string) => {
    const run = await readRun(deps.db, id);
    return run === null ? unknownRun() : { run: (await shownRuns(deps.db, [run]))[0]! };
  };

  route(app, doors.run, async ({ params, caller }) => {
    const done = await deps.db.transaction(async (tx) => {
      const suite = await suiteForStart(tx, params.suite);
      return suite === null ? unknownSuite() : startRunWithin(tx, deps, suite, 'hand', 'asked for', caller);
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    deps.wake();
    return one(done.run);
  });
  route(app, doors.runs, async ({ query }) => {
    const { rows } = await deps.db.query<{ data: Run; key: string }>(
      `select data, started_at || '|' || id as key from eval_run_board
       where ($1::text is null or suite = $1) and ($2::text is null or system = $2)
         and ($3::text is null or started_at || '|' || id < $3)
       order by started_at desc, id desc limit $4`,
      [query.suite ?? null, query.system ?? null, query.before ?? null, query.limit + 1],
    );
    const page = rows.slice(0, query.limit);
    return {
      runs: await shownRuns(
        deps.db,
        page.map(({ data }) => data),
      ),
      next: rows.length > page.length ? page.at(-1)!.key : null,
    };
  });
  route(app, doors.showRun, async ({ params }) => {
    const run = await readRun(deps.db, params.run);
    if (run === null) return unknownRun();
    return { run: (await shownRuns(deps.db, [run]))[0]!, ...(await shownResults(deps.db, run)) };
  });
  route(app, doors.stopRun, async ({ params, caller }) => {
    const run = await readRun(deps.db, params.run);
    if (run === null) return unknownRun();
    await endRunBecause(
      deps,
      run,
      'stopped',
      `Stopped by ${caller.actor.kind === 'person' ? 'somebody' : 'a program'}.`,
    );
    return one(params.run);
  });
}
