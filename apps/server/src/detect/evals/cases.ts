import type { EvalCase } from '@firebreak/core/detect/evals';
import { probesFor } from '@firebreak/core/detect/probes';
import { canonical } from '@firebreak/core/evidence';
import { type Sql, sha256 } from '../../platform/index.ts';
import type { SuiteRow } from './board.ts';

/** What is needed to know the cases of a suite. */
type Holder = Pick<SuiteRow, 'id' | 'kind' | 'families' | 'canary'>;

/** The cases of a suite in their order; of probes the shipped ones first. */
export async function casesOf(sql: Sql, suite: Holder): Promise<EvalCase[]> {
  const { rows } = await sql.query<{ data: EvalCase }>(
    'select data from eval_case_board where suite = $1 order by place',
    [suite.id],
  );
  const own = rows.map(({ data }) => data);
  return suite.kind === 'probes' ? [...probesFor(suite.families, suite.canary), ...own] : own;
}

export const countCases = (suite: SuiteRow): number =>
  suite.cases + (suite.kind === 'probes' ? probesFor(suite.families, suite.canary).length : 0);

/** One case as it now stands; null: it was removed. */
export async function caseOf(sql: Sql, suite: Holder, id: string): Promise<EvalCase | null> {
  const shipped =
    suite.kind === 'probes' ? probesFor(suite.families, suite.canary).find((it) => it.id === id) : undefined;
  if (shipped !== undefined) return shipped;
  const { rows } = await sql.query<{ data: EvalCase }>(
    'select data from eval_case_board where suite = $1 and id = $2',
    [suite.id, id],
  );
  return rows[0]?.data ?? null;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The same for the same question with the same checks: only such are compared. */
export const digestOf = ({ title: _title, tags: _tags, from: _from, judge: _judge, ...it }: EvalCase): string =>
  hex(sha256(Buffer.from(canonical(it)))).slice(0, 32);
