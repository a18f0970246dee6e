import { type Instant, toMs } from '@firebreak/core/kernel';
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

type Row = Omit<PassedRequest, 'at' | 'weight'> & { readonly received_at: Instant };

/** Requests read one by one; where there are more, about so many of them. */
const LOOKED_AT = 610;
const WORDS_READ = 300;
const WRONG_READ = 200;
const WORDS_KEPT = 20_000;
const MINUTE_MS = 60_000;

const WORDS = `left((select m ->> 'content' from jsonb_array_elements(case when jsonb_typeof(d.input) = 'array' then d.input else '[]' end)
     with ordinality as e(m, n) where m ->> 'role' = 'user' order by n desc limit 1), ${WORDS_KEPT}) as question,
   left(d.output, ${WORDS_KEPT}) as answer`;

/** Each record is taken apart once, whatever is read from it. */
const readFrom = (rows: string, words: boolean): string =>
  `select i.received_at, i.feature, i.model, i.prompt, d.provider, d.country, d.subject, i.session, d.agent,
     d.versions ->> 'index' as index,
     case when jsonb_typeof(d.retrieved) = 'array' then jsonb_array_length(d.retrieved) > 0 end as retrieved,
     case when jsonb_typeof(d."toolCalls") = 'array' then jsonb_path_query_array(d."toolCalls", '$[*].name') end as tools,
     exists (select 1 from signal s where s.interaction = i.id) as suspect,
     ${words ? WORDS : 'null as question, null as answer'}
   from (${rows}) i cross join lateral jsonb_to_record(i.data) as d(provider text, country text, subject text, agent text,
     versions jsonb, retrieved jsonb, "toolCalls" jsonb${words ? ', input jsonb, output text' : ''})`;

const COLUMNS = 'id, received_at, feature, model, prompt, session, data';
const REAL = "(given_id is null or given_id !~ '^(drill|simulated):')";

const passed = (rows: readonly Row[], weightOf: (row: Row) => number): PassedRequest[] =>
  rows.map((row) => {
    const { received_at, ...rest } = row;
    return { ...rest, at: toMs(received_at), weight: weightOf(row) };
  });

/**
 * Requests of a system that came in during the last `minutes`: every one where there are few, else as many from each minute,
 * each weighing as many as it stands for. `words`: with question and answer, of half as many. Null where nothing was ever
 * recorded.
 */
export async function passedLately(
  sql: Sql,
  system: string,
  now: Instant,
  { minutes, words = false }: { readonly minutes: number; readonly words?: boolean },
): Promise<{ readonly rows: PassedRequest[]; readonly sampled: boolean } | null> {
  const to = Math.floor(toMs(now) / MINUTE_MS) * MINUTE_MS;
  const starts = Array.from({ length: minutes + 1 }, (_, i) => new Date(to - (minutes - i) * MINUTE_MS).toISOString());
  const from = starts[0] as Instant;
  const counts = await requestsByMinute(sql, { system, feature: null, from, to: now });
  if (counts === null) return null;
  const most = words ? LOOKED_AT / 2 : LOOKED_AT;
  const sampled = counts.reduce((sum, { count }) => sum + count, 0) > most;
  const { rows } = await sql.query<Row>(
    readFrom(
      sampled
        ? `select r.* from unnest($2::text[]) as s(minute) cross join lateral (select ${COLUMNS} from interaction
             where system = $1 and received_at >= s.minute and received_at < left(s.minute, 16) || ':60' and ${REAL}
             order by received_at desc, id desc limit ${Math.floor(most / (minutes + 1))}) r`
        : `select ${COLUMNS} from interaction where system = $1 and received_at >= ($2::text[])[1] and ${REAL}
           order by received_at desc, id desc limit ${most}`,
      words,
    ),
    [system, starts],
  );
  if (!sampled) return { rows: passed(rows, () => 1), sampled };
  const inside = new Map(counts.map(({ minute, count }) => [minute, count]));
  const read = new Map<string, number>();
  const minuteOf = ({ received_at }: Row) => received_at.slice(0, 16);
  for (const row of rows) read.set(minuteOf(row), (read.get(minuteOf(row)) ?? 0) + 1);
  return {
    rows: passed(rows, (row) => Math.max(1, (inside.get(minuteOf(row)) ?? 0) / read.get(minuteOf(row))!)),
    sampled,
  };
}

/** The newest stored requests of a system with their words, at most three hundred. */
export async function passedWithWords(sql: Sql, system: string): Promise<PassedRequest[]> {
  const { rows } = await sql.query<Row>(
    readFrom(
      `select ${COLUMNS} from interaction where system = $1 and ${REAL}
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
      `select i.id, i.received_at, i.feature, i.model, i.prompt, i.session, i.data from (
         select distinct interaction from (select interaction from signal where candidate = $1 and interaction is not null
           order by received_at desc, id desc limit ${WRONG_READ}) newest) s
       join interaction i on i.id = s.interaction`,
      false,
    ),
    [candidate],
  );
  return passed(rows, () => 1);
}
