import { canonical } from '../../evidence/index.ts';
import { type Decision, type Fact, type Instant, ofTypes, type Recorded, refuse } from '../../kernel/index.ts';
import { faultsOf } from './check-table.ts';
import { type SeverityTable, SHIPPED_TABLE } from './table.ts';

/** The stream in which the organisation's table is kept. */
export const RUBRIC_STREAM = 'rubric';

export type RubricFact =
  | Fact<'rubric.adopted', { version: number; table: SeverityTable; reason: string }>
  | Fact<'rubric.accepted', { version: number }>;

export interface AdoptedTable {
  /** 1 is the table as delivered. */
  readonly version: number;
  readonly table: SeverityTable;
  readonly reason: string;
  /** Null while the table is only delivered and nobody has taken it for their own. */
  readonly at: Instant | null;
  readonly by: string | null;
}

export const DELIVERED: AdoptedTable = { version: 1, table: SHIPPED_TABLE, reason: 'as delivered', at: null, by: null };

/** Every version that was ever in force, oldest first; the last one is. */
export function foldRubric(facts: readonly Recorded[]): readonly AdoptedTable[] {
  return ofTypes<RubricFact>(facts, ['rubric.adopted', 'rubric.accepted']).reduce<readonly AdoptedTable[]>(
    (versions, { type, data, at, by }) =>
      type === 'rubric.adopted'
        ? [...versions, { ...data, at, by: by.id }]
        : versions.map((each) => (each.version === data.version ? { ...each, at, by: by.id } : each)),
    [DELIVERED],
  );
}

/** Takes the table as delivered for one's own, word for word. One that somebody adopted is one's own already. */
export function acceptTable(
  versions: readonly AdoptedTable[],
  want: { readonly version: number },
): Decision<RubricFact> {
  const current = versions.at(-1)!;
  if (current.version !== want.version) return changedMeanwhile(current.version, want.version, '/version');
  return current.by === null ? [{ type: 'rubric.accepted', data: { version: current.version } }] : [];
}

const changedMeanwhile = (current: number, from: number, pointer: string) =>
  refuse(
    'rubric.changed-meanwhile',
    `Version ${current} is in force by now, and you looked at version ${from}. Look at the newer one and decide there.`,
    pointer,
  );

/** Puts a table in force. `basedOn` is the version it was made from, so that nobody overwrites what they have not seen. */
export function adoptTable(
  versions: readonly AdoptedTable[],
  want: { readonly table: SeverityTable; readonly basedOn: number; readonly reason: string },
): Decision<RubricFact> {
  const current = versions.at(-1)!;
  if (canonical(current.table) === canonical(want.table)) return acceptTable(versions, current);
  if (current.version !== want.basedOn) return changedMeanwhile(current.version, want.basedOn, '/basedOn');
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
