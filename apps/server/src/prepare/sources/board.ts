import type { Instant } from '@firebreak/core/kernel';
import { foldSource, SOURCE_TYPES, type Source } from '@firebreak/core/prepare/sources';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';
import { hashOfKey } from './secrets.ts';

const MOST_SHOWN = 1_000;

export const sourceBoard: Board = {
  name: 'sources',
  tables: ['source_board'],
  types: SOURCE_TYPES,
  async apply(tx, { stream }) {
    const source = foldSource(await loadStream(tx, stream));
    if (source === null) return;
    await tx.query(
      `insert into source_board (id, product, hash, ended, data) values ($1, $2, $3, $4, $5::jsonb)
       on conflict (id) do update set hash = excluded.hash, ended = excluded.ended, data = excluded.data`,
      [source.id, source.product, source.hash, source.ended !== null, JSON.stringify(source)],
    );
  },
};

export async function findSource(sql: Sql, id: string): Promise<Source | null> {
  const { rows } = await sql.query<{ data: Source }>('select data from source_board where id = $1', [id]);
  return rows[0]?.data ?? null;
}

export async function sourceByKey(sql: Sql, key: string): Promise<Source | null> {
  const { rows } = await sql.query<{ data: Source }>('select data from source_board where hash = $1 and not ended', [
    hashOfKey(key),
  ]);
  return rows[0]?.data ?? null;
}

export async function listSources(sql: Sql): Promise<Source[]> {
  const { rows } = await sql.query<{ data: Source }>(
    `select data from source_board order by ended, lower(data->>'name'), id limit ${MOST_SHOWN}`,
  );
  return rows.map(({ data }) => data);
}

/** Sources in use. The head of the log orders two who add one at once. */
export async function sourcesInUse(tx: Sql): Promise<number> {
  await tx.query('select seq from log_head for update');
  const { rows } = await tx.query<{ n: number }>('select count(*)::int as n from source_board where not ended');
  return rows[0]!.n;
}

/** Sources in use as something that may be heard: when each last sent. */
export async function sourcesHeard(sql: Sql) {
  const { rows } = await sql.query<{ data: Source; last_at: Instant | null }>(
    `select b.data, h.last_at from source_board b left join source_heard h on h.source = b.id where not b.ended limit ${MOST_SHOWN}`,
  );
  return rows.map(({ data: { id, name, system, addedAt }, last_at }) => ({
    id,
    name,
    system,
    addedAt,
    lastAt: last_at,
  }));
}
