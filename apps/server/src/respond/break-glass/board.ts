import type { Recorded } from '@firebreak/core/kernel';
import {
  GLASS_APPROVALS,
  GLASS_FACTS,
  type Glass,
  type GlassFact,
  stepGlass,
} from '@firebreak/core/respond/break-glass';
import type { Board, Sql } from '../../platform/index.ts';

export const glassBoard: Board = {
  name: 'glasses',
  tables: ['glass_board'],
  types: GLASS_FACTS,
  async apply(tx, recorded) {
    const fact = recorded as Recorded<GlassFact>;
    const known = fact.type === 'glass.broken' ? null : await glassById(tx, fact.data.glass);
    const glass = stepGlass(known ?? undefined, fact);
    if (glass === undefined) return;
    await tx.query(
      `insert into glass_board (glass, incident, state, until, due, approvals, overdue, data)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
       on conflict (glass) do update set state = $3, approvals = $6, overdue = $7, data = $8::jsonb`,
      [
        glass.glass,
        glass.incident,
        glass.state,
        glass.until,
        glass.due,
        glass.approved.length,
        glass.overdue,
        JSON.stringify(glass),
      ],
    );
  },
};

const MOST = 200;

export async function glassById(sql: Sql, glass: string): Promise<Glass | null> {
  const { rows } = await sql.query<{ data: Glass }>('select data from glass_board where glass = $1', [glass]);
  return rows[0]?.data ?? null;
}

/** Of one incident all, newest first; else those that are open or not agreed to yet. */
export async function glassesWanted(sql: Sql, incident: string | null): Promise<Glass[]> {
  const { rows } = await sql.query<{ data: Glass }>(
    `select data from glass_board
     where ($1::text is null and (state = 'open' or approvals < ${GLASS_APPROVALS})) or incident = $1
     order by data->>'brokenAt' desc, glass limit ${MOST}`,
    [incident],
  );
  return rows.map(({ data }) => data);
}

/** Incidents in which a hold comes back, or approvals are missing. */
export async function incidentsDue(sql: Sql, now: string): Promise<string[]> {
  const { rows } = await sql.query<{ incident: string }>(
    `select distinct incident from glass_board
     where (state = 'open' and until <= $1) or (not overdue and approvals < ${GLASS_APPROVALS} and due <= $1) limit 100`,
    [now],
  );
  return rows.map(({ incident }) => incident);
}
