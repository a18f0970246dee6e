import type { Instant, Recorded } from '@firebreak/core/kernel';
import { HELD_FACTS, type HeldFact, type HeldId } from '@firebreak/core/respond/held-answers';
import type { Board, Sql } from '../../platform/index.ts';

export const heldBoard: Board = {
  name: 'held-answers',
  tables: ['held_answer_board'],
  types: HELD_FACTS,
  async apply(tx, recorded: Recorded) {
    const fact = recorded as Recorded<HeldFact>;
    if (fact.type === 'answer.held') {
      const { held, system } = fact.data;
      await tx.query("insert into held_answer_board (held, system, state, at) values ($1, $2, 'pending', $3)", [
        held,
        system,
        fact.at,
      ]);
      return;
    }
    const state = fact.type === 'answer.decided' ? fact.data.as : 'timed-out';
    await tx.query('update held_answer_board set state = $2, decided_at = $3 where held = $1', [
      fact.data.held,
      state,
      fact.at,
    ]);
  },
};

export async function waitingOf(sql: Sql, system: string | null): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    "select count(*)::int as n from held_answer_board where state = 'pending' and ($1::text is null or system = $1)",
    [system],
  );
  return rows[0]!.n;
}

export async function heldIds(
  sql: Sql,
  {
    show,
    system,
    limit,
  }: { readonly show: 'waiting' | 'decided'; readonly system: string | null; readonly limit: number },
): Promise<HeldId[]> {
  const { rows } = await sql.query<{ held: HeldId }>(
    show === 'waiting'
      ? "select held from held_answer_board where state = 'pending' and ($1::text is null or system = $1) order by at, held limit $2"
      : "select held from held_answer_board where state <> 'pending' and ($1::text is null or system = $1) order by decided_at desc, held limit $2",
    [system, limit],
  );
  return rows.map(({ held }) => held);
}

export async function noteAsked(sql: Sql, held: string, at: Instant): Promise<void> {
  await sql.query(
    'insert into held_answer_asked (held, at) values ($1, $2) on conflict (held) do update set at = excluded.at',
    [held, at],
  );
}

export async function askedAt(sql: Sql, held: readonly string[]): Promise<ReadonlyMap<string, Instant>> {
  const { rows } = await sql.query<{ held: string; at: Instant }>(
    'select held, at from held_answer_asked where held = any($1)',
    [held],
  );
  return new Map(rows.map((row) => [row.held, row.at]));
}

const LAPSED_AT_ONCE = 200;

/** Those that wait and were not asked for since; one nobody ever asked for counts from when it came. */
export async function unasked(sql: Sql, before: Instant): Promise<{ readonly held: HeldId; readonly at: Instant }[]> {
  const { rows } = await sql.query<{ held: HeldId; at: Instant }>(
    `select b.held, coalesce(a.at, b.at) as at from held_answer_board b left join held_answer_asked a on a.held = b.held
     where b.state = 'pending' and coalesce(a.at, b.at) <= $1 order by b.at limit ${LAPSED_AT_ONCE}`,
    [before],
  );
  return rows;
}

export async function forgetAsked(sql: Sql): Promise<void> {
  await sql.query(
    "delete from held_answer_asked a using held_answer_board b where b.held = a.held and b.state <> 'pending'",
  );
}

export interface Late {
  /** Undecided for too long. */
  readonly waiting: number;
  /** Given up by the application since, because nobody decided. */
  readonly lapsed: number;
  readonly oldest: Instant | null;
}

/** Answers of a system that came before `before` and are undecided, and those that lapsed after `since`. */
export async function lateOf(
  sql: Sql,
  system: string,
  { before, since }: { readonly before: Instant; readonly since: Instant },
): Promise<Late> {
  const { rows } = await sql.query<Late>(
    `select count(*) filter (where state = 'pending' and at <= $2)::int as waiting,
       count(*) filter (where state = 'timed-out' and decided_at > $3)::int as lapsed,
       min(at) filter (where state = 'pending') as oldest
     from held_answer_board where system = $1 and (state = 'pending' or decided_at > $3)`,
    [system, before, since],
  );
  return rows[0]!;
}
