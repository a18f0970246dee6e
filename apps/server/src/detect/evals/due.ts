import { versionKey } from '@firebreak/core/detect/evals';
import { addMs, isRefusal, type Recorded } from '@firebreak/core/kernel';
import { announce, type Deps, type Effect, type JobHandler, type Watch } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { keepingNow, oldRows } from '../../prepare/records/index.ts';
import { countOpenRuns, lastRuns, openRunOf, readTarget, type SuiteRow } from './board.ts';
import { MOST_RUNS, startRunWithin, suiteForStart, versionsBehind } from './start.ts';

const AT_ONCE = 20;
const FORGET_AT_ONCE = 500;
/** A new version is given a moment to be live everywhere before it is asked. */
const SETTLE_MS = 30_000;
const BUSY_MS = 60_000;

async function startDue(
  deps: Deps,
  suite: SuiteRow['id'],
  trigger: 'schedule' | 'change',
  why: string,
): Promise<boolean> {
  const facts: Recorded[] = [];
  const began = await deps.db.transaction(async (tx) => {
    const it = await suiteForStart(tx, suite);
    if (it === null || it.paused !== null) return false;
    const system = await readSystem(tx, it.system);
    if (isRefusal(system) || system.retired) return false;
    const busy = (await countOpenRuns(tx)) >= MOST_RUNS || (await openRunOf(tx, suite)) !== null;
    const next = busy ? BUSY_MS : it.everyMinutes * 60_000;
    await tx.query(
      'insert into eval_due (suite, next_at) values ($1, $2) on conflict (suite) do update set next_at = excluded.next_at',
      [suite, addMs(deps.now(), next)],
    );
    if (busy) return false;
    const done = await startRunWithin(tx, deps, it, trigger, why);
    if (isRefusal(done)) return false;
    facts.push(...done.facts);
    return true;
  });
  await announce(deps, facts);
  return began;
}

/** The first run of a new suite comes after its interval: it holds no case yet. */
export async function firstDue(deps: Deps, suite: string, everyMinutes: number): Promise<void> {
  await deps.db.query('insert into eval_due (suite, next_at) values ($1, $2) on conflict (suite) do nothing', [
    suite,
    addMs(deps.now(), everyMinutes * 60_000),
  ]);
}

/** Begins the runs that are due, at most as many as may be under way. */
export const due: Watch = {
  name: 'evals',
  everyMs: 5_000,
  async look(deps) {
    const { rows } = await deps.db.query<{ id: SuiteRow['id'] }>(
      `select b.id from eval_suite_board b left join eval_due d on d.suite = b.id
       where b.active and (d.next_at is null or d.next_at <= $1) order by d.next_at nulls first, b.id limit ${AT_ONCE}`,
      [deps.now()],
    );
    let began = false;
    for (const { id } of rows) began = (await startDue(deps, id, 'schedule', 'due')) || began;
    if (began) deps.wake();
  },
};

/** Facts after which a system may answer in another way. */
const CHANGES = new Set(['version.deployed', 'change.recorded']);

export function effectsOf(fact: Recorded): Effect[] {
  if (!CHANGES.has(fact.type)) return [];
  if (fact.type === 'change.recorded' && fact.data.deployment === null && fact.data.kind === 'deploy') return [];
  return [
    { kind: 'eval.changed', payload: { system: fact.stream }, once: `eval.changed ${fact.stream}`, afterMs: SETTLE_MS },
  ];
}

/** Runs the suites of a system whose version is no longer the one of their last run. */
export const changed: JobHandler = {
  async outside({ system: id }: { readonly system: string }, deps) {
    const system = await readSystem(deps.db, id);
    if (isRefusal(system)) return;
    const { key } = system;
    const found = await deps.db.query<{ data: SuiteRow }>(
      `select data from eval_suite_board where system = $1 and active and (data->>'onChange')::boolean order by id limit ${AT_ONCE}`,
      [key],
    );
    const last = await lastRuns(
      deps.db,
      found.rows.map(({ data }) => data.id),
    );
    for (const { data: suite } of found.rows) {
      const target = await readTarget(deps.db, suite.target);
      if (target === null) continue;
      const version = versionKey((await versionsBehind(deps.db, target)).versions);
      const before = last.get(suite.id);
      if (before !== undefined && versionKey(before.versions) === version) continue;
      await startDue(deps, suite.id, 'change', `${version} went live`);
    }
    deps.wake();
  },
};

/** Answers go with the telemetry; those of pinned runs and of the newest two of each suite stay. */
export const forgetting: Watch = {
  name: 'eval-answers',
  everyMs: 3_600_000,
  async look(deps) {
    const rule = oldRows('r.system', 'r.ended_at');
    const { rows } = await deps.db.query<{ id: string }>(
      `select r.id from (
         select id, suite, system, ended_at, row_number() over (partition by suite, version order by started_at desc) as nth
         from eval_run_board where state <> 'running') r ${rule.join}
       where ${rule.old} and r.nth > 2
         and not exists (select 1 from eval_suite_board s where s.data->>'baseline' = r.id)
         and exists (select 1 from eval_result e where e.run = r.id)
       order by r.ended_at limit ${FORGET_AT_ONCE}`,
      await keepingNow(deps.db, deps),
    );
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) {
      await deps.db.query('delete from eval_attempt where run = any($1)', [ids]);
      await deps.db.query('delete from eval_result where run = any($1)', [ids]);
    }
    const before = addMs(deps.now(), -deps.config.retentionDays * 86_400_000);
    await deps.db.query("delete from eval_spend where day <> 'all' and day < $1", [before.slice(0, 10)]);
  },
};
