import { canonical } from '../../evidence/index.ts';
import { type Decision, type Fact, type Instant, ofTypes, type Recorded, refuse } from '../../kernel/index.ts';
import { faultsOf } from './check-table.ts';
import { type SeverityTable, SHIPPED_TABLE } from './table.ts';

/** The stream in which the organisation's table is kept. */
export const RUBRIC_STREAM = 'rubric';

export type RubricFact = Fact<'rubric.adopted', { version: number; table: SeverityTable; reason: string }>;

export interface AdoptedTable {
  /** 1 is the table as delivered. */
  readonly version: number;
  readonly table: SeverityTable;
  readonly reason: string;
  /** Null for the table as delivered. */
  readonly at: Instant | null;
  readonly by: string | null;
}

export const DELIVERED: AdoptedTable = { version: 1, table: SHIPPED_TABLE, reason: 'as delivered', at: null, by: null };

/** Every version that was ever in force, oldest first; the last one is. */
export function foldRubric(facts: readonly Recorded[]): readonly AdoptedTable[] {
  return [
    DELIVERED,
    ...ofTypes<RubricFact>(facts, ['rubric.adopted']).map(({ data, at, by }) => ({ ...data, at, by: by.id })),
  ];
}

/** Puts a table in force. `basedOn` is the version it was made from, so that nobody overwrites what they have not seen. */
export function adoptTable(
  versions: readonly AdoptedTable[],
  want: { readonly table: SeverityTable; readonly basedOn: number; readonly reason: string },
): Decision<RubricFact> {
  const current = versions.at(-1)!;
  if (canonical(current.table) === canonical(want.table)) return [];
  if (current.version !== want.basedOn)
    return refuse(
      'rubric.changed-meanwhile',
      `Version ${current.version} is in force by now, and your change was made from version ${want.basedOn}. Look at the newer one and make your change there.`,
      '/basedOn',
    );
  if (want.reason.trim() === '')
    return refuse(
      'rubric.reason-missing',
      'Say why the table changes: it is read when somebody asks why a severity was called.',
      '/reason',
    );
  const fault = faultsOf(want.table)[0];
  if (fault) return refuse('rubric.faulty', fault.why, `/table${fault.pointer}`);
  return [
    { type: 'rubric.adopted', data: { version: current.version + 1, table: want.table, reason: want.reason.trim() } },
  ];
}
