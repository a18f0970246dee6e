import { foldModerator, MODERATOR_FACTS, type Moderator } from '@firebreak/core/detect/moderation';
import { addMs, type Instant } from '@firebreak/core/kernel';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

const MOST = 100;
const DAY_MS = 86_400_000;

export const moderatorBoard: Board = {
  name: 'moderation',
  tables: ['moderator_board'],
  types: MODERATOR_FACTS,
  async apply(tx, { stream }) {
    const moderator = foldModerator(await loadStream(tx, stream));
    if (moderator === null) return;
    const { id, removed, paused, silent, name } = moderator;
    await tx.query(
      `insert into moderator_board (id, removed, active, silent, name, data) values ($1, $2, $3, $4, $5, $6::jsonb)
       on conflict (id) do update set removed = excluded.removed, active = excluded.active, silent = excluded.silent,
         name = excluded.name, data = excluded.data`,
      [id, removed !== null, removed === null && paused === null, silent !== null, name, JSON.stringify(moderator)],
    );
  },
};

export async function activeModerators(sql: Sql): Promise<Moderator[]> {
  const { rows } = await sql.query<{ data: Moderator }>(
    `select data from moderator_board where active order by id limit ${MOST}`,
  );
  return rows.map(({ data }) => data);
}

/** Moderators as something that should be heard: since when one that does not answer was silent. */
export async function moderatorsHeard(sql: Sql) {
  const { rows } = await sql.query<{ data: Moderator }>(
    `select data from moderator_board where not removed order by id limit ${MOST}`,
  );
  return rows.map(({ data: { id, name, addedAt, paused, silent, systems, whenSilent } }) => ({
    id,
    name,
    addedAt,
    paused,
    silent,
    systems,
    whenSilent,
  }));
}

export async function countModerators(sql: Sql): Promise<number> {
  return (await sql.query<{ n: number }>('select count(*)::int as n from moderator_board where not removed')).rows[0]!
    .n;
}

export interface Tally {
  readonly flagged: number;
  readonly clean: number;
  readonly none: number;
  readonly not_asked: number;
  readonly requests: number;
  readonly ms: number;
}
export interface ModeratorRow extends Tally {
  readonly data: Moderator;
  readonly waiting: number;
}

const hourOf = (at: Instant): string => at.slice(0, 13);

const SUMS = ['flagged', 'clean', 'none', 'not_asked', 'requests', 'ms'] as const;
const ROW = `select b.data,
    (select count(*)::int from moderation_opinion o where o.moderator = b.id and o.state = 'waiting') as waiting,
    ${SUMS.map((sum) => `coalesce(h.${sum}, 0)::float8 as ${sum}`).join(', ')}
  from moderator_board b left join lateral (
    select ${SUMS.map((sum) => `sum(${sum}) as ${sum}`).join(', ')} from moderation_hour
    where moderator = b.id and hour > $1) h on true`;

/** Silent ones first, then by name; sums of the last 24 hours. */
export async function listModerators(sql: Sql, now: Instant): Promise<ModeratorRow[]> {
  const { rows } = await sql.query<ModeratorRow>(
    `${ROW} where not b.removed order by b.silent desc, lower(b.name), b.id limit ${MOST}`,
    [hourOf(addMs(now, -DAY_MS))],
  );
  return rows;
}

export async function readModerator(sql: Sql, id: string, now: Instant): Promise<ModeratorRow | null> {
  const { rows } = await sql.query<ModeratorRow>(`${ROW} where b.id = $2 and not b.removed`, [
    hourOf(addMs(now, -DAY_MS)),
    id,
  ]);
  return rows[0] ?? null;
}

/** Adds to the sums of this hour. */
export async function tally(tx: Sql, moderator: string, now: Instant, more: Partial<Tally>): Promise<void> {
  const given = SUMS.map((sum) => more[sum] ?? 0);
  if (given.every((each) => each === 0)) return;
  await tx.query(
    `insert into moderation_hour (moderator, hour, ${SUMS.join(', ')}) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (moderator, hour) do update set ${SUMS.map((sum) => `${sum} = moderation_hour.${sum} + excluded.${sum}`).join(', ')}`,
    [moderator, hourOf(now), ...given],
  );
}

/** Questions asked or waiting since midnight, UTC, and how many wait. */
export async function questionsToday(
  sql: Sql,
  moderator: string,
  now: Instant,
): Promise<{ readonly waiting: number; readonly today: number }> {
  const { rows } = await sql.query<{ waiting: number; asked: number }>(
    `select (select count(*)::int from moderation_opinion where moderator = $1 and state = 'waiting') as waiting,
       (select coalesce(sum(flagged + clean + none), 0)::int from moderation_hour where moderator = $1 and hour >= $2) as asked`,
    [moderator, now.slice(0, 10)],
  );
  const { waiting, asked } = rows[0]!;
  return { waiting, today: waiting + asked };
}
