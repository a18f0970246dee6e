import { Bin, MEASURE_LIMITS, type Placed, type Series } from '@firebreak/core/detect/measures';
import type { Deps, Sql, Watch } from '../../platform/index.ts';
import { seriesId } from './counting.ts';

const EVERY_MS = 5_000;
const DELTAS_AT_ONCE = 200;
const MOST_ROUNDS = 50;

type Table = 'measure_minute' | 'measure_hour';
interface Slot {
  readonly series: string;
  readonly minute: string;
  readonly bin: Bin;
}
export interface BinRow {
  readonly series: string;
  readonly minute: string;
  readonly n: number;
  readonly x: number;
  readonly sum: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly sketch: string | null;
  readonly parts: Readonly<Record<string, number>> | null;
}

/** Adds to rows of a table; what stands there already is read first, since sketches can only be merged here. */
export async function addTo(tx: Sql, table: Table, step: number, slots: readonly Slot[]): Promise<void> {
  if (slots.length === 0) return;
  const { rows } = await tx.query<BinRow>(
    `select m.series, m.minute, m.n, m.x, m.sum, m.low, m.high, m.sketch, m.parts from ${table} m
     join jsonb_to_recordset($1::jsonb) as r(series text, minute text) on r.series = m.series and r.minute = m.minute`,
    [JSON.stringify(slots.map(({ series, minute }) => ({ series, minute })))],
  );
  const held = new Map(rows.map((row) => [`${row.series} ${row.minute}`, row]));
  const written = slots.map(({ series, minute, bin }) => {
    const all = new Bin();
    const before = held.get(`${series} ${minute}`);
    if (before !== undefined) all.add(before);
    all.add(bin);
    return { series, minute, step, ...all.data() };
  });
  await tx.query(
    `insert into ${table} (series, minute, step, n, x, sum, low, high, sketch, parts)
     select * from jsonb_to_recordset($1::jsonb) as r(series text, minute text, step smallint, n double precision,
       x double precision, sum double precision, low double precision, high double precision, sketch text, parts jsonb)
     on conflict (series, minute) do update set n = excluded.n, x = excluded.x, sum = excluded.sum, low = excluded.low,
       high = excluded.high, sketch = excluded.sketch, parts = excluded.parts`,
    [JSON.stringify(written)],
  );
}

export async function leaveOut(
  tx: Sql,
  deps: Deps,
  left: readonly { readonly system: string; readonly name: string; readonly why: string; readonly count: number }[],
): Promise<void> {
  const together = new Map<string, (typeof left)[number]>();
  for (const it of left) {
    const key = `${it.system}\n${it.name}\n${it.why}`;
    together.set(key, { ...it, count: it.count + (together.get(key)?.count ?? 0) });
  }
  if (together.size === 0) return;
  await tx.query(
    `insert into measure_left_out (system, name, why, count, last_at)
     select system, name, why, count, $2 from jsonb_to_recordset($1::jsonb) as r(system text, name text, why text, count bigint)
     on conflict (system, name, why) do update set count = measure_left_out.count + excluded.count, last_at = excluded.last_at`,
    [JSON.stringify([...together.values()].slice(0, 500)), deps.now()],
  );
}

const bare = (series: Series): Series => ({ ...series, feature: '', model: '', prompt: '', groups: {} });
const TOO_MANY = {
  measure: `more than ${MEASURE_LIMITS.seriesOfMeasure} lines of one measure`,
  system: `more than ${MEASURE_LIMITS.seriesOfSystem} lines of one system`,
  all: `more than ${MEASURE_LIMITS.series} lines in all`,
} as const;

/** Gives each new line its place, as long as there is room; after that it counts without what it was narrowed by. */
async function places(tx: Sql, deps: Deps, placed: readonly Placed[]): Promise<Map<string, Slot & { of: Series }>> {
  const wanted = new Map(placed.map(({ series }) => [seriesId(series), series]));
  const known = await tx.query<{ id: string }>('select id from measure_series where id = any($1)', [
    [...wanted.keys()],
  ]);
  const held = new Set(known.rows.map(({ id }) => id));
  const fresh = [...wanted].filter(([id]) => !held.has(id));
  const instead = new Map<string, Series | null>();
  const left: { system: string; name: string; why: string; count: number }[] = [];
  if (fresh.length > 0) {
    const counts = await tx.query<{ system: string; name: string; n: number }>(
      'select system, name, count(*)::int as n from measure_series group by system, name',
    );
    let all = 0;
    const ofSystem = new Map<string, number>();
    const ofMeasure = new Map<string, number>();
    for (const { system, name, n } of counts.rows) {
      all += n;
      ofSystem.set(system, (ofSystem.get(system) ?? 0) + n);
      ofMeasure.set(`${system} ${name}`, n);
    }
    for (const [id, series] of fresh) {
      const measure = `${series.system} ${series.name}`;
      const why =
        all >= MEASURE_LIMITS.series
          ? TOO_MANY.all
          : (ofSystem.get(series.system) ?? 0) >= MEASURE_LIMITS.seriesOfSystem
            ? TOO_MANY.system
            : (ofMeasure.get(measure) ?? 0) >= MEASURE_LIMITS.seriesOfMeasure
              ? TOO_MANY.measure
              : null;
      if (why === null) {
        all++;
        ofSystem.set(series.system, (ofSystem.get(series.system) ?? 0) + 1);
        ofMeasure.set(measure, (ofMeasure.get(measure) ?? 0) + 1);
        continue;
      }
      // What adds up is still counted, without feature, model, version and group; a level of many would be a lie.
      const folds = series.kind !== 'level' && (why === TOO_MANY.measure || held.has(seriesId(bare(series))));
      instead.set(id, folds ? bare(series) : null);
      left.push({
        system: series.system,
        name: series.name,
        why: `${why}: ${folds ? 'counted without what it was narrowed by' : 'left out'}`,
        count: 1,
      });
    }
  }
  await leaveOut(tx, deps, left);
  const slots = new Map<string, Slot & { of: Series }>();
  for (const { series, minute, bin } of placed) {
    const id = seriesId(series);
    const of = instead.has(id) ? instead.get(id)! : series;
    if (of === null) continue;
    const place = of === series ? id : seriesId(of);
    const key = `${place} ${minute}`;
    const slot = slots.get(key) ?? { series: place, minute, bin: new Bin(), of };
    slot.bin.add(bin);
    slots.set(key, slot);
  }
  return slots;
}

async function nameSeries(tx: Sql, slots: Iterable<Slot & { of: Series }>): Promise<void> {
  const named = new Map<string, object>();
  for (const { series, minute, of } of slots) {
    const before = named.get(series) as { first: string; last: string } | undefined;
    const first = before === undefined || minute < before.first ? minute : before.first;
    const last = before === undefined || minute > before.last ? minute : before.last;
    named.set(series, { id: series, ...of, first, last });
  }
  await tx.query(
    `insert into measure_series (id, system, name, kind, unit, origin, feature, model, prompt, groups, first_minute, last_minute)
     select * from jsonb_to_recordset($1::jsonb) as r(id text, system text, name text, kind text, unit text, origin text,
       feature text, model text, prompt text, groups jsonb, first text, last text)
     on conflict (id) do update set first_minute = least(measure_series.first_minute, excluded.first_minute),
       last_minute = greatest(measure_series.last_minute, excluded.last_minute)`,
    [JSON.stringify([...named.values()])],
  );
}

/** Adds what was counted to the minutes and hours, and forgets it in the same transaction. Answers how much it took. */
async function collapseSome(deps: Deps): Promise<number> {
  return deps.db.transaction(async (tx) => {
    // Rows are read, merged and written: one process at a time.
    await tx.query("select pg_advisory_xact_lock(hashtext('firebreak-measures'))");
    const { rows } = await tx.query<{ id: string; data: Placed[] }>(
      `select id, data from measure_delta order by id limit ${DELTAS_AT_ONCE}`,
    );
    if (rows.length === 0) return 0;
    const slots = await places(
      tx,
      deps,
      rows.flatMap(({ data }) => data),
    );
    if (slots.size > 0) {
      await nameSeries(tx, slots.values());
      await addTo(tx, 'measure_minute', 1, [...slots.values()]);
      const hours = new Map<string, Slot>();
      for (const { series, minute, bin } of slots.values()) {
        const hour = `${minute.slice(0, 13)}:00`;
        const key = `${series} ${hour}`;
        const slot = hours.get(key) ?? { series, minute: hour, bin: new Bin() };
        slot.bin.add(bin);
        hours.set(key, slot);
      }
      await addTo(tx, 'measure_hour', 60, [...hours.values()]);
    }
    await tx.query('delete from measure_delta where id = any($1)', [rows.map(({ id }) => id)]);
    return rows.length;
  }, 'bulk');
}

export async function collapseAll(deps: Deps): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS && (await collapseSome(deps)) >= DELTAS_AT_ONCE; round++);
}

export const collapsing: Watch = { name: 'measures', everyMs: EVERY_MS, look: collapseAll };
