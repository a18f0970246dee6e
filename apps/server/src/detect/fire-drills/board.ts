import type { Candidate } from '@firebreak/core/detect/candidates';
import {
  drillMark,
  FIRE_DRILL_FACTS,
  type FireDrill,
  foldFireDrill,
  stagesOf,
} from '@firebreak/core/detect/fire-drills';
import type { Instant } from '@firebreak/core/kernel';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';
import { candidatesByMark } from '../candidates/index.ts';
import { firstByMark } from '../signals/index.ts';

const MOST = 100;

export const fireDrillBoard: Board = {
  name: 'fire-drills',
  tables: ['fire_drill_board'],
  types: FIRE_DRILL_FACTS,
  async apply(tx, { stream }) {
    const drill = foldFireDrill(await loadStream(tx, stream));
    if (drill === null) return;
    await tx.query(
      `insert into fire_drill_board (id, system, started_at, running, data) values ($1, $2, $3, $4, $5::jsonb)
       on conflict (id) do update set running = excluded.running, data = excluded.data`,
      [drill.id, drill.system, drill.startedAt, drill.ended === null, JSON.stringify(drill)],
    );
  },
};

export async function listDrills(sql: Sql, system: string | null): Promise<FireDrill[]> {
  const { rows } = await sql.query<{ data: FireDrill }>(
    `select data from fire_drill_board where ($1::text is null or system = $1) order by started_at desc, id desc limit ${MOST}`,
    [system],
  );
  return rows.map(({ data }) => data);
}

export async function findDrill(sql: Sql, id: string): Promise<FireDrill | null> {
  return (
    (await sql.query<{ data: FireDrill }>('select data from fire_drill_board where id = $1', [id])).rows[0]?.data ??
    null
  );
}

/** The last drill of each system. */
export async function lastDrills(sql: Sql): Promise<ReadonlyMap<string, FireDrill>> {
  const { rows } = await sql.query<{ data: FireDrill }>(
    'select distinct on (system) data from fire_drill_board order by system, started_at desc, id desc limit 2000',
  );
  return new Map(rows.map(({ data }) => [data.system, data]));
}

export async function runningDrills(sql: Sql): Promise<FireDrill[]> {
  const { rows } = await sql.query<{ data: FireDrill }>(
    'select data from fire_drill_board where running order by started_at limit 50',
  );
  return rows.map(({ data }) => data);
}

/** What has come of a drill so far: the candidate it is timed by, and all of them. */
export async function seenOf(
  sql: Sql,
  drill: FireDrill,
): Promise<{
  readonly candidate: Candidate | null;
  readonly candidates: readonly Candidate[];
  readonly receivedAt: Instant | null;
}> {
  const mark = drillMark(drill.id);
  const candidates = await candidatesByMark(sql, mark);
  return { candidate: candidates[0] ?? null, candidates, receivedAt: await firstByMark(sql, mark) };
}

export async function stagesNow(sql: Sql, drill: FireDrill) {
  if (drill.ended !== null) return { stages: drill.ended.stages, candidate: drill.ended.candidate };
  const { candidate, receivedAt } = await seenOf(sql, drill);
  return { stages: stagesOf(drill, candidate, receivedAt), candidate: candidate?.id ?? null };
}
