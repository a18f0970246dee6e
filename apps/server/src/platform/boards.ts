import type { Recorded } from '@firebreak/core/kernel';
import { type Sql, together } from './database/index.ts';
import { loadAfter } from './log.ts';
import type { Deps } from './slice.ts';

const PAGE = 1_000;

export async function applyToBoards(tx: Sql, deps: Deps, fact: Recorded): Promise<void> {
  const boards = deps.slices.flatMap((slice) => slice.boards ?? []).filter(({ types }) => types.includes(fact.type));
  // Each has tables of its own.
  await together(boards.map((board) => board.apply(tx, fact)));
}

/** Empties every board and derives it again from the facts. */
export async function rebuildBoards(deps: Deps): Promise<number> {
  return deps.db.transaction(async (tx) => {
    // Nobody may append while the boards are behind.
    await tx.query('select seq from log_head for update');
    for (const table of boardTables(deps)) await tx.query(`delete from ${table}`);
    let seq = 0;
    for (;;) {
      const facts = await loadAfter(tx, seq, PAGE);
      for (const fact of facts) await applyToBoards(tx, deps, fact);
      if (facts.length < PAGE) return seq + facts.length;
      seq = facts.at(-1)!.seq;
    }
  });
}

export const boardTables = (deps: Deps): string[] =>
  deps.slices.flatMap((slice) => (slice.boards ?? []).flatMap((board) => [...board.tables]));

/** Every row of every board as text, in an order that does not depend on when it was written. */
export async function readBoards(deps: Deps): Promise<Record<string, string[]>> {
  const out: Record<string, string[]> = {};
  for (const table of boardTables(deps)) {
    const { rows } = await deps.db.query<{ row: string }>(`select to_jsonb(t)::text as row from ${table} t`);
    out[table] = rows.map(({ row }) => row).sort();
  }
  return out;
}
