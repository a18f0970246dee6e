import { type Span, type UnreadSpans, unreadSpans } from '@firebreak/core/detect/signals';
import { addMs, type Instant } from '@firebreak/core/kernel';
import type { Deps, Sql } from '../../platform/index.ts';
import { storable } from './given.ts';

const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;
/** Systems of one day that are told apart; what senders call themselves has no bound of its own. */
const MOST_SYSTEMS = 1_000;
const MOST_NAMES_SAID = 3;

const dayOf = (at: Instant): string => at.slice(0, 10);

/** Notes spans that look like calls of models and could not be read, and says so to who sent them; empty: there were none. */
export async function noteUnread(deps: Deps, spans: readonly Span[], fallback: string): Promise<string> {
  const found = unreadSpans(spans, fallback).map((it) => ({ ...it, names: it.names.map(storable) }));
  if (found.length === 0) return '';
  const now = deps.now();
  await deps.db.transaction(async (tx) => {
    await tx.query('delete from telemetry_unread where day < $1', [dayOf(addMs(now, -KEPT_DAYS * DAY_MS))]);
    await tx.query(
      `insert into telemetry_unread (system, day, spans, names, at)
       select f.system, $1, f.spans, f.names, $2 from jsonb_to_recordset($3::jsonb) as f(system text, spans int, names jsonb)
       where (select count(*) from telemetry_unread where day = $1) < ${MOST_SYSTEMS}
         or exists (select 1 from telemetry_unread u where u.day = $1 and u.system = f.system)
       order by f.system
       on conflict (system, day) do update set spans = telemetry_unread.spans + excluded.spans, names = excluded.names, at = excluded.at`,
      [dayOf(now), now, JSON.stringify(found)],
    );
  }, 'intake');
  return sayUnread(found);
}

function sayUnread(found: readonly UnreadSpans[]): string {
  const spans = found.reduce((sum, it) => sum + it.spans, 0);
  const names = [...new Set(found.flatMap((it) => it.names))].slice(0, MOST_NAMES_SAID);
  return `${spans === 1 ? '1 span looks like a call' : `${spans} spans look like calls`} of a model, in names that are not read (${names.join(', ')}): nothing was made of ${spans === 1 ? 'it' : 'them'}. Send gen_ai.* names, or those of one of the libraries that are read.`;
}

export interface Unread {
  readonly system: string;
  readonly spans: number;
  readonly names: string[];
  readonly at: Instant;
}

/** Of the last seven days, the latest first. */
export async function unreadLately(sql: Sql, now: Instant): Promise<Unread[]> {
  const { rows } = await sql.query<Unread>(
    `select system, sum(spans)::int as spans, (array_agg(names order by day desc))[1] as names, max(at) as at
     from telemetry_unread where day >= $1 group by system order by max(at) desc, system limit 100`,
    [dayOf(addMs(now, -KEPT_DAYS * DAY_MS))],
  );
  return rows;
}
