import type { Interaction } from '@firebreak/core/detect/signals';
import { addMs, type Instant } from '@firebreak/core/kernel';
import {
  type Hold,
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
}

/** Holds what was recorded against the holds in force: what got past, and what shows that they work. */
export const watchHolds: Onlooker = async (tx, _deps, interactions, { interactions: seen }) => {
  if (interactions.length === 0) return;
  const systems = new Set(interactions.map(({ system }) => system));
  const holds = (await holdsWanted(tx, { active: true, limit: MOST_HOLDS })).filter(({ system }) =>
    systems.has(system),
  );
  if (holds.length === 0) return;
  const again = new Set(seen.filter(({ news }) => news !== null).map(({ data }) => data.id));
  const rows: RecordRow[] = [];
  const counted = new Map<string, number>();
  for (const hold of holds) {
    const from = settledAt(hold);
    for (const it of interactions) {
      if (it.system !== hold.system || beganAt(it) <= from) continue;
      const inScope = hold.what.feature === undefined || it.feature === hold.what.feature;
      if (inScope && !again.has(it.id)) counted.set(hold.hold, (counted.get(hold.hold) ?? 0) + 1);
      const said = seenAs(hold, asSeen(it));
      // A second witness may know better than the first.
      if (said.as === 'unrelated' && !again.has(it.id)) continue;
      const says = said.as === 'contrary' ? said.says : '';
      rows.push({ hold: hold.hold, interaction: it.id, seen_as: said.as, at: beganAt(it), says });
    }
  }
  if (counted.size > 0)
    await tx.query(
      `insert into hold_traffic (hold, records) select hold, records from jsonb_to_recordset($1::jsonb) as t(hold text, records bigint)
       on conflict (hold) do update set records = hold_traffic.records + excluded.records`,
      [JSON.stringify([...counted].map(([hold, records]) => ({ hold, records })))],
    );
  if (rows.length === 0) return;
  await tx.query(
    `delete from hold_record r using jsonb_to_recordset($1::jsonb) as n(hold text, interaction text)
     where r.hold = n.hold and r.interaction = n.interaction`,
    [JSON.stringify(rows)],
  );
  await tx.query(
    `insert into hold_record (hold, interaction, seen_as, at, says)
     select hold, interaction, seen_as, at, says
     from jsonb_to_recordset($1::jsonb) as n(hold text, interaction text, seen_as text, at text, says text)
     where seen_as <> 'unrelated'
       and (select count(*) from hold_record r where r.hold = n.hold and r.seen_as = n.seen_as) < ${MOST_RECORDS}
     on conflict do nothing`,
    [JSON.stringify(rows)],
  );
};

interface FiguresRow {
  readonly hold: string;
  readonly records: string;
  readonly intended: string;
  readonly contrary: string;
  readonly last: Instant | null;
}

/** What traffic says about these holds, by hold. */
export async function trafficFigures(
  deps: Deps,
  holds: readonly Hold[],
  touched: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, TrafficFigures>> {
  const { rows } = await deps.db.query<FiguresRow>(
    `select h.hold, coalesce(t.records, 0) as records,
       count(r.interaction) filter (where r.seen_as = 'as-intended') as intended,
       count(r.interaction) filter (where r.seen_as = 'contrary') as contrary,
       max(r.at) filter (where r.seen_as = 'contrary') as last
     from unnest($1::text[]) as h(hold)
     left join hold_traffic t on t.hold = h.hold left join hold_record r on r.hold = h.hold
     group by h.hold, t.records`,
    [holds.map(({ hold }) => hold)],
  );
  const byHold = new Map(rows.map((row) => [row.hold, row]));
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
        },
      ];
    }),
  );
}

async function lastRecorded(deps: Deps, system: string): Promise<Instant | null> {
  const now = deps.now();
  const lately = (await trafficSince(deps.db, system, addMs(now, -RECORDED_MS))) ?? [];
  return lately.length > 0 ? now : null;
}

/** Records that got past a hold, newest first. */
export async function contraryTo(
  sql: Sql,
  hold: string,
): Promise<{ readonly interaction: string; readonly at: Instant; readonly says: string }[]> {
  const { rows } = await sql.query<{ interaction: string; at: Instant; says: string }>(
    `select interaction, at, says from hold_record where hold = $1 and seen_as = 'contrary' order by at desc, interaction limit ${SHOWN}`,
    [hold],
  );
  return rows;
}
