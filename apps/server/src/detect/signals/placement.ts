import type { Signal, SignalId } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

/** Whether there is anything to place at all. */
export async function hasNewSignals(sql: Sql): Promise<boolean> {
  return (await sql.query("select 1 from signal where placement = 'new' limit 1")).count > 0;
}

export async function newSignalsUpTo(sql: Sql, limit: number): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    "select count(*)::int as n from (select 1 from signal where placement = 'new' limit $1) as waiting",
    [limit],
  );
  return rows[0]!.n;
}

/** What the grouping needs of the signals, and the marks it leaves on them. Each row has at least its id. */
export async function newSignals(tx: Sql, limit: number): Promise<Pick<Signal, 'id'>[]> {
  const { rows } = await tx.query<{ id: SignalId; data: object }>(
    "select id, data from signal where placement = 'new' order by received_at, id limit $1 for update",
    [limit],
  );
  return rows.map(({ id, data }) => ({ ...data, id }));
}

/** Signals too weak to stand alone, that still wait for company; the newest of each system. */
export async function looseSignals(
  tx: Sql,
  systems: readonly string[],
  since: Instant,
  limit: number,
): Promise<Signal[]> {
  const { rows } = await tx.query<{ data: Signal }>(
    "select data from signal where placement = 'loose' and system = any($1) and received_at >= $2 order by received_at desc, id desc limit $3",
    [systems, since, limit],
  );
  return rows.map((row) => row.data).reverse();
}

export async function placeSignals(tx: Sql, ids: readonly SignalId[], candidate: string): Promise<void> {
  await tx.query("update signal set placement = 'placed', candidate = $2 where id = any($1)", [ids, candidate]);
}

export async function loosen(tx: Sql, ids: readonly SignalId[]): Promise<void> {
  await tx.query("update signal set placement = 'loose' where id = any($1)", [ids]);
}

export async function expire(tx: Sql, ids: readonly SignalId[]): Promise<void> {
  if (ids.length > 0) await tx.query("update signal set placement = 'expired' where id = any($1)", [ids]);
}

/** Loose signals that found no company in time. They stay in the list. */
export async function expireLoose(tx: Sql, before: Instant): Promise<number> {
  return (
    await tx.query(
      "update signal set placement = 'expired' where placement = 'loose' and received_at < $1 returning id",
      [before],
    )
  ).count;
}

/** Moves all signals of a candidate to another one, and remembers which, so that it can be taken back. */
export async function moveSignals(tx: Sql, from: string, to: string): Promise<void> {
  await tx.query(
    'insert into candidate_moved (signal, origin) select id, $1 from signal where candidate = $1 on conflict (signal) do update set origin = excluded.origin',
    [from],
  );
  await tx.query('update signal set candidate = $2 where candidate = $1', [from, to]);
}

/** Ids of the signals a merge brought from a candidate. */
export async function movedFrom(tx: Sql, origin: string): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ signal: string }>('select signal from candidate_moved where origin = $1', [origin]);
  return new Set(rows.map(({ signal }) => signal));
}

export async function forgetMoves(tx: Sql, origin: string): Promise<void> {
  await tx.query('delete from candidate_moved where origin = $1', [origin]);
}

/** Newest first. */
export async function signalsOf(sql: Sql, candidate: string, limit: number): Promise<Signal[]> {
  const { rows } = await sql.query<{ data: Signal }>(
    'select data from signal where candidate = $1 order by received_at desc, id desc limit $2',
    [candidate, limit],
  );
  return rows.map((row) => row.data);
}

/** The newest signals of all, oldest first: what the grouping learns word frequencies from at start. */
export async function recentSignals(sql: Sql, limit: number): Promise<Signal[]> {
  const { rows } = await sql.query<{ data: Signal }>(
    'select data from signal order by received_at desc, id desc limit $1',
    [limit],
  );
  return rows.map((row) => row.data).reverse();
}

/** Marks signals as belonging to a candidate before a fact has told of them. */
export async function joinSignals(
  tx: Sql,
  joining: readonly { readonly id: SignalId; readonly candidate: string }[],
): Promise<void> {
  await tx.query(
    `update signal s set placement = 'joining', candidate = r.candidate
     from unnest($1::text[], $2::text[]) as r(id, candidate) where s.id = r.id`,
    [joining.map(({ id }) => id), joining.map(({ candidate }) => candidate)],
  );
}

/** Signals of a candidate that no fact has told of yet, oldest first. */
export async function joiningSignals(tx: Sql, candidate: string, limit: number): Promise<Signal[]> {
  const { rows } = await tx.query<{ data: Signal }>(
    "select data from signal where candidate = $1 and placement = 'joining' order by received_at, id limit $2",
    [candidate, limit],
  );
  return rows.map((row) => row.data);
}
