import type { Interaction } from '@firebreak/core/detect/signals';
import { addMs, type Instant, later } from '@firebreak/core/kernel';
import {
  callsPast,
  describeControl,
  type Hold,
  type InstanceTraffic,
  type SeenRequest,
  seenAs,
  settledAt,
  type TrafficFigures,
} from '@firebreak/core/respond/containment';
import type { Onlooker } from '../../detect/signals/index.ts';
import { trafficSince } from '../../detect/signals/index.ts';
import type { Deps, Sql } from '../../platform/index.ts';
import { holdsWanted } from './boards.ts';

const MOST_HOLDS = 500;
/** Records kept of each kind for one hold; beyond that there is nothing more to be learnt. */
const MOST_RECORDS = 1_000;
const SHOWN = 50;
/** Instances counted for one hold: their names come from senders. */
const MOST_INSTANCES = 1_000;
const RECORDED_MS = 24 * 3_600_000;

const asSeen = (it: Interaction): SeenRequest => ({
  feature: it.feature,
  model: it.versions.model,
  modelAsked: it.versions.modelAsked,
  prompt: it.versions.prompt,
  provider: it.provider,
  country: it.country,
  subject: it.subject,
  agent: it.agent ?? null,
  index: it.versions.index,
  found: it.retrieved !== null && it.retrieved.length > 0,
  called: (it.toolCalls ?? []).flatMap(({ name, result }) => (result === null ? [] : [{ name, result }])),
  asked: (it.input ?? []).filter(({ role }) => role === 'user').map(({ content }) => content),
  answer: it.output,
  failed: it.error !== null,
  verdict: it.verdict,
});

/** When it began; a clock that runs ahead of ours must not make of an earlier request a later one. */
const beganAt = ({ at, receivedAt }: Interaction): Instant => (at < receivedAt ? at : receivedAt);

interface RecordRow {
  readonly hold: string;
  readonly interaction: string;
  readonly seen_as: 'contrary' | 'as-intended' | 'unrelated';
  readonly at: Instant;
  readonly says: string;
  readonly instances: readonly string[];
}

interface Counts {
  records: number;
  /** Of these, those that name no instance. */
  unnamed: number;
  readonly by: Map<string, { records: number; last: Instant }>;
}

/** Counts a record; of one that was counted before, only the instance that has told of it since. */
function addTo(counts: Counts, it: Interaction, news: ReadonlySet<string> | null): void {
  const { instances = [] } = it;
  if (news !== null && !news.has('instances')) return;
  if (news === null) counts.records += 1;
  if (news === null && instances.length === 0) counts.unnamed += 1;
  if (news !== null && instances.length === 1) counts.unnamed -= 1;
  for (const instance of news === null ? instances : instances.slice(-1)) {
    const held = counts.by.get(instance) ?? { records: 0, last: beganAt(it) };
    counts.by.set(instance, { records: held.records + 1, last: later(held.last, beganAt(it)) });
  }
}

async function keepCounts(tx: Sql, counted: ReadonlyMap<string, Counts>): Promise<void> {
  if (counted.size === 0) return;
  await tx.query(
    `insert into hold_traffic (hold, records, unnamed)
     select hold, records, unnamed from jsonb_to_recordset($1::jsonb) as t(hold text, records bigint, unnamed bigint)
     on conflict (hold) do update set records = hold_traffic.records + excluded.records,
       unnamed = greatest(0, hold_traffic.unnamed + excluded.unnamed)`,
    [JSON.stringify([...counted].map(([hold, { records, unnamed }]) => ({ hold, records, unnamed })))],
  );
  const named = [...counted].flatMap(([hold, { by }]) =>
    [...by].map(([instance, { records, last }]) => ({ hold, instance, records, last })),
  );
  if (named.length === 0) return;
  await tx.query(
    `insert into hold_instance_traffic (hold, instance, records, last_at)
     select hold, instance, records, last
     from jsonb_to_recordset($1::jsonb) as n(hold text, instance text, records bigint, last text)
     where (select count(*) from hold_instance_traffic t where t.hold = n.hold) < ${MOST_INSTANCES}
       or exists (select 1 from hold_instance_traffic t where t.hold = n.hold and t.instance = n.instance)
     order by hold, instance
     on conflict (hold, instance) do update set records = hold_instance_traffic.records + excluded.records,
       last_at = greatest(hold_instance_traffic.last_at, excluded.last_at)`,
    [JSON.stringify(named)],
  );
}

const holdsOf = async (tx: Sql, interactions: readonly Interaction[]) => {
  const systems = new Set(interactions.map(({ system }) => system));
  return (await holdsWanted(tx, { active: true, limit: MOST_HOLDS })).filter(({ system }) => systems.has(system));
};

/** Calls that were carried out after a hold that forbids them had settled, by the record that tells of them. */
export async function callsAfterStops(
  tx: Sql,
  interactions: readonly Interaction[],
): Promise<ReadonlyMap<string, readonly { readonly tool: string; readonly says: string }[]>> {
  const found = new Map<string, { tool: string; says: string }[]>();
  if (interactions.length === 0) return found;
  for (const hold of await holdsOf(tx, interactions)) {
    const from = settledAt(hold);
    for (const it of interactions) {
      if (it.system !== hold.system || beganAt(it) <= from) continue;
      for (const tool of callsPast(hold, asSeen(it)))
        found.set(it.id, [
          ...(found.get(it.id) ?? []),
          { tool, says: `HLD-${hold.number} (${describeControl(hold.what)}) had been ordered before` },
        ]);
    }
  }
  return found;
}

/** Holds what was recorded against the holds in force: what got past, and what shows that they work. */
export const watchHolds: Onlooker = async (tx, _deps, interactions, { interactions: seen }) => {
  if (interactions.length === 0) return;
  const holds = await holdsOf(tx, interactions);
  if (holds.length === 0) return;
  const again = new Map(seen.flatMap(({ news, data }) => (news === null ? [] : [[data.id, news] as const])));
  const rows: RecordRow[] = [];
  const counted = new Map<string, Counts>();
  for (const hold of holds) {
    const from = settledAt(hold);
    for (const it of interactions) {
      if (it.system !== hold.system || beganAt(it) <= from) continue;
      const inScope = hold.what.feature === undefined || it.feature === hold.what.feature;
      if (inScope) {
        const counts = counted.get(hold.hold) ?? { records: 0, unnamed: 0, by: new Map() };
        counted.set(hold.hold, counts);
        addTo(counts, it, again.get(it.id) ?? null);
      }
      const said = seenAs(hold, asSeen(it));
      // A second witness may know better than the first.
      if (said.as === 'unrelated' && !again.has(it.id)) continue;
      const says = said.as === 'contrary' ? said.says : '';
      const { instances = [] } = it;
      rows.push({ hold: hold.hold, interaction: it.id, seen_as: said.as, at: beganAt(it), says, instances });
    }
  }
  await keepCounts(tx, counted);
  if (rows.length === 0) return;
  await tx.query(
    `delete from hold_record r using jsonb_to_recordset($1::jsonb) as n(hold text, interaction text)
     where r.hold = n.hold and r.interaction = n.interaction`,
    [JSON.stringify(rows)],
  );
  await tx.query(
    `insert into hold_record (hold, interaction, seen_as, at, says, instances)
     select hold, interaction, seen_as, at, says, array(select jsonb_array_elements_text(n.instances))
     from jsonb_to_recordset($1::jsonb) as n(hold text, interaction text, seen_as text, at text, says text, instances jsonb)
     where seen_as <> 'unrelated'
       and (select count(*) from hold_record r where r.hold = n.hold and r.seen_as = n.seen_as) < ${MOST_RECORDS}
     on conflict do nothing`,
    [JSON.stringify(rows)],
  );
};

interface FiguresRow {
  readonly hold: string;
  readonly records: string;
  readonly unnamed: string;
  readonly intended: string;
  readonly contrary: string;
  readonly nameless: string;
  readonly last: Instant | null;
}

/** What traffic says about these holds, by hold. */
export async function trafficFigures(
  deps: Deps,
  holds: readonly Hold[],
  touched: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, TrafficFigures>> {
  const { rows } = await deps.db.query<FiguresRow>(
    `select h.hold, coalesce(t.records, 0) as records, coalesce(t.unnamed, 0) as unnamed,
       count(r.interaction) filter (where r.seen_as = 'as-intended') as intended,
       count(r.interaction) filter (where r.seen_as = 'contrary') as contrary,
       count(r.interaction) filter (where r.seen_as = 'contrary' and r.instances = '{}') as nameless,
       max(r.at) filter (where r.seen_as = 'contrary') as last
     from unnest($1::text[]) as h(hold)
     left join hold_traffic t on t.hold = h.hold left join hold_record r on r.hold = h.hold
     group by h.hold, t.records, t.unnamed`,
    [holds.map(({ hold }) => hold)],
  );
  const byHold = new Map(rows.map((row) => [row.hold, row]));
  const named = await byInstance(
    deps.db,
    holds.map(({ hold }) => hold),
  );
  const recorded = new Map<string, Instant | null>();
  for (const { system } of holds) if (!recorded.has(system)) recorded.set(system, await lastRecorded(deps, system));
  return new Map(
    holds.map(({ hold, system }) => {
      const row = byHold.get(hold);
      return [
        hold,
        {
          lastRecordAt: recorded.get(system) ?? null,
          records: Number(row?.records ?? 0),
          asIntended: Number(row?.intended ?? 0),
          contrary: Number(row?.contrary ?? 0),
          lastContraryAt: row?.last ?? null,
          touched: touched.get(hold) ?? 0,
          unnamed: Number(row?.unnamed ?? 0),
          contraryUnnamed: Number(row?.nameless ?? 0),
          instances: named.get(hold) ?? [],
        },
      ];
    }),
  );
}

interface InstanceRow {
  readonly hold: string;
  readonly instance: string;
  readonly records: string;
  readonly intended: string;
  readonly contrary: string;
  readonly last: Instant | null;
}

/** What traffic says of single instances, by hold: those it got past first. */
async function byInstance(sql: Sql, holds: readonly string[]): Promise<ReadonlyMap<string, InstanceTraffic[]>> {
  const { rows } = await sql.query<InstanceRow>(
    `select coalesce(t.hold, r.hold) as hold, coalesce(t.instance, r.instance) as instance,
       coalesce(t.records, 0) as records, coalesce(r.intended, 0) as intended, coalesce(r.contrary, 0) as contrary, r.last
     from (select * from hold_instance_traffic where hold = any($1)) t
     full join (
       select hold, instance, count(*) filter (where seen_as = 'as-intended') as intended,
         count(*) filter (where seen_as = 'contrary') as contrary, max(at) filter (where seen_as = 'contrary') as last
       from hold_record, unnest(instances) as instance where hold = any($1) group by hold, instance
     ) r on r.hold = t.hold and r.instance = t.instance
     order by contrary desc, instance`,
    [holds],
  );
  const byHold = new Map<string, InstanceTraffic[]>();
  for (const { hold, instance, last, ...row } of rows) {
    const of = byHold.get(hold) ?? [];
    byHold.set(hold, of);
    of.push({
      instance,
      records: Number(row.records),
      asIntended: Number(row.intended),
      contrary: Number(row.contrary),
      lastContraryAt: last,
    });
  }
  return byHold;
}

async function lastRecorded(deps: Deps, system: string): Promise<Instant | null> {
  const now = deps.now();
  const lately = (await trafficSince(deps.db, system, addMs(now, -RECORDED_MS))) ?? [];
  return lately.length > 0 ? now : null;
}

interface Past {
  readonly interaction: string;
  readonly at: Instant;
  readonly says: string;
  readonly instances: string[];
}

/** Records that got past a hold, newest first. */
export async function contraryTo(sql: Sql, hold: string): Promise<Past[]> {
  const { rows } = await sql.query<Past>(
    `select interaction, at, says, instances from hold_record where hold = $1 and seen_as = 'contrary' order by at desc, interaction limit ${SHOWN}`,
    [hold],
  );
  return rows;
}

/** An answer that took longer than this, or is told of later, is not looked for. */
const UNDER_WAY_MS = 15 * 60_000;
const MOST_UNDER_WAY = 2_000;

/**
 * Answers of its scope that had begun when the order was given and were not over: those that it ended, and those that came to
 * their end. Only of records that say how long they took.
 */
export async function underWay(sql: Sql, hold: Hold): Promise<{ readonly ended: number; readonly finished: number }> {
  const { rows } = await sql.query<{ ended: number; finished: number }>(
    `select count(*) filter (where error is not null and by = $1)::int as ended, count(*) filter (where error is null)::int as finished
     from (
       select data->>'error' as error, data->'verdict'->>'hold' as by, (data->>'at')::timestamptz as at, (data->>'latencyMs')::float8 as took
       from interaction
       where system = $2 and received_at >= $3 and received_at <= $4 and data->>'at' <= $3 and data->>'latencyMs' is not null
         and ($5::text is null or feature = $5)
       order by received_at, id limit ${MOST_UNDER_WAY}) as begun
     where at + took * interval '1 millisecond' > $3::timestamptz`,
    [hold.hold, hold.system, hold.orderedAt, addMs(hold.orderedAt, UNDER_WAY_MS), hold.what.feature ?? null],
  );
  return rows[0]!;
}
