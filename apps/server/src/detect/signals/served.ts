import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

/** A part of a system over a stretch of time. `feature` null: all of it. */
export interface Scope {
  readonly system: string;
  readonly feature: string | null;
  readonly from: Instant;
  readonly to: Instant;
}

const MOST_MINUTES = 3_000;
/** Interactions looked at one by one; where there are more, about so many of them. */
const LOOKED_AT = 2_000;
const SIGNALS_READ = 20_000;

export interface MinuteCount {
  readonly minute: string;
  readonly count: number;
}

/** Requests by minute, the newest minutes where there are very many; null where nothing of the system was ever recorded. */
export async function requestsByMinute(sql: Sql, { system, feature, from, to }: Scope): Promise<MinuteCount[] | null> {
  const { rows } = await sql.query<MinuteCount>(
    `select minute, sum(requests)::int as count from traffic
     where system = $1 and minute >= $2 and minute <= $3 and ($4::text is null or feature = $4)
     group by minute order by minute desc limit ${MOST_MINUTES}`,
    [system, from.slice(0, 16), to.slice(0, 16), feature],
  );
  if (rows.length > 0) return rows.reverse();
  const ever = await sql.query('select 1 from traffic where system = $1 limit 1', [system]);
  return ever.count > 0 ? [] : null;
}

/** Interactions with a signal of this candidate, by the minute they came in. */
export async function hitsByMinute(sql: Sql, candidate: string): Promise<MinuteCount[]> {
  const { rows } = await sql.query<MinuteCount>(
    `select left(i.received_at, 16) as minute, count(*)::int as count
     from (select distinct interaction from (
       select interaction from signal where candidate = $1 and interaction is not null
       order by received_at desc, id desc limit ${SIGNALS_READ}) newest) s
     join interaction i on i.id = s.interaction group by 1 order by 1 limit ${MOST_MINUTES}`,
    [candidate],
  );
  return rows;
}

export interface Look {
  readonly prompt: string | null;
  readonly model: string | null;
  readonly subject: string | null;
}

/** Of 2^20 hash values, so many are in the sample. */
const HASHES = 1_048_576;

/**
 * What was served in a scope of so many requests: every interaction where there are few, else a sample of about 2,000 by
 * the hash of the id, so that it is even, and the same when asked again.
 */
export async function lookAtServed(sql: Sql, { system, feature, from, to }: Scope, requests: number): Promise<Look[]> {
  const inside = requests <= LOOKED_AT ? HASHES : Math.ceil((HASHES * LOOKED_AT) / requests);
  const { rows } = await sql.query<Look>(
    `select prompt, model, data->>'subject' as subject from interaction
     where system = $1 and ($2::text is null or feature = $2) and received_at >= $3 and received_at < $4
       and (hashtext(id) & ${HASHES - 1}) < $5
       and (given_id is null or given_id !~ '^(drill|simulated):')
     limit ${2 * LOOKED_AT}`,
    [system, feature, from.slice(0, 16), `${to.slice(0, 16)}:60`, inside],
  );
  return rows;
}

/** Tool calls of the interactions with a signal of this candidate, by tool; null where none of them carries any. */
export async function toolCallsOf(sql: Sql, candidate: string): Promise<Record<string, number> | null> {
  const { rows } = await sql.query<{ captured: boolean; name: string | null; count: number }>(
    `with hit as (
       select i.data->'toolCalls' as calls from (select distinct interaction from (
         select interaction from signal where candidate = $1 and interaction is not null
         order by received_at desc, id desc limit ${LOOKED_AT}) newest) s
       join interaction i on i.id = s.interaction)
     select jsonb_typeof(calls) = 'array' as captured, c->>'name' as name, count(*)::int as count
     from hit left join lateral jsonb_array_elements(case when jsonb_typeof(calls) = 'array' then calls else '[]' end) c on true
     group by 1, 2 order by 3 desc limit 200`,
    [candidate],
  );
  if (!rows.some((row) => row.captured)) return null;
  return Object.fromEntries(rows.flatMap(({ name, count }) => (name === null ? [] : [[name, count]])));
}
