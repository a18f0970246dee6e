import { DETECTOR_NAMES, DETECTORS } from '@firebreak/core/detect/detectors';
import type { Interaction } from '@firebreak/core/detect/signals';
import { addMs, type Instant } from '@firebreak/core/kernel';
import type { Deps, Sql, Watch } from '../../platform/index.ts';
import type { Inspected } from './inspector.ts';
import { ONLOOKERS, type OnlookerName } from './onlooker-names.ts';

const EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;
const KEPT_HOURS = 48;
const MOST_SYSTEMS = 20;
/** Before the names of those who look at what the detectors have read. */
const ONLOOKER = 'onlooker ';

type Result = 'found' | 'nothing' | 'failed' | 'skipped';

interface Tally {
  ran: number;
  found: number;
  failed: number;
  result: Result;
  /** In a row, since it last ran. */
  missed: number;
  systems: Set<string>;
  failedAt: Instant | null;
  why: string | null;
}
const nothingYet = (): Tally => ({
  ran: 0,
  found: 0,
  failed: 0,
  result: 'nothing',
  missed: 0,
  systems: new Set(),
  failedAt: null,
  why: null,
});

/** What each detector and onlooker did since it was written down last: figures, not records, so what dies here is not missed. */
class DetectorTallies {
  #tallies = new Map<string, Tally>();

  /** Answers whether a detector failed for the first time since it was written down last. */
  see(system: string, it: Inspected, now: Instant): boolean {
    let first = false;
    const raised = 'raised' in it ? it.raised : [];
    for (const { name } of DETECTORS) {
      const tally = this.#tallies.get(name) ?? nothingYet();
      this.#tallies.set(name, tally);
      const why = whyNot(it, name);
      if (why === undefined) {
        tally.ran++;
        const found = raised.some(({ detector }) => detector === name);
        tally.result = found ? 'found' : 'nothing';
        if (found) tally.found++;
        tally.missed = 0;
        tally.systems.clear();
        continue;
      }
      tally.missed++;
      if (tally.systems.size < MOST_SYSTEMS) tally.systems.add(system);
      tally.result = why === null ? 'skipped' : 'failed';
      if (why === null) continue;
      first ||= tally.failed === 0;
      tally.failed++;
      tally.failedAt = now;
      tally.why = why;
    }
    return first;
  }

  /** What an onlooker made of some interactions; `why`: it could not look at them. */
  look(onlooker: string, looked: readonly Pick<Interaction, 'system'>[], why: string | null, now: Instant): void {
    if (looked.length === 0) return;
    const name = `${ONLOOKER}${onlooker}`;
    const tally = this.#tallies.get(name) ?? nothingYet();
    this.#tallies.set(name, tally);
    tally.result = why === null ? 'nothing' : 'failed';
    if (why === null) {
      tally.ran += looked.length;
      tally.missed = 0;
      tally.systems.clear();
      return;
    }
    tally.missed += looked.length;
    tally.failed += looked.length;
    tally.failedAt = now;
    tally.why = why;
    for (const { system } of looked) if (tally.systems.size < MOST_SYSTEMS) tally.systems.add(system);
  }

  /** What a detector did that looks at more than one interaction; `why`: it broke off. */
  note(name: string, did: { readonly ran: number; readonly found: number }, why: string | null, now: Instant): void {
    const tally = this.#tallies.get(name) ?? nothingYet();
    this.#tallies.set(name, tally);
    if (why === null) {
      tally.ran += did.ran;
      tally.found += did.found;
      tally.result = did.found > 0 ? 'found' : 'nothing';
      tally.missed = 0;
      return;
    }
    tally.missed += did.ran;
    tally.failed += did.ran;
    tally.result = 'failed';
    tally.failedAt = now;
    tally.why = why;
  }

  take(): ReadonlyMap<string, Tally> {
    const taken = this.#tallies;
    this.#tallies = new Map();
    return taken;
  }
}

/** Why a detector did not read it to its end; null: another one kept it from it; undefined: it did. */
function whyNot(it: Inspected, detector: string): string | null | undefined {
  if ('raised' in it) return it.missed?.find((each) => each.detector === detector)?.why;
  if (it.by === null || it.by === detector) return it.failed;
  return null;
}

const all = new WeakMap<Deps, DetectorTallies>();
export function talliesOf(deps: Deps): DetectorTallies {
  const held = all.get(deps) ?? new DetectorTallies();
  all.set(deps, held);
  return held;
}

export const detectorBeats: Watch = {
  name: 'detector-beats',
  everyMs: EVERY_MS,
  beside: true,
  async look(deps) {
    const tallies = talliesOf(deps).take();
    if (tallies.size === 0) return;
    const now = deps.now();
    const rows = [...tallies]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([detector, { systems, failedAt, ...tally }]) => ({
        detector,
        ...tally,
        systems: [...systems],
        failed_at: failedAt,
      }));
    await deps.db.transaction(async (tx) => {
      await tx.query(
        `insert into detector_beat as b (detector, since, ran_at, result, missed, systems, failed_at, why)
         select detector, $2, case when ran > 0 then $2 end, result, missed, systems, failed_at, why
         from jsonb_to_recordset($1::jsonb)
           as r(detector text, ran int, result text, missed int, systems jsonb, failed_at text, why text)
         on conflict (detector) do update set
           missed = case when excluded.ran_at is null then b.missed + excluded.missed else excluded.missed end,
           systems = case when excluded.ran_at is null
             then (select coalesce(jsonb_agg(s), '[]') from (
               select distinct s from jsonb_array_elements(b.systems || excluded.systems) as s limit ${MOST_SYSTEMS}) kept)
             else excluded.systems end,
           ran_at = coalesce(excluded.ran_at, b.ran_at), result = excluded.result,
           failed_at = coalesce(excluded.failed_at, b.failed_at), why = coalesce(excluded.why, b.why)`,
        [JSON.stringify(rows), now],
      );
      await tx.query(
        `insert into detector_hour as h (detector, hour, ran, found, failed)
         select detector, $2, ran, found, failed
         from jsonb_to_recordset($1::jsonb) as r(detector text, ran int, found int, failed int)
         on conflict (detector, hour) do update set
           ran = h.ran + excluded.ran, found = h.found + excluded.found, failed = h.failed + excluded.failed`,
        [JSON.stringify(rows), now.slice(0, 13)],
      );
      await tx.query('delete from detector_hour where hour < $1', [addMs(now, -KEPT_HOURS * HOUR_MS).slice(0, 13)]);
    }, 'bulk');
  },
};

export interface DetectorHeard {
  readonly detector: string;
  readonly since: Instant;
  readonly ranAt: Instant | null;
  readonly result: Result;
  readonly missed: number;
  readonly systems: readonly string[];
  readonly failedAt: Instant | null;
  readonly why: string | null;
  /** In the last 24 hours. */
  readonly ran: number;
  readonly found: number;
  readonly failed: number;
}

/** How each local detector is; one that never had anything to read is not among them. */
export const detectorsHeard = (sql: Sql, now: Instant): Promise<DetectorHeard[]> =>
  heardAmong(sql, DETECTOR_NAMES, now);

/** The same of those who look at what the detectors have read. */
export async function onlookersHeard(
  sql: Sql,
  now: Instant,
): Promise<(DetectorHeard & { readonly detector: OnlookerName })[]> {
  const found = await heardAmong(
    sql,
    ONLOOKERS.map((name) => ONLOOKER + name),
    now,
  );
  return found.map((it) => ({ ...it, detector: it.detector.slice(ONLOOKER.length) as OnlookerName }));
}

async function heardAmong(sql: Sql, names: readonly string[], now: Instant): Promise<DetectorHeard[]> {
  const { rows } = await sql.query<DetectorHeard>(
    `select b.detector, b.since, b.ran_at as "ranAt", b.result, b.missed::int as missed, b.systems,
       b.failed_at as "failedAt", b.why, coalesce(h.ran, 0) as ran, coalesce(h.found, 0) as found, coalesce(h.failed, 0) as failed
     from detector_beat b left join (
       select detector, sum(ran)::int as ran, sum(found)::int as found, sum(failed)::int as failed
       from detector_hour where hour > $1 group by detector) h on h.detector = b.detector
     where b.detector = any($2) order by b.detector`,
    [addMs(now, -24 * HOUR_MS).slice(0, 13), names],
  );
  return rows;
}
