import type { CaseState, Compared, ProbeMark, Stance } from '@firebreak/core/detect/evals';
import type { Sql } from '../../platform/index.ts';

/** One question asked once, as it is kept. */
export interface AttemptData {
  readonly passed: boolean | null;
  readonly reasons: readonly string[];
  readonly stance: Stance | null;
  readonly fault: string | null;
  readonly answer: string | null;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string | null }[];
  readonly model: string | null;
  readonly latencyMs: number | null;
  readonly trace: string | null;
}

/** What is kept of a case's outcome beside its state. */
export interface ResultData {
  readonly flakeRate: number;
  readonly opinion: { readonly passed: boolean | null; readonly why: string } | null;
  readonly cluster: string | null;
  readonly title: string;
  readonly question: string;
  readonly probe: ProbeMark | null;
}
export interface ResultRow {
  readonly case_id: string;
  readonly state: CaseState;
  readonly digest: string;
  readonly data: ResultData;
}

export async function attemptsOf(sql: Sql, run: string, caseId: string): Promise<AttemptData[]> {
  const { rows } = await sql.query<{ data: AttemptData }>(
    'select data from eval_attempt where run = $1 and case_id = $2 order by n',
    [run, caseId],
  );
  return rows.map(({ data }) => data);
}

export async function resultsOf(sql: Sql, run: string): Promise<ResultRow[]> {
  const { rows } = await sql.query<ResultRow>(
    'select case_id, state, digest, data from eval_result where run = $1 order by case_id',
    [run],
  );
  return rows;
}

export const compared = (rows: readonly ResultRow[]): Compared[] =>
  rows.map(({ case_id, state, digest, data }) => ({ id: case_id, digest, cluster: data.cluster, state }));

/** The attempt that shows what became of each case: the last that agrees with its outcome, else the last. */
export async function shownAttempts(sql: Sql, run: string): Promise<ReadonlyMap<string, readonly AttemptData[]>> {
  const { rows } = await sql.query<{ case_id: string; data: AttemptData }>(
    'select case_id, data from eval_attempt where run = $1 order by case_id, n',
    [run],
  );
  const all = new Map<string, AttemptData[]>();
  for (const { case_id, data } of rows) {
    const held = all.get(case_id);
    if (held === undefined) all.set(case_id, [data]);
    else held.push(data);
  }
  return all;
}
