import {
  BUDGET_FACTS,
  foldBudget,
  foldWatch,
  type JudgeState,
  type MeasureWatch,
  titleOf,
  WATCH_FACTS,
} from '@firebreak/core/detect/measures';
import type { Instant } from '@firebreak/core/kernel';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

const MOST = 1_000;
const OTLP_MINUTES = 10;
const REGULAR_HOURS = 20;

export const watchBoard: Board = {
  name: 'watches',
  tables: ['watch_board', 'alarm_budget_board'],
  types: [...WATCH_FACTS, ...BUDGET_FACTS],
  async apply(tx, { stream, type }) {
    if (type === 'alarm-budget.set') {
      await tx.query(
        'insert into alarm_budget_board (one, per_week) values (true, $1) on conflict (one) do update set per_week = excluded.per_week',
        [foldBudget(await loadStream(tx, stream))],
      );
      return;
    }
    const watch = foldWatch(await loadStream(tx, stream));
    if (watch === null) return;
    const { id, system, measure, removed, paused, pages } = watch;
    await tx.query(
      `insert into watch_board (id, system, measure, active, removed, pages, data) values ($1, $2, $3, $4, $5, $6, $7::jsonb)
       on conflict (id) do update set active = excluded.active, removed = excluded.removed, pages = excluded.pages, data = excluded.data`,
      [id, system, measure, removed === null && paused === null, removed !== null, pages, JSON.stringify(watch)],
    );
  },
};

export interface WatchRow {
  readonly data: MeasureWatch;
  readonly cursor: string | null;
  readonly about: string | null;
  readonly state: JudgeState;
  readonly unit: string | null;
  readonly alarms: number;
  readonly alarm: { readonly at: Instant; readonly text: string; readonly severity: number | null } | null;
}

const ROW = `select b.data, s.cursor, s.about, s.data as state,
    (select max(m.unit) from measure_series m where m.system = b.system and m.name = b.measure) as unit,
    (select count(*)::int from watch_alarm a where a.watch = b.id) as alarms,
    (select jsonb_build_object('at', a.at, 'text', a.text, 'severity', a.severity) from watch_alarm a
     where a.watch = b.id and a.ended_at is null order by a.at desc limit 1) as alarm
  from watch_board b left join watch_state s on s.watch = b.id`;

export async function listWatches(sql: Sql, system: string | null, measure: string | null): Promise<WatchRow[]> {
  const { rows } = await sql.query<WatchRow>(
    `${ROW} where not b.removed and ($1::text is null or b.system = $1) and ($2::text is null or b.measure = $2)
     order by b.system, b.measure, b.id limit ${MOST}`,
    [system, measure],
  );
  return rows;
}

export async function readWatch(sql: Sql, id: string): Promise<WatchRow | null> {
  return (await sql.query<WatchRow>(`${ROW} where b.id = $1 and not b.removed`, [id])).rows[0] ?? null;
}

export const countWatches = async (sql: Sql): Promise<number> =>
  (await sql.query<{ n: number }>('select count(*)::int as n from watch_board where not removed')).rows[0]!.n;

export const readBudget = async (sql: Sql): Promise<number> =>
  (await sql.query<{ per_week: number }>('select per_week from alarm_budget_board')).rows[0]?.per_week ??
  foldBudget([]);

/** Measures that are watched and sent by programs: when each last came, and how often it does. */
export async function measuresHeard(sql: Sql) {
  const { rows } = await sql.query<{
    system: string;
    name: string;
    origin: string;
    first: string;
    last: string;
    hours: number;
  }>(
    `select m.system, m.name, m.origin, m.first, m.last,
       (select count(distinct h.minute)::int from measure_hour h join measure_series s on s.id = h.series
        where s.system = m.system and s.name = m.name and h.minute > to_char(m.last::timestamp - interval '24 hours', 'YYYY-MM-DD"T"HH24:MI')) as hours
     from (select system, name, max(origin) as origin, min(first_minute) as first, max(last_minute) as last
           from measure_series where origin in ('otlp', 'api') group by system, name) m
     where exists (select 1 from watch_board b where b.system = m.system and b.measure = m.name and b.active)
     order by m.system, m.name limit ${MOST}`,
  );
  return rows.map(({ system, name, origin, first, last, hours }) => ({
    system,
    name,
    title: titleOf(name),
    firstAt: `${first}:00.000Z` as Instant,
    lastAt: `${last}:00.000Z` as Instant,
    // Exporters send every minute; a program that sends in nearly every hour is expected in every one.
    everyMinutes: origin === 'otlp' ? OTLP_MINUTES : hours >= REGULAR_HOURS ? 60 : null,
  }));
}
