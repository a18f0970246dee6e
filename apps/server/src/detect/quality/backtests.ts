import { TOPICS } from '@firebreak/core/detect/backtest';
import {
  BACKTEST_FACTS,
  BACKTEST_LIMITS,
  type Backtest,
  type BacktestId,
  endBacktest,
  foldBacktest,
  readRows,
} from '@firebreak/core/detect/quality';
import { isRefusal } from '@firebreak/core/kernel';
import {
  act,
  type Board,
  type Deps,
  firebreakItself,
  type JobHandler,
  loadStream,
  type Sql,
} from '../../platform/index.ts';

export const backtestBoard: Board = {
  name: 'backtests',
  tables: ['backtest_board'],
  types: BACKTEST_FACTS,
  async apply(tx, { stream }) {
    const backtest = foldBacktest(await loadStream(tx, stream));
    if (backtest === null) return;
    await tx.query(
      `insert into backtest_board (id, asked_at, waiting, data) values ($1, $2, $3, $4::jsonb)
       on conflict (id) do update set waiting = excluded.waiting, data = excluded.data`,
      [backtest.id, backtest.askedAt, backtest.done === null && backtest.failed === null, JSON.stringify(backtest)],
    );
  },
};

export async function listBacktests(sql: Sql): Promise<Backtest[]> {
  const { rows } = await sql.query<{ data: Backtest }>(
    `select data from backtest_board order by asked_at desc, id desc limit ${BACKTEST_LIMITS.kept}`,
  );
  return rows.map(({ data }) => data);
}

export async function countWaiting(sql: Sql): Promise<number> {
  return (await sql.query<{ n: number }>('select count(*)::int as n from backtest_board where waiting')).rows[0]!.n;
}

/** How long one stretch of work may keep requests waiting. */
const STRETCH_MS = 10;
const running = new Set<string>();

/** Works it out in short stretches, with room for requests between them. */
async function workOut(deps: Deps, { topic, id }: Backtest): Promise<Parameters<typeof endBacktest>[1]> {
  const { rows } = await deps.db.query<{ rows: string; corpus: string | null }>(
    'select rows, corpus from backtest_input where backtest = $1',
    [id],
  );
  const given = rows[0];
  if (given === undefined) return { why: 'its rows are gone; send them again' };
  const read = readRows(given.rows, '/rows');
  const corpus = given.corpus === null ? null : readRows(given.corpus, '/corpus');
  if (isRefusal(read)) return { why: read.why };
  if (isRefusal(corpus)) return { why: corpus.why };
  const began = performance.now();
  const work = TOPICS[topic]!(read as never, corpus as never);
  let since = began;
  for (;;) {
    const step = work.next();
    if (step.done) return { scores: step.value.scores, tookMs: Math.round(performance.now() - began) };
    if (performance.now() - since < STRETCH_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  }
}

/** May run again after a crash or when its lease ends: what is worked out already is not worked out twice at once. */
export const runBacktest: JobHandler = {
  slow: true,
  async outside({ backtest: id }: { readonly backtest: BacktestId }, deps) {
    const held = foldBacktest(await loadStream(deps.db, id));
    if (held === null || held.done !== null || held.failed !== null || running.has(id)) return;
    running.add(id);
    try {
      const how = await workOut(deps, held).catch((error: unknown) => ({
        why: `a row could not be worked out: ${String(error instanceof Error ? error.message : error).slice(0, 300)}`,
      }));
      const done = await act(deps, {
        stream: id,
        by: firebreakItself('quality'),
        may: 'candidate.judge',
        fold: foldBacktest,
        decide: (state) => endBacktest(state, how),
      });
      if (isRefusal(done)) throw new Error(`a backtest could not end: ${done.why}`);
      await deps.db.query('delete from backtest_input where backtest = $1', [id]);
    } finally {
      running.delete(id);
    }
  },
};
