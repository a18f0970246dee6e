import { addMs, type Instant, toMs } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';
import { requestsByMinute } from './served.ts';

/** One stored request in short. `null`: not captured. */
export interface PassedRequest {
  /** When it came in, milliseconds since 1970. */
  readonly at: number;
  /** How many requests it stands for. */
  readonly weight: number;
  readonly feature: string | null;
  readonly model: string | null;
  readonly prompt: string | null;
  readonly provider: string | null;
  readonly country: string | null;
  readonly subject: string | null;
  readonly session: string | null;
  readonly agent: string | null;
  readonly index: string | null;
  readonly retrieved: boolean | null;
  readonly tools: readonly string[] | null;
  /** The last words of a person, and the answer; null as well where they were not asked for. */
  readonly question: string | null;
  readonly answer: string | null;
  /** Whether a signal was raised about it. */
  readonly suspect: boolean;
}

type Row = Omit<PassedRequest, 'at' | 'weight'> & { readonly received_at: Instant; readonly slice: number };

/** Requests read one by one; where there are more, so many of them, evenly over the time. */
const LOOKED_AT = 1_000;
const SLICES = 20;
const WORDS_READ = 500;
const WRONG_READ = 200;
const WORDS_KEPT = 20_000;
const MINUTE_MS = 60_000;

const WORDS = `left((select m ->> 'content' from jsonb_array_elements(case when jsonb_typeof(d.input) = 'array' then d.input else '[]' end)
     with ordinality as e(m, n) where m ->> 'role' = 'user' order by n desc limit 1), ${WORDS_KEPT}) as question,
   left(d.output, ${WORDS_KEPT}) as answer`;

/** Each record is taken apart once, whatever is read from it. */
const readFrom = (rows: string, words: boolean): string =>
  `select i.slice, i.received_at, i.feature, i.model, i.prompt, d.provider, d.country, d.subject, i.session, d.agent,
     d.versions ->> 'index' as index,
     case when jsonb_typeof(d.retrieved) = 'array' then jsonb_array_length(d.retrieved) > 0 end as retrieved,
     case when jsonb_typeof(d."toolCalls") = 'array' then jsonb_path_query_array(d."toolCalls", '$[*].name') end as tools,
     exists (select 1 from signal s where s.interaction = i.id) as suspect,
     ${words ? WORDS : 'null as question, null as answer'}
   from (${rows}) i cross join lateral jsonb_to_record(i.data) as d(provider text, country text, subject text, agent text,
     versions jsonb, retrieved jsonb, "toolCalls" jsonb${words ? ', input jsonb, output text' : ''})`;

const COLUMNS = 'id, received_at, feature, model, prompt, session, data';
const REAL = "(given_id is null or given_id !~ '^(drill|simulated):')";

const passed = (rows: readonly Row[], weightOf: (slice: number) => number): PassedRequest[] =>
  rows.map(({ received_at, slice, ...row }) => ({ ...row, at: toMs(received_at), weight: weightOf(slice) }));

/**
 * Requests of a system that came in during the last `minutes`: every one where there are few, else a thousand, as many
 * from each twentieth of the time, each weighing as many as it stands for. Null where nothing was ever recorded.
 */
export async function passedLately(
  sql: Sql,
  system: string,
  now: Instant,
  minutes: number,
): Promise<{ readonly rows: PassedRequest[]; readonly sampled: boolean } | null> {
  // To whole minutes, as traffic is counted.
  const from = addMs(now, -minutes * MINUTE_MS).slice(0, 16);
  const counts = await requestsByMinute(sql, { system, feature: null, from: `${from}:00.000Z` as Instant, to: now });
  if (counts === null) return null;
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const few = all <= LOOKED_AT;
  const slices = few ? 1 : SLICES;
  const began = Date.parse(`${from}:00.000Z`);
  const length = Math.ceil((minutes + 1) / slices) * MINUTE_MS;
  const bounds = Array.from({ length: slices + 1 }, (_, i) => new Date(began + i * length).toISOString());
  const inside = Array.from({ length: slices }, () => 0);
  for (const { minute, count } of counts)
    inside[Math.min(slices - 1, Math.floor((Date.parse(`${minute}:00.000Z`) - began) / length))]! += count;
  const { rows } = await sql.query<Row>(
    readFrom(
      `select s.n::int as slice, r.* from unnest($2::text[], $3::text[]) with ordinality as s(from_at, to_at, n)
       cross join lateral (select ${COLUMNS} from interaction
         where system = $1 and received_at >= s.from_at and received_at < s.to_at and ${REAL}
         order by received_at desc, id desc limit ${few ? LOOKED_AT : LOOKED_AT / SLICES}) r`,
      false,
    ),
    [system, bounds.slice(0, -1), bounds.slice(1)],
  );
  const read = Array.from({ length: slices }, () => 0);
  for (const { slice } of rows) read[slice - 1]!++;
  return {
    rows: passed(rows, (slice) => (few ? 1 : Math.max(1, inside[slice - 1]! / read[slice - 1]!))),
    sampled: !few,
  };
}

/** The newest stored requests of a system with their words, at most five hundred. */
export async function passedWithWords(sql: Sql, system: string): Promise<PassedRequest[]> {
  const { rows } = await sql.query<Row>(
    readFrom(
      `select 1 as slice, ${COLUMNS} from interaction where system = $1 and ${REAL}
       order by received_at desc, id desc limit ${WORDS_READ}`,
      true,
    ),
    [system],
  );
  return passed(rows, () => 1);
}

/** Requests with a signal of a candidate, the newest signals first, at most two hundred. */
export async function wentWrong(sql: Sql, candidate: string): Promise<PassedRequest[]> {
  const { rows } = await sql.query<Row>(
    readFrom(
      `select 1 as slice, i.id, i.received_at, i.feature, i.model, i.prompt, i.session, i.data from (
         select distinct interaction from (select interaction from signal where candidate = $1 and interaction is not null
           order by received_at desc, id desc limit ${WRONG_READ}) newest) s
       join interaction i on i.id = s.interaction`,
      false,
    ),
    [candidate],
  );
  return passed(rows, () => 1);
}
