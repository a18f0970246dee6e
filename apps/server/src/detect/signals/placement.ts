import type { Signal, SignalId } from '@firebreak/core/detect/signals';
import { addMs, type Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

/** Whether there is anything to place at all. */
export async function hasNewSignals(sql: Sql, now: Instant): Promise<boolean> {
  return (await sql.query(`select 1 from signal where ${TO_PLACE} limit 1`, [restedSince(now)])).count > 0;
}

export async function newSignalsUpTo(sql: Sql, limit: number): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    "select count(*)::int as n from (select 1 from signal where placement = 'new' limit $1) as waiting",
    [limit],
  );
  return rows[0]!.n;
}

/** What failed a moment ago is left alone for a moment. */
const REST_MS = 5_000;
const restedSince = (now: Instant): Instant => addMs(now, -REST_MS);
const TO_PLACE =
  "placement = 'new' and not exists (select 1 from signal_trouble t where t.signal = signal.id and t.at > $1)";

/** What the grouping needs of the signals, all or one, and the marks it leaves on them. Each row has at least its id. */
export async function newSignals(
  tx: Sql,
  now: Instant,
  limit: number,
  only: SignalId | null = null,
): Promise<Pick<Signal, 'id'>[]> {
  const { rows } = await tx.query<{ id: SignalId; data: object }>(
    `select id, data from signal where ${TO_PLACE} and ($3::text is null or id = $3) order by received_at, id limit $2 for update`,
    [restedSince(now), limit, only],
  );
  return rows.map(({ id, data }) => ({ ...data, id }));
}

/** After so many failures, alone and some seconds apart, a signal is set aside. */
const MOST_FAILURES = 3;

/** Notes signals that cannot be placed, and sets aside those that failed too often; answers their ids. */
export async function noteTrouble(
  tx: Sql,
  now: Instant,
  failed: readonly { readonly id: SignalId; readonly why: string }[],
): Promise<SignalId[]> {
  await tx.query(
    `insert into signal_trouble as t (signal, times, at, why)
     select id, 1, $2, why from jsonb_to_recordset($1::jsonb) as r(id text, why text)
     on conflict (signal) do update set times = t.times + 1, at = excluded.at, why = excluded.why`,
    [JSON.stringify(failed), now],
  );
  const { rows } = await tx.query<{ id: SignalId }>(
    `update signal set placement = 'aside' where placement = 'new'
       and id in (select signal from signal_trouble where signal = any($1) and times >= $2) returning id`,
    [failed.map(({ id }) => id), MOST_FAILURES],
  );
  return rows.map(({ id }) => id);
}

export interface SetAside {
  readonly signal: SignalId;
  readonly system: string;
  readonly detector: string;
  readonly text: string;
  readonly receivedAt: Instant;
  /** When it failed last. */
  readonly at: Instant;
  readonly why: string;
}
const MOST_ASIDE = 50;

/** Signals that were set aside, the latest first, and how many there are. */
export async function signalsAside(
  sql: Sql,
): Promise<{ readonly count: number; readonly signals: readonly SetAside[] }> {
  const { rows } = await sql.query<SetAside & { readonly n: number }>(
    `select s.id as signal, s.system, s.detector, coalesce(s.data->>'text', '') as text, s.received_at as "receivedAt", coalesce(t.at, s.received_at) as at, coalesce(t.why, '') as why, count(*) over ()::int as n
     from signal s left join signal_trouble t on t.signal = s.id where s.placement = 'aside'
     order by s.received_at desc, s.id desc limit ${MOST_ASIDE}`,
  );
  return { count: rows[0]?.n ?? 0, signals: rows.map(({ n: _, ...each }) => each) };
}

/** All that was set aside is tried again; answers how many. */
export async function tryAgain(tx: Sql): Promise<number> {
  await tx.query("delete from signal_trouble where signal in (select id from signal where placement = 'aside')");
  return (await tx.query("update signal set placement = 'new' where placement = 'aside' returning id")).count;
}

/** Forgets the trouble with signals that were placed since, or are kept no longer. */
export async function forgetTrouble(sql: Sql): Promise<void> {
  await sql.query(
    "delete from signal_trouble t where not exists (select 1 from signal s where s.id = t.signal and s.placement in ('new', 'aside'))",
  );
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
