import {
  foldRun,
  foldSuite,
  foldTarget,
  RUN_FACTS,
  type Run,
  SUITE_FACTS,
  type Suite,
  type SuiteKind,
  TARGET_FACTS,
  type Target,
  versionKey,
} from '@firebreak/core/detect/evals';
import type { Instant } from '@firebreak/core/kernel';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

const MOST = 500;

export const targetBoard: Board = {
  name: 'eval-targets',
  tables: ['eval_target_board'],
  types: TARGET_FACTS,
  async apply(tx, { stream }) {
    const target = foldTarget(await loadStream(tx, stream));
    if (target === null) return;
    await tx.query(
      `insert into eval_target_board (id, system, removed, data) values ($1, $2, $3, $4::jsonb)
       on conflict (id) do update set system = excluded.system, removed = excluded.removed, data = excluded.data`,
      [target.id, target.system, target.removed !== null, JSON.stringify(target)],
    );
  },
};

/** A suite as the board holds it: the cases stand in a table of their own. */
export type SuiteRow = Omit<Suite, 'cases'> & { readonly cases: number };

export const suiteBoard: Board = {
  name: 'eval-suites',
  tables: ['eval_suite_board', 'eval_case_board'],
  types: SUITE_FACTS,
  async apply(tx, { stream, type }) {
    const suite = foldSuite(await loadStream(tx, stream));
    if (suite === null) return;
    const { cases, ...rest } = suite;
    await tx.query(
      `insert into eval_suite_board (id, kind, system, target, judge, name, removed, active, data)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)
       on conflict (id) do update set target = excluded.target, judge = excluded.judge, name = excluded.name,
         removed = excluded.removed, active = excluded.active, data = excluded.data`,
      [
        suite.id,
        suite.kind,
        suite.system,
        suite.target,
        suite.judge,
        suite.name,
        suite.removed !== null,
        suite.removed === null && suite.paused === null,
        JSON.stringify({ ...rest, cases: cases.length }),
      ],
    );
    if (type !== 'eval-suite.cases-kept' && type !== 'eval-suite.cases-removed') return;
    await tx.query('delete from eval_case_board where suite = $1', [stream]);
    await tx.query(
      `insert into eval_case_board (suite, id, place, data)
       select $1, data->>'id', (place - 1)::int, data from jsonb_array_elements($2::jsonb) with ordinality as r(data, place)`,
      [stream, JSON.stringify(cases)],
    );
  },
};

export const runBoard: Board = {
  name: 'eval-runs',
  tables: ['eval_run_board'],
  types: RUN_FACTS,
  async apply(tx, { stream }) {
    const run = foldRun(await loadStream(tx, stream));
    if (run === null) return;
    await tx.query(
      `insert into eval_run_board (id, suite, kind, system, state, trigger, version, started_at, ended_at, data)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
       on conflict (id) do update set state = excluded.state, ended_at = excluded.ended_at, data = excluded.data`,
      [
        run.id,
        run.suite,
        run.kind,
        run.system,
        run.ended?.outcome ?? 'running',
        run.trigger,
        versionKey(run.versions),
        run.startedAt,
        run.ended?.at ?? null,
        JSON.stringify(run),
      ],
    );
  },
};

export async function readTarget(sql: Sql, id: string): Promise<Target | null> {
  const { rows } = await sql.query<{ data: Target }>(
    'select data from eval_target_board where id = $1 and not removed',
    [id],
  );
  return rows[0]?.data ?? null;
}
export async function listTargets(sql: Sql): Promise<Target[]> {
  const { rows } = await sql.query<{ data: Target }>(
    `select data from eval_target_board where not removed order by system, lower(data->>'name'), id limit ${MOST}`,
  );
  return rows.map(({ data }) => data);
}

/** How many suites ask a target, or let it judge. */
export async function usersOf(sql: Sql, target: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    'select count(*)::int as n from eval_suite_board where (target = $1 or judge = $1) and not removed',
    [target],
  );
  return rows[0]!.n;
}

export async function readSuite(sql: Sql, id: string): Promise<SuiteRow | null> {
  const { rows } = await sql.query<{ data: SuiteRow }>(
    'select data from eval_suite_board where id = $1 and not removed',
    [id],
  );
  return rows[0]?.data ?? null;
}
export async function listSuites(sql: Sql, kind: SuiteKind, system: string | null): Promise<SuiteRow[]> {
  const { rows } = await sql.query<{ data: SuiteRow }>(
    `select data from eval_suite_board where kind = $1 and not removed and ($2::text is null or system = $2)
     order by system, lower(name), id limit ${MOST}`,
    [kind, system],
  );
  return rows.map(({ data }) => data);
}

/** How many suites run by themselves, and how many false alarms a week they promise to stay within. */
export async function suitesThatPage(sql: Sql): Promise<{ readonly suites: number; readonly perWeek: number }> {
  const { rows } = await sql.query<{ suites: number; per_week: number }>(
    "select count(*)::int as suites, coalesce(sum(7 / (data->>'alarmDays')::float8), 0)::float8 as per_week from eval_suite_board where active",
  );
  return { suites: rows[0]!.suites, perWeek: rows[0]!.per_week };
}

/** Suites that are there, and whether another of the system and kind bears this name. */
export async function suitesBeside(
  sql: Sql,
  it: { readonly id: string; readonly kind: SuiteKind; readonly system: string; readonly name: string },
): Promise<{ readonly beside: number; readonly nameTaken: boolean }> {
  const { rows } = await sql.query<{ beside: number; taken: number }>(
    `select count(*)::int as beside,
       count(*) filter (where kind = $2 and system = $3 and lower(name) = lower($4))::int as taken
     from eval_suite_board where not removed and id <> $1`,
    [it.id, it.kind, it.system, it.name],
  );
  return { beside: rows[0]!.beside, nameTaken: rows[0]!.taken > 0 };
}

export async function readRun(sql: Sql, id: string): Promise<Run | null> {
  return (await sql.query<{ data: Run }>('select data from eval_run_board where id = $1', [id])).rows[0]?.data ?? null;
}

export async function openRunOf(sql: Sql, suite: string): Promise<Run | null> {
  const { rows } = await sql.query<{ data: Run }>(
    "select data from eval_run_board where suite = $1 and state = 'running' order by started_at desc limit 1",
    [suite],
  );
  return rows[0]?.data ?? null;
}
export async function countOpenRuns(sql: Sql): Promise<number> {
  return (await sql.query<{ n: number }>("select count(*)::int as n from eval_run_board where state = 'running'"))
    .rows[0]!.n;
}

/** The newest finished run of a suite, of this version, of any other, or of all; of what another tool found, where it is named. */
export async function lastFinished(
  sql: Sql,
  suite: string,
  of: { readonly version?: string; readonly otherThan?: string; readonly tool?: string | undefined } = {},
): Promise<Run | null> {
  const { rows } = await sql.query<{ data: Run }>(
    `select data from eval_run_board where suite = $1 and state = 'finished'
       and ($2::text is null or version = $2) and ($3::text is null or version <> $3)
       and coalesce(data->>'tool', '') = $4
     order by ended_at desc, id desc limit 1`,
    [suite, of.version ?? null, of.otherThan ?? null, of.tool ?? ''],
  );
  return rows[0]?.data ?? null;
}

/** The newest run of each suite, whatever became of it. */
export async function lastRuns(sql: Sql, suites: readonly string[]): Promise<ReadonlyMap<string, Run>> {
  const { rows } = await sql.query<{ data: Run }>(
    'select distinct on (suite) data from eval_run_board where suite = any($1) order by suite, started_at desc, id desc',
    [suites],
  );
  return new Map(rows.map(({ data }) => [data.suite, data]));
}

/** When the suites of a system last learned something, and whether none of them gets an answer any more. */
export interface Learned {
  readonly system: string;
  readonly kind: SuiteKind;
  readonly good_at: Instant | null;
  readonly deaf: boolean;
}

export async function learnedBySuites(sql: Sql): Promise<Learned[]> {
  const { rows } = await sql.query<Learned>(
    `select s.system, s.kind, max(good.ended_at) as good_at, bool_and(coalesce(newest.state, '') = 'could-not-run') as deaf
     from eval_suite_board s
     left join lateral (select ended_at from eval_run_board r where r.suite = s.id and r.state = 'finished'
       order by ended_at desc limit 1) good on true
     left join lateral (select state from eval_run_board r where r.suite = s.id and r.state <> 'running'
       order by started_at desc limit 1) newest on true
     where s.active group by s.system, s.kind limit ${MOST}`,
  );
  return rows;
}

/** Suites as something that should be heard: when each last got its answers. */
export async function suitesHeard(sql: Sql) {
  const { rows } = await sql.query<{ data: Suite; last_at: Instant | null }>(
    `select b.data, (select max(r.ended_at) from eval_run_board r where r.suite = b.id and r.state = 'finished') as last_at
     from eval_suite_board b where not b.removed limit 1000`,
  );
  return rows.map(({ data: { id, kind, name, system, changedAt, everyMinutes, paused }, last_at }) => ({
    id,
    kind,
    name,
    system,
    addedAt: changedAt,
    everyMinutes,
    paused: paused !== null,
    lastAt: last_at,
  }));
}
