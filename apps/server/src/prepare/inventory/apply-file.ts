import { SystemInFile, type SystemsApplied } from '@firebreak/contract/prepare/systems-file';
import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import {
  applyRow,
  foldSystem,
  type NumberedRow,
  type PlannedRow,
  planApply,
  type RowProblem,
  type SystemId,
} from '@firebreak/core/prepare/inventory';
import { actOnMany, announce, type Caller, type Deps } from '../../platform/index.ts';
import { heldSystems } from './board.ts';

/** Rows written in one transaction: enough to be quick, few enough to let an order through in between. */
const AT_ONCE = 100;
const MOST_PROBLEMS = 1_000;

const keyOf = (row: unknown): string | null =>
  typeof row === 'object' && row !== null && 'key' in row && typeof row.key === 'string' ? row.key.slice(0, 80) : null;

function readRows(systems: readonly unknown[]): { good: NumberedRow[]; problems: RowProblem[] } {
  const good: NumberedRow[] = [];
  const problems: RowProblem[] = [];
  for (const [row, given] of systems.entries()) {
    const read = SystemInFile.safeParse(given);
    if (read.success) good.push({ row, want: read.data });
    else {
      const issue = read.error.issues[0]!;
      const detail =
        issue.code === 'unrecognized_keys'
          ? `a system has no member ${issue.keys.map((member) => `“${member}”`).join(', ')}; leave it out, or put it into its purpose`
          : issue.message;
      problems.push({ row, key: keyOf(given), pointer: `/${issue.path.join('/')}`, detail });
    }
  }
  return { good, problems };
}

/**
 * Applies a file of systems row by row. Rows that cannot be taken are named and do not keep the others out. If the
 * process dies in between, applying the file again does the rest.
 */
export async function applyFile(
  deps: Deps,
  by: Caller,
  systems: readonly unknown[],
  dryRun: boolean,
): Promise<SystemsApplied> {
  const { good, problems } = readRows(systems);
  const held = await heldSystems(deps.db);
  const plan = planApply(held, good);
  const ids = new Map(held.map(({ key, id }) => [key, id]));
  const wants = new Map(good.map(({ row, want }) => [row, want]));
  const doing = plan.rows.filter(({ action }) => action !== 'same');
  const late: RowProblem[] = [];
  if (!dryRun)
    for (let i = 0; i < doing.length; i += AT_ONCE)
      late.push(...(await applyChunk(deps, by, doing.slice(i, i + AT_ONCE), ids, wants)));
  const failed = new Set(late.map(({ row }) => row));
  const done = doing.filter(({ row }) => !failed.has(row));
  const count = (action: PlannedRow['action']) => done.filter((each) => each.action === action).length;
  return {
    dryRun,
    created: count('create'),
    changed: count('change'),
    same: plan.rows.length - doing.length,
    rows: done.map(({ row, key, action, changes }) => ({
      row,
      key,
      action: action === 'create' ? 'create' : 'change',
      changes: [...changes],
    })),
    problems: [...problems, ...plan.problems, ...late].sort((a, b) => a.row - b.row).slice(0, MOST_PROBLEMS),
  };
}

async function applyChunk(
  deps: Deps,
  by: Caller,
  rows: readonly PlannedRow[],
  ids: ReadonlyMap<string, SystemId>,
  wants: ReadonlyMap<number, NumberedRow['want']>,
): Promise<RowProblem[]> {
  const problems: RowProblem[] = [];
  const facts: Recorded[] = [];
  await deps.db.transaction(async (tx) => {
    await tx.query('select seq from log_head for update');
    const fresh = rows.filter(({ action }) => action === 'create').map(({ key }) => key);
    const { rows: taken } = await tx.query<{ key: string }>('select key from system_board where key = any($1)', [
      fresh,
    ]);
    const there = new Set(taken.map(({ key }) => key));
    const free = rows.filter(({ key }) => !there.has(key));
    for (const { row, key } of rows)
      if (there.has(key))
        problems.push({ row, key, pointer: '/key', detail: `“${key}” was registered just now; apply the file again` });
    const rowOf = new Map(free.map((each) => [ids.get(each.key) ?? deps.mint('sys'), each]));
    const done = await actOnMany(tx, deps, {
      streams: [...rowOf.keys()],
      by,
      may: 'system.edit',
      fold: foldSystem,
      decide: (stream, state) => applyRow(state, stream as SystemId, wants.get(rowOf.get(stream as SystemId)!.row)!),
    });
    if (isRefusal(done)) throw new Error(done.why);
    facts.push(...done.facts);
    for (const [stream, { pointer, why }] of done.refusals) {
      const { row, key } = rowOf.get(stream as SystemId)!;
      problems.push({ row, key, pointer: pointer ?? '', detail: why });
    }
  });
  await announce(deps, facts);
  return problems;
}
