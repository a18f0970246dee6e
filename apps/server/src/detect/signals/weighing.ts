import type { Signal } from '@firebreak/core/detect/signals';
import { addMs, type Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

const MOST_WEIGHED = 500;
const MOST_PAIRS = 200;
const MOST_TIMES = 5_000;

/** Signals a page is decided on: those that can be believed most, and the newest of every channel and detector. */
export async function signalsToWeigh(sql: Sql, candidate: string): Promise<Signal[]> {
  const { rows } = await sql.query<{ data: Signal }>(
    `(select data from signal where candidate = $1
      order by case when data->>'evidenceClass' = 'verified' then 0 when data ? 'pagesAlone' then 1
        when data->>'evidenceClass' = 'strong' then 2 else 3 end, received_at desc limit ${MOST_WEIGHED})
     union
     (select distinct on (channel, detector) data from signal where candidate = $1
      order by channel, detector, received_at desc limit ${MOST_PAIRS})`,
    [candidate],
  );
  return rows.map((row) => row.data).sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));
}

const MOST_HEARD = 200;

/** Candidates of these systems with signals since then that prove themselves or are rarely wrong. */
export async function candidatesHearing(sql: Sql, systems: readonly string[], since: Instant): Promise<string[]> {
  const { rows } = await sql.query<{ candidate: string }>(
    `select distinct candidate from signal
     where system = any($1) and received_at >= $2 and candidate is not null
       and data->>'evidenceClass' in ('verified', 'strong')
     limit ${MOST_HEARD}`,
    [systems, since],
  );
  return rows.map(({ candidate }) => candidate);
}

/** Which of these signals their sender says are over and since when, and how many of the candidate nobody says that of. */
export async function overOf(
  sql: Sql,
  candidate: string,
  ids: readonly string[],
): Promise<{ readonly resolved: ReadonlyMap<string, Instant>; readonly going: number }> {
  const { rows } = await sql.query<{ id: string; resolved_at: Instant }>(
    'select id, resolved_at from signal where id = any($1) and resolved_at is not null',
    [ids],
  );
  if (rows.length === 0) return { resolved: new Map(), going: ids.length };
  const going = await sql.query<{ n: number }>(
    'select count(*)::int as n from signal where candidate = $1 and resolved_at is null',
    [candidate],
  );
  return { resolved: new Map(rows.map(({ id, resolved_at }) => [id, resolved_at])), going: going.rows[0]!.n };
}

/** What narrows a list of signals; null does not. `text` is contained in any case. */
export interface SignalMatch {
  readonly system: string | null;
  readonly detector?: string | null;
  readonly archetype?: string | null;
  readonly channel?: string | null;
  readonly text?: string | null;
  readonly kind?: string | null;
  readonly from: Instant;
  readonly to: Instant;
}

const MATCHES = `($3::text is null or system = $3) and ($4::text is null or detector = $4)
  and ($5::text is null or data->>'archetype' = $5) and ($6::text is null or channel = $6)
  and ($7::text is null or position(lower($7) in lower(data->>'text')) > 0) and ($8::text is null or data->>'kind' = $8)`;
const WHERE = `received_at >= $1 and received_at < $2 and ${MATCHES}`;
const valuesOf = (it: SignalMatch) => [
  it.from,
  it.to,
  it.system,
  it.detector ?? null,
  it.archetype ?? null,
  it.channel ?? null,
  it.text ?? null,
  it.kind ?? null,
];

/** When matching signals came in or were told again, newest first, a bounded number. */
export async function timesOfSignals(sql: Sql, match: SignalMatch): Promise<Instant[]> {
  const { rows } = await sql.query<{ at: Instant }>(
    `(select received_at as at from signal where ${WHERE} order by received_at desc limit ${MOST_TIMES})
     union all
     (select again.at from signal, jsonb_array_elements_text(repeated) as again(at)
      where last_at >= $1 and again.at >= $1 and again.at < $2 and ${MATCHES} order by again.at desc limit ${MOST_TIMES})
     order by at desc limit ${MOST_TIMES}`,
    valuesOf(match),
  );
  return rows.map(({ at }) => at);
}

export async function countSignals(sql: Sql, match: SignalMatch): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `select count(*)::int as n from signal where ${WHERE}`,
    valuesOf(match),
  );
  return rows[0]!.n;
}

/** Matching signals with the candidate they stand in, newest first. */
export async function matchingSignals(
  sql: Sql,
  match: SignalMatch,
  limit: number,
): Promise<{ signal: Signal; candidate: `cnd_${string}` | null }[]> {
  const { rows } = await sql.query<{ data: Signal; candidate: `cnd_${string}` | null }>(
    `select data, candidate from signal where ${WHERE} order by received_at desc, id desc limit ${limit}`,
    valuesOf(match),
  );
  return rows.map(({ data, candidate }) => ({ signal: data, candidate }));
}

/** How much was seen of a system and since when, by the minute; null where nothing was. */
export async function observedOf(sql: Sql, system: string): Promise<{ count: number; since: Instant } | null> {
  const { rows } = await sql.query<{ n: number; since: string | null }>(
    'select coalesce(sum(requests), 0)::int as n, min(minute) as since from traffic where system = $1',
    [system],
  );
  const { n, since } = rows[0]!;
  return since === null ? null : { count: n, since: addMs(`${since}:00.000Z` as Instant, 0) };
}

/** How a signal stands: in which candidate, or why in none. */
export async function placementOf(
  sql: Sql,
  id: string,
): Promise<{ signal: Signal; placement: string; candidate: `cnd_${string}` | null } | null> {
  const { rows } = await sql.query<{ data: Signal; placement: string; candidate: `cnd_${string}` | null }>(
    'select data, placement, candidate from signal where id = $1',
    [id],
  );
  const row = rows[0];
  return row === undefined ? null : { signal: row.data, placement: row.placement, candidate: row.candidate };
}

/** When the first signal with a mark came in. */
export async function firstByMark(sql: Sql, mark: string): Promise<Instant | null> {
  const { rows } = await sql.query<{ at: Instant | null }>(
    "select min(received_at) as at from signal where data->>'mark' = $1",
    [mark],
  );
  return rows[0]?.at ?? null;
}
