import type { Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

/**
 * How far the telemetry of a system has come in: by kind, the id of the newest row and how many rows are kept; `more` where
 * there are more than that, which nobody counted.
 */
export type TelemetryMarks = Readonly<
  Record<string, { readonly upTo: string; readonly rows: number; readonly more?: true }>
>;

/** Rows are counted up to this many. */
const COUNTED = 10_000;

/** One look for all kinds: an order waits for this. */
export async function telemetryMarks(sql: Sql, system: string): Promise<TelemetryMarks> {
  const { rows } = await sql.query<{ marks: Record<string, string | number | null> }>(
    'select telemetry_marks($1, $2) as marks',
    [system, COUNTED + 1],
  );
  const seen = rows[0]!.marks;
  const marks: Record<string, TelemetryMarks[string]> = {};
  for (const kind of ['interaction', 'signal', 'feedback']) {
    if (!seen[kind]) continue;
    const counted = Number(seen[`${kind}_rows`]);
    marks[kind] = {
      upTo: String(seen[kind]),
      rows: Math.min(counted, COUNTED),
      ...(counted > COUNTED ? { more: true } : {}),
    };
  }
  if (seen.sealed) marks.sealed = { upTo: `batch ${seen.sealed}`, rows: Number(seen.sealed_rows) };
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
