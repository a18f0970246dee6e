import type { Recorded } from '@firebreak/core/kernel';
import { type ContainmentFact, type Pull, stepPull } from '@firebreak/core/respond/containment';
import type { Board, Sql } from '../../platform/index.ts';

export const pullBoard: Board = {
  name: 'pulls',
  tables: ['pull_board'],
  types: ['pull.asked', 'pull.approved', 'pull.withdrawn', 'pull.lapsed'],
  async apply(tx, fact) {
    const known = fact.type === 'pull.asked' ? null : await pullById(tx, fact.data.pull);
    const pull = stepPull(known ?? undefined, fact as Recorded<ContainmentFact>);
    if (pull === undefined) return;
    await tx.query(
      `insert into pull_board (pull, incident, state, until, data) values ($1, $2, $3, $4, $5::jsonb)
       on conflict (pull) do update set state = $3, data = $5::jsonb`,
      [pull.pull, pull.incident, pull.state, pull.until, JSON.stringify(pull)],
    );
  },
};

const MOST = 200;

export async function pullById(sql: Sql, pull: string): Promise<Pull | null> {
  const { rows } = await sql.query<{ data: Pull }>('select data from pull_board where pull = $1', [pull]);
  return rows[0]?.data ?? null;
}

/** Of one incident, newest first. */
export async function pullsOf(sql: Sql, incident: string): Promise<Pull[]> {
  const { rows } = await sql.query<{ data: Pull }>(
    `select data from pull_board where incident = $1 order by data->>'askedAt' desc, pull limit ${MOST}`,
    [incident],
  );
  return rows.map(({ data }) => data);
}

/** Those that wait, soonest to lapse first. */
export async function pullsWaiting(sql: Sql, incident: string | null): Promise<Pull[]> {
  const { rows } = await sql.query<{ data: Pull }>(
    `select data from pull_board where state = 'waiting' and ($1::text is null or incident = $1)
     order by until, pull limit ${MOST}`,
    [incident],
  );
  return rows.map(({ data }) => data);
}

/** Incidents in which a pull lapses. */
export async function incidentsWithLapse(sql: Sql, at: string): Promise<string[]> {
  const { rows } = await sql.query<{ incident: string }>(
    `select distinct incident from pull_board where state = 'waiting' and until <= $1 limit 100`,
    [at],
  );
  return rows.map(({ incident }) => incident);
}
