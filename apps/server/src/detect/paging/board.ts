import {
  CONDITION_FACTS,
  type Condition,
  foldCondition,
  foldSilence,
  SILENCE_FACTS,
  type Silence,
} from '@firebreak/core/detect/paging';
import type { Instant } from '@firebreak/core/kernel';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

export const silenceBoard: Board = {
  name: 'silences',
  tables: ['silence_board'],
  types: SILENCE_FACTS,
  async apply(tx, { stream }) {
    const silence = foldSilence(await loadStream(tx, stream));
    if (silence === null) return;
    await tx.query(
      `insert into silence_board (id, over, until, set_at, data) values ($1, $2, $3, $4, $5::jsonb)
       on conflict (id) do update set over = excluded.over, until = excluded.until, data = excluded.data`,
      [silence.id, silence.over !== null, silence.until, silence.setAt, JSON.stringify(silence)],
    );
  },
};

export const conditionBoard: Board = {
  name: 'conditions',
  tables: ['condition_board'],
  types: CONDITION_FACTS,
  async apply(tx, { stream }) {
    const condition = foldCondition(await loadStream(tx, stream));
    if (condition === null) return;
    await tx.query(
      `insert into condition_board (id, removed, set_at, data) values ($1, $2, $3, $4::jsonb)
       on conflict (id) do update set removed = excluded.removed, set_at = excluded.set_at, data = excluded.data`,
      [condition.id, condition.removed !== null, condition.setAt, JSON.stringify(condition)],
    );
  },
};

const MOST = 500;

/** Those in force first, then the latest. */
export async function listSilences(sql: Sql): Promise<Silence[]> {
  const { rows } = await sql.query<{ data: Silence }>(
    `select data from silence_board order by over, set_at desc, id desc limit ${MOST}`,
  );
  return rows.map(({ data }) => data);
}

export async function findSilence(sql: Sql, id: string): Promise<Silence | null> {
  return (
    (await sql.query<{ data: Silence }>('select data from silence_board where id = $1', [id])).rows[0]?.data ?? null
  );
}

/** Silences that were in force at some time since an instant: a signal is judged by when it came in. */
export async function silencesSince(sql: Sql, since: Instant): Promise<Silence[]> {
  const { rows } = await sql.query<{ data: Silence }>(
    `select data from silence_board where until >= $1 order by set_at desc, id desc limit ${MOST}`,
    [since],
  );
  return rows.map(({ data }) => data);
}

/** Ids of those whose time has come. */
export async function silencesDue(sql: Sql, now: Instant): Promise<Silence[]> {
  const { rows } = await sql.query<{ data: Silence }>(
    'select data from silence_board where not over and until <= $1 order by until limit 50',
    [now],
  );
  return rows.map(({ data }) => data);
}

export async function countInForce(sql: Sql): Promise<number> {
  return (await sql.query<{ n: number }>('select count(*)::int as n from silence_board where not over')).rows[0]!.n;
}

export async function listConditions(sql: Sql): Promise<Condition[]> {
  const { rows } = await sql.query<{ data: Condition }>(
    `select data from condition_board where not removed order by set_at desc, id desc limit ${MOST}`,
  );
  return rows.map(({ data }) => data);
}
