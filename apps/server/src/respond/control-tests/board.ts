import type { Instant } from '@firebreak/core/kernel';
import { CONTROL_TEST_FACTS, type ControlTest, foldTest } from '@firebreak/core/respond/control-tests';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';
import type { TestsOf } from '../containment/index.ts';

/** Tests whose times are told: the last that passed. */
const TIMED = 10;
const MOST_RUNNING = 500;
const MOST_CONTROLS = 50_000;

export const controlTestBoard: Board = {
  name: 'control-tests',
  tables: ['control_test_board'],
  types: CONTROL_TEST_FACTS,
  async apply(tx, { stream }) {
    const test = foldTest(await loadStream(tx, stream));
    if (test === null) return;
    await tx.query(
      `insert into control_test_board (test, control, system, begun_at, ended_at, outcome, effect_ms, data)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
       on conflict (test) do update set ended_at = excluded.ended_at, outcome = excluded.outcome,
         effect_ms = excluded.effect_ms, data = excluded.data`,
      [
        test.test,
        test.control,
        test.system,
        test.begunAt,
        test.ended?.at ?? null,
        test.ended?.outcome ?? null,
        test.ended?.effectMs ?? null,
        JSON.stringify(test),
      ],
    );
  },
};

export async function findTest(sql: Sql, test: string): Promise<ControlTest | null> {
  const { rows } = await sql.query<{ data: ControlTest }>('select data from control_test_board where test = $1', [
    test,
  ]);
  return rows[0]?.data ?? null;
}

export interface TestsWanted {
  readonly system?: string | undefined;
  readonly control?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listTests(sql: Sql, { system, control, limit }: TestsWanted): Promise<ControlTest[]> {
  const { rows } = await sql.query<{ data: ControlTest }>(
    `select data from control_test_board where ($1::text is null or system = $1) and ($2::text is null or control = $2)
     order by begun_at desc, test desc limit $3`,
    [system ?? null, control ?? null, limit],
  );
  return rows.map(({ data }) => data);
}

export async function runningTests(sql: Sql, system: string | null): Promise<ControlTest[]> {
  const { rows } = await sql.query<{ data: ControlTest }>(
    `select data from control_test_board where ended_at is null and ($1::text is null or system = $1) order by begun_at limit ${MOST_RUNNING}`,
    [system],
  );
  return rows.map(({ data }) => data);
}

/** When each control was last tested, whatever came of it. */
export async function lastBegun(sql: Sql): Promise<ReadonlyMap<string, Instant>> {
  const { rows } = await sql.query<{ control: string; at: Instant }>(
    `select control, max(begun_at) as at from control_test_board group by control limit ${MOST_CONTROLS}`,
  );
  return new Map(rows.map(({ control, at }) => [control, at]));
}

/** What tests have shown, by control. A test in which nothing lived shows nothing. */
export const testsOf: TestsOf = async (sql, system) => {
  const { rows } = await sql.query<{
    control: string;
    last: ControlTest;
    telling: ControlTest | null;
    passed_at: Instant | null;
    effects: readonly number[];
  }>(
    `select c.control,
       (select data from control_test_board t where t.control = c.control order by begun_at desc, test desc limit 1) as last,
       (select data from control_test_board t where t.control = c.control and outcome in ('passed', 'failed')
          order by ended_at desc, test desc limit 1) as telling,
       (select max(ended_at) from control_test_board t where t.control = c.control and outcome = 'passed') as passed_at,
       (select coalesce(jsonb_agg(effect_ms), '[]'::jsonb) from (
          select effect_ms from control_test_board t where t.control = c.control and outcome = 'passed' and effect_ms is not null
          order by ended_at desc limit ${TIMED}) e) as effects
     from (select distinct control from control_test_board where $1::text is null or system = $1 limit ${MOST_CONTROLS}) c`,
    [system],
  );
  return new Map(
    rows.map(({ control, last, telling, passed_at, effects }) => [
      control,
      {
        last: {
          test: last.test,
          at: last.ended?.at ?? last.begunAt,
          outcome: last.ended?.outcome ?? null,
          says: last.ended?.says ?? 'It runs now.',
        },
        telling: telling?.ended
          ? { at: telling.ended.at, outcome: telling.ended.outcome, says: telling.ended.says }
          : null,
        passedAt: passed_at,
        effects,
      },
    ]),
  );
};
