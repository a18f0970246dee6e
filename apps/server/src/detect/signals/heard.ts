import { type Sighting, sightingsIn } from '@firebreak/core/detect/channels';
import type { Interaction } from '@firebreak/core/detect/signals';
import { addMs, type Instant } from '@firebreak/core/kernel';
import type { DetectionChannel } from '@firebreak/core/prepare/inventory';
import { type Deps, heardBySystem, type Sql } from '../../platform/index.ts';

const MOST_KNOWN = 20_000;
const MOST_NEW = 1_000;
const MOST_SYSTEMS = 1_000;
const NEWEST = 20_000;
const DAY_MS = 86_400_000;

/** Versions this process has read of since it started; those nobody has asked for yet stand in `fresh`. */
class Sightings {
  readonly #known = new Set<string>();
  #fresh: Sighting[] = [];

  see(it: Interaction): void {
    for (const sighting of sightingsIn(it)) {
      const key = `${sighting.system}\n${sighting.kind}\n${sighting.version}`;
      if (this.#known.has(key) || this.#fresh.length >= MOST_NEW) continue;
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      this.#known.add(key);
      this.#fresh.push(sighting);
    }
  }

  take(): readonly Sighting[] {
    const taken = this.#fresh;
    this.#fresh = [];
    return taken;
  }

  giveBack(sightings: readonly Sighting[]): void {
    this.#fresh = [...sightings, ...this.#fresh].slice(0, MOST_NEW);
  }
}

const all = new WeakMap<Deps, Sightings>();

/** Versions that interactions name, noted while the detectors read them, so that nothing is read twice. */
export function sightingsOf(deps: Deps): Sightings {
  const held = all.get(deps) ?? new Sightings();
  all.set(deps, held);
  return held;
}

export interface HeardSystem {
  readonly system: string;
  readonly lastAt: Instant;
  readonly requests: number;
  readonly features: readonly string[];
}

/** Systems that telemetry named in the last 24 hours, the latest first. */
export async function systemsHeard(sql: Sql, now: Instant): Promise<HeardSystem[]> {
  const { rows } = await sql.query<{ system: string; minute: string; requests: number; features: string[] }>(
    `select system, max(minute) as minute, sum(requests)::int as requests,
       array_agg(distinct feature) filter (where feature <> '') as features
     from traffic where minute >= $1 group by system order by max(minute) desc, system limit ${MOST_SYSTEMS}`,
    [addMs(now, -DAY_MS).slice(0, 16)],
  );
  return rows.map(({ system, minute, requests, features }) => ({
    system,
    lastAt: `${minute}:00.000Z` as Instant,
    requests,
    features: (features ?? []).slice(0, 50),
  }));
}

export type Heard = Partial<Record<DetectionChannel, Instant>>;

/**
 * When each channel of each system was last heard, or of one system. Interactions are telemetry, and what the output
 * filters read. Signals and feedback beyond the newest 20,000 are not looked at.
 */
export async function channelsHeard(sql: Sql, system: string | null): Promise<ReadonlyMap<string, Heard>> {
  const { rows } = await sql.query<{ system: string; channel: DetectionChannel | 'interactions'; at: string }>(
    `select system, channel, max(received_at) as at from (
       select system, channel, received_at from signal where $1::text is null or system = $1
       order by received_at desc limit ${NEWEST}) s group by system, channel
     union all
     select system, 'feedback', max(received_at) from (
       select system, received_at from feedback where $1::text is null or system = $1
       order by received_at desc limit ${NEWEST}) f group by system
     union all
     select system, 'interactions', max(minute) || ':00.000Z' from traffic where $1::text is null or system = $1 group by system`,
    [system],
  );
  const heard = new Map<string, Heard>();
  for (const row of rows) {
    const of = heard.get(row.system) ?? {};
    heard.set(row.system, of);
    const channels: readonly DetectionChannel[] =
      row.channel === 'interactions' ? ['telemetry', 'output-filter'] : [row.channel];
    for (const channel of channels) if ((of[channel] ?? '') < row.at) of[channel] = row.at as Instant;
  }
  return heard;
}

/** Systems heard in at least so many of the 24 hours before they were last heard are heard regularly. */
const REGULAR_HOURS = 20;

/** Systems as something that should be heard, and whether they are heard regularly. */
export async function regularSystems(sql: Sql) {
  const { rows } = await sql.query<{ system: string; last: string; first: string; hours: number }>(
    `select t.system, l.last, l.first, count(distinct left(t.minute, 13))::int as hours from traffic t
     join (select system, max(minute) as last, min(minute) as first from traffic group by system) l on l.system = t.system
     where t.minute > to_char(l.last::timestamp - interval '24 hours', 'YYYY-MM-DD"T"HH24:MI')
     group by t.system, l.last, l.first order by t.system limit ${MOST_SYSTEMS}`,
  );
  return rows.map(({ system, last, first, hours }) => ({
    system,
    lastAt: `${last}:00.000Z` as Instant,
    firstAt: `${first}:00.000Z` as Instant,
    regular: hours >= REGULAR_HOURS,
  }));
}

/** When feedback about each system came in. */
export const feedbackHeard = (sql: Sql) => heardBySystem(sql, 'feedback', 'received_at');

/** When the interaction that waits longest for the detectors came in; null: none waits. */
export async function oldestWaiting(sql: Sql): Promise<Instant | null> {
  const { rows } = await sql.query<{ at: Instant }>(
    'select received_at as at from telemetry_intake where not inspected order by id limit 1',
  );
  return rows[0]?.at ?? null;
}

const WAITING_LOOKED_AT = 20;

/** Systems of what waits longest for the detectors; at most 20, from as many intakes. */
export async function systemsWaiting(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ system: string }>(
    `select distinct i.system from (
       select ids from telemetry_intake where not inspected order by id limit ${WAITING_LOOKED_AT}) t
     cross join lateral jsonb_array_elements_text(t.ids) as w(id) join interaction i on i.id = w.id
     order by i.system limit ${WAITING_LOOKED_AT}`,
  );
  return rows.map(({ system }) => system);
}
