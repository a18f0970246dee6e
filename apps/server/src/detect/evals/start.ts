import {
  foldRun,
  type RunId,
  type Suite,
  startRun,
  type TestedVersions,
  type Trigger,
} from '@firebreak/core/detect/evals';
import { isRefusal, type Recorded, type Refusal, refuse } from '@firebreak/core/kernel';
import { actWithin, type Caller, type Deps, enqueue, firebreakItself, type Sql } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { countOpenRuns, openRunOf, readSuite, readTarget, type SuiteRow } from './board.ts';
import { casesOf } from './cases.ts';

/** Runs that may be under way together: with the lanes of each, what waits for others never fills the house. */
export const MOST_RUNS = 5;

/** What is under test behind a target: the versions of its deployment, or of whatever was deployed last. */
export async function versionsBehind(
  sql: Sql,
  target: { readonly system: string; readonly deployment: string },
): Promise<{ readonly versions: TestedVersions; readonly deployment: string | null }> {
  const system = await readSystem(sql, target.system);
  if (isRefusal(system)) return { versions: {}, deployment: null };
  const newest = system.deployments.toSorted((a, b) => (a.since < b.since ? 1 : -1));
  const found = target.deployment === '' ? newest[0] : newest.find(({ name }) => name === target.deployment);
  return { versions: found?.versions ?? {}, deployment: found?.name ?? null };
}

/** Jobs of a run: one a lane, each asks one question and calls for the next. */
export async function openLane(
  tx: Sql,
  deps: Deps,
  run: RunId,
  lane: number,
  step: number,
  afterMs = 0,
): Promise<void> {
  await enqueue(tx, deps, {
    kind: 'eval.ask',
    payload: { run, lane, step },
    once: `eval.ask ${run} ${lane} ${step} ${afterMs}`,
    afterMs,
  });
}

/** Begins a run, in the transaction of whoever calls for it. */
export async function startRunWithin(
  tx: Sql,
  deps: Deps,
  suite: SuiteRow,
  trigger: Exclude<Trigger, 'import'>,
  why: string,
  by: Caller = firebreakItself('evals'),
): Promise<{ readonly run: RunId; readonly facts: readonly Recorded[] } | Refusal> {
  const target = await readTarget(tx, suite.target);
  if (target === null) return refuse('target.unknown', 'The target of this suite is gone. Choose another.');
  if ((await countOpenRuns(tx)) >= MOST_RUNS)
    return refuse(
      'eval-run.running',
      `${MOST_RUNS} runs are under way, which is the most at a time. Wait for one to end.`,
    );
  const cases = await casesOf(tx, suite);
  const { versions, deployment } = await versionsBehind(tx, target);
  const run = deps.mint('evr');
  const lanes = Math.max(1, Math.min(target.atOnce, cases.length));
  const done = await actWithin(tx, deps, {
    stream: run,
    by,
    may: 'eval.run',
    fold: foldRun,
    given: async (sql) => ({ running: (await openRunOf(sql, suite.id))?.id ?? null }),
    decide: (state, _asked, given) =>
      startRun(
        state,
        {
          run,
          suite: suite.id,
          kind: suite.kind,
          name: suite.name,
          system: suite.system,
          feature: suite.feature,
          target: target.id,
          suiteVersion: suite.version,
          versions,
          deployment,
          trigger,
          why,
          cases: cases.map(({ id }) => id),
          seed: Buffer.from(deps.random(4)).readUInt32BE(),
          budget: target.perRun,
          lanes,
        },
        given,
      ),
  });
  if (isRefusal(done)) return done;
  for (let lane = 0; lane < lanes; lane++) await openLane(tx, deps, run, lane, 0);
  return { run, facts: done.facts };
}

/** Locks a suite against a second start, and reads it. */
export async function suiteForStart(tx: Sql, suite: Suite['id']): Promise<SuiteRow | null> {
  await tx.query('select id from eval_suite_board where id = $1 for update', [suite]);
  return readSuite(tx, suite);
}
