import { inclusionProof, type Tree, treeOf } from '@firebreak/core/evidence';
import type { Sql } from '../../platform/index.ts';
import { sha256 } from '../../platform/index.ts';
import type { Kept } from './kept.ts';
import { leavesOf } from './seal.ts';

const MOST = 10_000;

/** A telemetry row with the proof that it is unchanged since it came in. */
export interface Exhibit {
  readonly kind: 'signal' | 'interaction';
  readonly row: unknown;
  /** `seq` of the fact that sealed its batch. */
  readonly batch: number;
  readonly index: number;
  readonly proof: readonly Uint8Array[];
}

interface Found {
  readonly id: string;
  readonly kind: Exhibit['kind'];
  readonly received_at: string;
  readonly data: unknown;
}

/** What an incident rests on, and what came in of its systems before its orders. */
type Wanted = Pick<Kept, 'candidates' | 'records' | 'spans'>;

const QUOTED = `
  with s as (select id, 'signal' as kind, received_at, data, interaction from signal
      where candidate = any($1) order by received_at limit ${MOST}),
    n as (select id, 'signal' as kind, received_at, data, interaction from signal where id = any($2)),
    q as (select * from s union all select * from n where id not in (select id from s))
  select id, kind, received_at, data from q
  union all
  select i.id, 'interaction', i.received_at, i.data from interaction i
    where i.id = any($2) or i.id in (select interaction from q where interaction is not null)`;
const newestIn = (kind: Exhibit['kind']) => `
  select x.id, '${kind}' as kind, x.received_at, x.data from unnest($1::text[], $2::text[], $3::text[]) as w(system, since, upto)
  cross join lateral (select id, received_at, data from ${kind}
    where system = w.system and received_at >= w.since and received_at <= w.upto order by received_at desc, id desc limit ${MOST}) x`;
const AROUND = `select * from (${newestIn('interaction')} union all ${newestIn('signal')}) a order by received_at desc, id desc limit ${MOST}`;

const aroundOf = (spans: Wanted['spans']) => [
  spans.map(({ system }) => system),
  spans.map(({ from }) => from),
  spans.map(({ to }) => to),
];

/** `around`: records of its systems that came in before its orders, those it quotes among them; counted to 10,000. */
export async function countExhibits(
  sql: Sql,
  { candidates, records, spans }: Wanted,
): Promise<{ signals: number; interactions: number; around: number }> {
  const { rows } = await sql.query<{ kind: string; n: number }>(
    `select kind, count(*)::int as n from (${QUOTED}) f group by kind`,
    [candidates, records],
  );
  const of = (kind: string) => rows.find((row) => row.kind === kind)?.n ?? 0;
  const around = await sql.query<{ n: number }>(`select count(*)::int as n from (${AROUND}) f`, aroundOf(spans));
  return { signals: of('signal'), interactions: of('interaction'), around: around.rows[0]!.n };
}

/**
 * Signals of candidates, the interactions they speak of, records that are named, and the newest of all that came in within the
 * spans, each with its proof. What is not sealed yet is left out.
 */
export async function exhibitsOf(sql: Sql, { candidates, records, spans }: Wanted): Promise<Exhibit[]> {
  const quoted = (await sql.query<Found>(QUOTED, [candidates, records])).rows;
  const known = new Set(quoted.map(({ id }) => id));
  const around = (await sql.query<Found>(AROUND, aroundOf(spans))).rows.filter(({ id }) => !known.has(id));
  const found = [...quoted, ...around.reverse()];
  if (found.length === 0) return [];
  const since = found.map((row) => row.received_at).sort()[0]!;
  const batches = await sql.query<{ number: number }>(
    'select distinct batch as number from telemetry_intake where received_at >= $2 and batch is not null and ids ?| $1',
    [found.map((row) => row.id), since],
  );
  const places = new Map<string, { seq: number; index: number; tree: Tree }>();
  for (const { number } of batches.rows) {
    const { rows } = await sql.query<{ ids: string[]; leaves: string; seq: number }>(
      'select i.ids, i.leaves, b.seq from telemetry_intake i join telemetry_batch b on b.number = i.batch where i.batch = $1 order by i.id',
      [number],
    );
    const tree = treeOf(
      sha256,
      rows.flatMap((row) => leavesOf(row.leaves)),
    );
    // A later batch holds the row as it is now, so it replaces an earlier place.
    rows
      .flatMap((row) => row.ids)
      .forEach((id, index) => {
        const seq = rows[0]!.seq;
        if (seq >= (places.get(id)?.seq ?? 0)) places.set(id, { seq, index, tree });
      });
  }
  return found.flatMap(({ id, kind, data }) => {
    const place = places.get(id);
    return place
      ? [{ kind, row: data, batch: place.seq, index: place.index, proof: inclusionProof(place.tree, place.index) }]
      : [];
  });
}
