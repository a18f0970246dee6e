import type { Recorded } from '@firebreak/core/kernel';
import { RESTORATION_FACTS, type Restoration, stepRestoration } from '@firebreak/core/respond/restoration';
import type { Board, Sql } from '../../platform/index.ts';

export interface RestorationRow {
  readonly incident: string;
  readonly data: Restoration;
}

export const restorationBoard: Board = {
  name: 'restorations',
  tables: ['restoration_board'],
  types: [...RESTORATION_FACTS, 'containment.released', 'containment.lifted', 'containment.expired'],
  async apply(tx, fact: Recorded) {
    const hold = String(fact.data.hold);
    const { rows } = await tx.query<{ data: Restoration }>('select data from restoration_board where hold = $1', [
      hold,
    ]);
    const next = stepRestoration(rows[0]?.data, fact);
    if (next === undefined) return;
    await tx.query(
      `insert into restoration_board (hold, incident, state, next_at, data) values ($1, $2, $3, $4, $5::jsonb)
       on conflict (hold) do update set state = excluded.state, next_at = excluded.next_at, data = excluded.data`,
      [hold, fact.stream, next.state, next.nextAt ?? null, JSON.stringify(next)],
    );
  },
};

const MOST = 200;

export async function ofIncident(sql: Sql, incident: string): Promise<RestorationRow[]> {
  const { rows } = await sql.query<RestorationRow>(
    `select incident, data from restoration_board where incident = $1 order by data->>'askedAt' desc, hold limit ${MOST}`,
    [incident],
  );
  return rows;
}

/** Those that wait for somebody first, then those that go on by themselves. */
export async function underWay(sql: Sql): Promise<RestorationRow[]> {
  const { rows } = await sql.query<RestorationRow>(
    `select incident, data from restoration_board where state in ('asked', 'staged', 'watched')
     order by (state = 'asked') desc, next_at, hold limit ${MOST}`,
  );
  return rows;
}

/** Incidents in which a step is due. */
export async function incidentsDue(sql: Sql, now: string): Promise<string[]> {
  const { rows } = await sql.query<{ incident: string }>(
    `select distinct incident from restoration_board where state in ('staged', 'watched') and next_at <= $1 limit 100`,
    [now],
  );
  return rows.map(({ incident }) => incident);
}
