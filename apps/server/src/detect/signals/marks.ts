import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

/** How far the telemetry of a system has come in: by kind, the id of the newest row and how many rows are kept. */
export type TelemetryMarks = Readonly<Record<string, { readonly upTo: string; readonly rows: number }>>;

/** Newest rows are counted up to this many. */
const COUNTED = 100_000;

/** One look for all kinds: an order waits for this. */
const MARKS = `select
  ${(['interaction', 'signal', 'feedback'] as const)
    .map(
      (kind) => `(select id from ${kind} where system = $1 order by received_at desc, id desc limit 1) as ${kind},
  (select count(*)::int from (select 1 from ${kind} where system = $1 limit ${COUNTED}) kept) as ${kind}_rows`,
    )
    .join(',\n  ')},
  (select max(number) from telemetry_batch) as sealed,
  (select coalesce(sum(count), 0)::int from telemetry_batch) as sealed_rows`;

export async function telemetryMarks(sql: Sql, system: string): Promise<TelemetryMarks> {
  const { rows } = await sql.query<Record<string, string | number | null>>(MARKS, [system]);
  const row = rows[0]!;
  const marks: Record<string, { upTo: string; rows: number }> = {};
  for (const kind of ['interaction', 'signal', 'feedback'])
    if (row[kind]) marks[kind] = { upTo: String(row[kind]), rows: Number(row[`${kind}_rows`]) };
  if (row.sealed) marks.sealed = { upTo: `batch ${row.sealed}`, rows: Number(row.sealed_rows) };
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
