import { canonical } from '@firebreak/core/evidence';
import type { Instant } from '@firebreak/core/kernel';
import { foldHeld, type HeldAnswer } from '@firebreak/core/respond/held-answers';
import { loadStream, type Sql } from '../../platform/index.ts';

const MOST_READ = 100;

/** A call somebody may have agreed to, between two moments. */
export interface CallMade {
  readonly system: string;
  readonly tool: string;
  /** JSON text; null: not captured. */
  readonly arguments: string | null;
  readonly from: Instant;
  readonly until: Instant;
}

function same(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return true;
  try {
    return canonical(JSON.parse(a)) === canonical(JSON.parse(b));
  } catch {
    return false;
  }
}

/** Of these calls of one system, those a person agreed to, with these arguments or the edited ones. */
export async function approvedCalls(sql: Sql, calls: readonly CallMade[]): Promise<ReadonlySet<CallMade>> {
  const approved = new Set<CallMade>();
  for (const system of new Set(calls.map((call) => call.system))) {
    const asked = calls.filter((call) => call.system === system);
    const from = asked.map((call) => call.from).sort()[0]!;
    const until = asked
      .map((call) => call.until)
      .sort()
      .at(-1)!;
    const { rows } = await sql.query<{ held: string }>(
      `select held from held_answer_board where system = $1 and state in ('approved', 'edited') and decided_at >= $2 and decided_at <= $3
       order by decided_at desc limit ${MOST_READ}`,
      [system, from, until],
    );
    const held: HeldAnswer[] = [];
    for (const row of rows) {
      const it = foldHeld(await loadStream(sql, row.held));
      if (it !== undefined) held.push(it);
    }
    for (const call of asked)
      if (
        held.some(
          (it) =>
            it.tool === call.tool &&
            it.decidedAt !== null &&
            it.decidedAt <= call.until &&
            it.decidedAt >= call.from &&
            (same(it.arguments, call.arguments) || (it.instead !== null && same(it.instead, call.arguments))),
        )
      )
        approved.add(call);
  }
  return approved;
}
