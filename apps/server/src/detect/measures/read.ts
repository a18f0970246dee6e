import type { MeasurePoint, MeasureRow } from '@firebreak/contract/detect/measures';
import {
  type Aspect,
  aspectOf,
  Bin,
  type BinData,
  KNOWN_MEASURES,
  type MeasureKind,
  type MeasureOrigin,
  titleOf,
  usualAspect,
} from '@firebreak/core/detect/measures';
import { addMs, type Instant, toMs } from '@firebreak/core/kernel';
import { wilson } from '@firebreak/core/statistics';
import type { Sql } from '../../platform/index.ts';

const HOUR_MS = 3_600_000;
const MOST_MEASURES = 300;
const MOST_ROWS = 60_000;
const HOURS = 24;

export const timeOf = (minute: string): Instant => `${minute}:00.000Z` as Instant;

interface Head {
  readonly system: string;
  readonly name: string;
  readonly kind: MeasureKind;
  readonly unit: string;
  readonly origin: MeasureOrigin;
  readonly series: number;
  readonly last_minute: string;
}

const HEAD = `select system, name, max(kind) as kind, max(unit) as unit, min(origin) as origin, count(*)::int as series, max(last_minute) as last_minute
  from measure_series`;

interface HourRow {
  readonly system: string;
  readonly name: string;
  readonly minute: string;
  readonly n: number;
  readonly x: number;
  readonly sum: number;
}

const plain = (kind: MeasureKind, { n, x, sum }: { n: number; x: number; sum: number }): number | null =>
  n <= 0 ? null : kind === 'rate' ? Math.min(1, x / n) : kind === 'count' ? sum : kind === 'mix' ? null : sum / n;

/** Measures of all systems or of one, with their last 24 hours. */
export async function listMeasures(
  sql: Sql,
  system: string | null,
  now: Instant,
): Promise<{ rows: MeasureRow[]; more: boolean }> {
  const heads = await sql.query<Head>(
    `${HEAD} where $1::text is null or system = $1 group by system, name order by system, name limit ${MOST_MEASURES + 1}`,
    [system],
  );
  const rows = heads.rows.slice(0, MOST_MEASURES);
  const from = `${addMs(now, -(HOURS - 1) * HOUR_MS).slice(0, 13)}:00`;
  const hours = await sql.query<HourRow>(
    `select s.system, s.name, h.minute, sum(h.n) as n, sum(h.x) as x, sum(h.sum) as sum
     from measure_hour h join measure_series s on s.id = h.series
     where h.minute >= $1 and ($2::text is null or s.system = $2) group by 1, 2, 3`,
    [from, system],
  );
  const held = new Map(hours.rows.map((row) => [`${row.system} ${row.name} ${row.minute}`, row]));
  const places = Array.from({ length: HOURS }, (_, i) => `${addMs(timeOf(from), i * HOUR_MS).slice(0, 13)}:00`);
  const lasts = await lastHours(sql, system);
  return {
    more: heads.rows.length > MOST_MEASURES,
    rows: rows.map((head) => ({
      ...rowOf(head),
      ...lastOf(head, lasts.get(`${head.system} ${head.name}`)),
      spark: places.map((minute) => {
        const hour = held.get(`${head.system} ${head.name} ${minute}`);
        return hour === undefined ? null : plain(head.kind, hour);
      }),
    })),
  };
}

function rowOf({ system, name, kind, unit, origin, series, last_minute }: Head) {
  const says = KNOWN_MEASURES[name]?.says ?? null;
  return { system, name, title: titleOf(name), says, kind, unit, origin, series, lastAt: timeOf(last_minute) };
}

const lastOf = ({ kind }: Head, bin: Bin | undefined): { last: number | null; lastN: number } =>
  bin === undefined ? { last: null, lastN: 0 } : { last: aspectOf(bin.data(), usualAspect(kind)), lastN: bin.n };

/** The newest hour of each measure, all lines together. */
async function lastHours(sql: Sql, system: string | null): Promise<Map<string, Bin>> {
  const { rows } = await sql.query<BinData & { system: string; name: string }>(
    `select s.system, s.name, h.n, h.x, h.sum, h.low, h.high, h.sketch, h.parts from measure_series s
     join (select system, name, left(max(last_minute), 13) || ':00' as hour from measure_series
           where $1::text is null or system = $1 group by system, name) l on l.system = s.system and l.name = s.name
     join measure_hour h on h.series = s.id and h.minute = l.hour limit ${MOST_ROWS}`,
    [system],
  );
  const bins = new Map<string, Bin>();
  for (const row of rows) {
    const key = `${row.system} ${row.name}`;
    const bin = bins.get(key) ?? new Bin();
    bin.add(row);
    bins.set(key, bin);
  }
  return bins;
}

export async function readMeasure(sql: Sql, system: string, name: string): Promise<MeasureRow | null> {
  const { rows } = await sql.query<Head>(`${HEAD} where system = $1 and name = $2 group by system, name`, [
    system,
    name,
  ]);
  if (rows[0] === undefined) return null;
  const last = (await lastHours(sql, system)).get(`${system} ${name}`);
  return { ...rowOf(rows[0]), ...lastOf(rows[0], last), spark: [] };
}

export interface Wanted {
  readonly system: string;
  readonly name: string;
  readonly feature: string | null;
  /** Minutes, from inclusive, to exclusive. */
  readonly from: string;
  readonly to: string;
  readonly stepMinutes: number;
  readonly split: 'none' | 'feature' | 'model' | 'prompt';
  /** Where there are more rows than are read: the newest instead of the oldest. */
  readonly newest?: boolean;
}

const placeOf = (minute: string, step: number): string => {
  if (step === 1) return minute;
  const ms = step * 60_000;
  return addMs(timeOf(minute), -(toMs(timeOf(minute)) % ms)).slice(0, 16);
};

/** Bins of a measure by line and time: read from minutes, or from hours where the steps are that long. */
export async function readBins(sql: Sql, it: Wanted): Promise<Map<string, Map<string, Bin>>> {
  const table = it.stepMinutes >= 60 ? 'measure_hour' : 'measure_minute';
  const label = it.split === 'none' ? "''" : `s.${it.split}`;
  const { rows } = await sql.query<BinData & { label: string; minute: string }>(
    `select ${label} as label, m.minute, m.n, m.x, m.sum, m.low, m.high, m.sketch, m.parts
     from measure_series s join ${table} m on m.series = s.id
     where s.system = $1 and s.name = $2 and ($3::text is null or s.feature = $3) and m.minute >= $4 and m.minute < $5
     order by m.minute ${it.newest ? 'desc' : 'asc'} limit ${MOST_ROWS}`,
    [it.system, it.name, it.feature, it.from, it.to],
  );
  // The last minute before the limit may be there in part only.
  const part = rows.length === MOST_ROWS && it.newest ? placeOf(rows.at(-1)!.minute, it.stepMinutes) : null;
  const lines = new Map<string, Map<string, Bin>>();
  for (const row of rows) {
    const line = lines.get(row.label) ?? new Map<string, Bin>();
    lines.set(row.label, line);
    const minute = placeOf(row.minute, it.stepMinutes);
    if (minute === part) continue;
    const bin = line.get(minute) ?? new Bin();
    bin.add(row);
    line.set(minute, bin);
  }
  return lines;
}

/** What a chart shows of a bin: a value with its interval or its range. */
export function pointOf(minute: string, bin: Bin, kind: MeasureKind, aspect: Aspect = usualAspect(kind)): MeasurePoint {
  const data = bin.data();
  const value = aspectOf(data, aspect);
  if (kind !== 'rate') return { at: timeOf(minute), n: data.n, value, low: data.low, high: data.high };
  const n = Math.max(1, Math.round(data.n));
  const { lower, upper } = wilson(Math.min(n, Math.round(data.x)), n);
  return { at: timeOf(minute), n: data.n, value, low: lower, high: upper };
}
