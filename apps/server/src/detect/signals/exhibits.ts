import { inclusionProof, type Tree, treeOf } from '@firebreak/core/evidence';
import type { Sql } from '../../platform/index.ts';
import { sha256 } from '../../platform/index.ts';
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

const FOUND = `
  with s as (select id, 'signal' as kind, received_at, data, interaction from signal where candidate = any($1) order by received_at limit ${MOST})
  select id, kind, received_at, data from s
  union all
  select i.id, 'interaction', i.received_at, i.data from interaction i where i.id in (select interaction from s where interaction is not null)`;

export async function countExhibits(
  sql: Sql,
  candidates: readonly string[],
): Promise<{ signals: number; interactions: number }> {
  const { rows } = await sql.query<{ kind: string; n: number }>(
    `select kind, count(*)::int as n from (${FOUND}) f group by kind`,
    [candidates],
  );
  const of = (kind: string) => rows.find((row) => row.kind === kind)?.n ?? 0;
  return { signals: of('signal'), interactions: of('interaction') };
}

/** Signals of candidates and the interactions they speak of, each with its proof. What is not sealed yet is left out. */
export async function exhibitsOf(sql: Sql, candidates: readonly string[]): Promise<Exhibit[]> {
  const found = (await sql.query<Found>(FOUND, [candidates])).rows;
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
