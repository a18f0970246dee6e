import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

/** How far the telemetry of a system has come in: by kind, the id of the newest row and how many rows are kept. */
export type TelemetryMarks = Readonly<Record<string, { readonly upTo: string; readonly rows: number }>>;

/** Newest rows are counted up to this many. */
const COUNTED = 100_000;

export async function telemetryMarks(sql: Sql, system: string): Promise<TelemetryMarks> {
  const marks: Record<string, { upTo: string; rows: number }> = {};
  for (const kind of ['interaction', 'signal', 'feedback'] as const) {
    const { rows } = await sql.query<{ id: string | null; rows: number }>(
      `select (select id from ${kind} where system = $1 order by received_at desc, id desc limit 1) as id,
         (select count(*)::int from (select 1 from ${kind} where system = $1 limit ${COUNTED}) kept) as rows`,
      [system],
    );
    const row = rows[0];
    if (row?.id) marks[kind] = { upTo: row.id, rows: row.rows };
  }
  const sealed = await sql.query<{ number: number | null; count: number }>(
    'select max(number) as number, coalesce(sum(count), 0)::int as count from telemetry_batch',
  );
  const newest = sealed.rows[0];
  if (newest?.number) marks.sealed = { upTo: `batch ${newest.number}`, rows: newest.count };
  return marks;
}

export interface FeatureTraffic {
  readonly feature: string | null;
  readonly requests: number;
  readonly refused: number;
  readonly rerouted: number;
  readonly errors: number;
}

/** Interactions since an instant by feature, to the minute; `null` where nothing of the system was ever recorded. */
export async function trafficSince(sql: Sql, system: string, since: Instant): Promise<FeatureTraffic[] | null> {
  const { rows } = await sql.query<FeatureTraffic & { feature: string }>(
    `select feature, sum(requests)::int as requests, sum(refused)::int as refused, sum(rerouted)::int as rerouted, sum(errors)::int as errors
     from traffic where system = $1 and minute >= $2 group by feature order by sum(requests) desc, feature limit 500`,
    [system, since.slice(0, 16)],
  );
  if (rows.length > 0) return rows.map((row) => ({ ...row, feature: row.feature === '' ? null : row.feature }));
  const ever = await sql.query('select 1 from traffic where system = $1 limit 1', [system]);
  return ever.count > 0 ? [] : null;
}
