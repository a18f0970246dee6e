import type { RunId, SuiteId } from '@firebreak/core/detect/evals';
import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';
import type { AttemptData, ResultRow } from './rows.ts';

const CHUNK = 500;

/** A case that another program asked and judged. */
export interface Imported {
  readonly result: ResultRow;
  readonly attempt: AttemptData;
}

export async function storeImported(tx: Sql, now: Instant, run: RunId, rows: readonly Imported[]): Promise<void> {
  for (let from = 0; from < rows.length; from += CHUNK) {
    const chunk = rows.slice(from, from + CHUNK);
    await tx.query(
      `insert into eval_result (run, case_id, state, digest, data)
       select $1, case_id, state, digest, data
       from jsonb_to_recordset($2::jsonb) as r(case_id text, state text, digest text, data jsonb)`,
      [run, JSON.stringify(chunk.map(({ result }) => result))],
    );
    await tx.query(
      `insert into eval_attempt (run, case_id, n, at, lane, data)
       select $1, case_id, 1, $2, 0, data from jsonb_to_recordset($3::jsonb) as r(case_id text, data jsonb)`,
      [run, now, JSON.stringify(chunk.map(({ result, attempt }) => ({ case_id: result.case_id, data: attempt })))],
    );
  }
}

/** The run a file was read in as, if it was. */
export async function runOfFile(sql: Sql, suite: SuiteId, file: string): Promise<RunId | null> {
  const { rows } = await sql.query<{ id: RunId }>(
    "select id from eval_run_board where suite = $1 and data->>'file' = $2 limit 1",
    [suite, file],
  );
  return rows[0]?.id ?? null;
}
