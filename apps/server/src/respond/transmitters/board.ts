import type { Instant } from '@firebreak/core/kernel';
import {
  foldTransmitter,
  TRANSMITTER_FACTS,
  type Transmitter,
  type TransmitterId,
} from '@firebreak/core/respond/transmitters';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

export const transmitterBoard: Board = {
  name: 'transmitters',
  tables: ['transmitter_board'],
  types: TRANSMITTER_FACTS,
  async apply(tx, { stream }) {
    const held = foldTransmitter(await loadStream(tx, stream));
    if (held === null) return;
    await tx.query(
      `insert into transmitter_board (id, data) values ($1, $2::jsonb) on conflict (id) do update set data = excluded.data`,
      [held.id, JSON.stringify(held)],
    );
  },
};

export interface TransmitterRow {
  readonly data: Transmitter;
  readonly last_at: Instant | null;
  readonly revoked: number;
  readonly refused_at: Instant | null;
  readonly err: string;
  readonly description: string;
}

export async function listTransmitters(sql: Sql, id: string | null = null): Promise<TransmitterRow[]> {
  const { rows } = await sql.query<TransmitterRow>(
    `select t.data, r.at as refused_at, r.err, r.description,
       (select max(h.at) from heard_event h where h.transmitter = t.id) as last_at,
       (select coalesce(sum(h.revoked), 0)::int from heard_event h where h.transmitter = t.id) as revoked
     from transmitter_board t left join transmitter_refused r on r.transmitter = t.id
     where $1::text is null or t.id = $1
     order by (t.data->'ended' <> 'null'::jsonb), t.id desc limit 200`,
    [id],
  );
  return rows;
}

export async function findTransmitter(sql: Sql, id: string): Promise<Transmitter | null> {
  const { rows } = await sql.query<{ data: Transmitter }>('select data from transmitter_board where id = $1', [id]);
  return rows[0]?.data ?? null;
}

export interface HeardRow {
  readonly transmitter: TransmitterId;
  readonly token: string;
  readonly type: string;
  readonly subject: string;
  readonly revoked: number;
  readonly why: string;
  readonly at: Instant;
}

export async function heardFrom(sql: Sql, transmitter: string | undefined, limit: number): Promise<HeardRow[]> {
  const { rows } = await sql.query<HeardRow>(
    `select transmitter, token, type, subject, revoked, why, at from heard_event
     where $1::text is null or transmitter = $1 order by at desc, transmitter, token, number limit $2`,
    [transmitter ?? null, limit],
  );
  return rows;
}
