import { foldTripwire, TRIPWIRE_FACTS, type Tripwire } from '@firebreak/core/respond/tripwires';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

export const MOST_TRIPWIRES = 100;

export const tripwireBoard: Board = {
  name: 'tripwires',
  tables: ['tripwire_board'],
  types: TRIPWIRE_FACTS,
  async apply(tx, { stream }) {
    const held = foldTripwire(await loadStream(tx, stream));
    if (held === null) return;
    await tx.query(
      `insert into tripwire_board (id, system, state, set_at, data) values ($1, $2, $3, $4, $5::jsonb)
       on conflict (id) do update set state = excluded.state, data = excluded.data`,
      [held.id, held.system, held.state, held.setAt, JSON.stringify(held)],
    );
  },
};

/** Those that were not removed, of one system or of all. */
export async function listTripwires(sql: Sql, system: string | null): Promise<Tripwire[]> {
  const { rows } = await sql.query<{ data: Tripwire }>(
    `select data from tripwire_board where state <> 'removed' and ($1::text is null or system = $1)
     order by system, set_at, id limit ${MOST_TRIPWIRES}`,
    [system],
  );
  return rows.map(({ data }) => data);
}

export async function allArmed(sql: Sql): Promise<Tripwire[]> {
  const { rows } = await sql.query<{ data: Tripwire }>(
    `select data from tripwire_board where state = 'armed' order by set_at, id limit ${MOST_TRIPWIRES}`,
  );
  return rows.map(({ data }) => data);
}

export async function armedOn(sql: Sql, system: string): Promise<Tripwire[]> {
  const { rows } = await sql.query<{ data: Tripwire }>(
    `select data from tripwire_board where state = 'armed' and system = $1 order by set_at, id limit ${MOST_TRIPWIRES}`,
    [system],
  );
  return rows.map(({ data }) => data);
}
