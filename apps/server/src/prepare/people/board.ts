import type { Instant } from '@firebreak/core/kernel';
import type { KeyId, PageUse, PersonId, Role, Scope } from '@firebreak/core/prepare/people';
import { type Board, type Sql, tables } from '../../platform/index.ts';

interface PersonRow {
  id: PersonId;
  name: string;
  email: string;
  roles: Role[];
  active: boolean;
  joined: boolean;
}
export interface KeyRow {
  id: KeyId;
  name: string;
  scopes: Scope[];
  hash: string;
  created_at: Instant;
  created_by: string;
  revoked: boolean;
  page: PageUse | null;
}
const q = tables<{
  person_board: PersonRow;
  key_board: KeyRow;
  session: { person: string; seen_at: Instant };
  key_use: { id: string; used_at: Instant };
}>();

export const peopleBoard: Board = {
  name: 'people',
  tables: ['person_board', 'key_board'],
  types: ['person.invited', 'person.joined', 'roles.set', 'person.deactivated', 'key.created', 'key.revoked'],
  async apply(tx, { type, stream, data, at, by }) {
    if (type === 'person.invited') {
      await tx.query(
        'insert into person_board (id, name, email, roles, active, joined) values ($1, $2, $3, $4::jsonb, true, false)',
        [data.person, data.name, data.email, JSON.stringify(data.roles)],
      );
    } else if (type === 'person.joined') {
      await tx.query('update person_board set joined = true, name = $2, email = $3 where id = $1', [
        stream,
        data.name,
        data.email,
      ]);
    } else if (type === 'roles.set') {
      await tx.query('update person_board set roles = $2::jsonb where id = $1', [stream, JSON.stringify(data.roles)]);
    } else if (type === 'person.deactivated') {
      await tx.query('update person_board set active = false where id = $1', [stream]);
    } else if (type === 'key.created') {
      await tx.query(
        'insert into key_board (id, name, scopes, hash, created_at, created_by, revoked, page) values ($1, $2, $3::jsonb, $4, $5, $6, false, $7::jsonb)',
        [
          data.key,
          data.name,
          JSON.stringify(data.scopes),
          data.hash,
          at,
          by.id,
          data.page === undefined ? null : JSON.stringify(data.page),
        ],
      );
    } else {
      await tx.query('update key_board set revoked = true where id = $1', [stream]);
    }
  },
};

const MOST = 1_000;

export function listPeople(sql: Sql) {
  return sql.run(
    q
      .selectFrom('person_board')
      .select(['id', 'name', 'email', 'roles', 'active', 'joined'])
      .select((eb) =>
        eb
          .selectFrom('session')
          .whereRef('session.person', '=', 'person_board.id')
          .select((e) => e.fn.max('session.seen_at').as('seen'))
          .as('seen_at'),
      )
      .orderBy('name')
      .limit(MOST),
  );
}

export function listKeys(sql: Sql) {
  return sql.run(
    q
      .selectFrom('key_board')
      .leftJoin('key_use', 'key_use.id', 'key_board.id')
      .selectAll('key_board')
      .select('key_use.used_at')
      .orderBy('created_at', 'desc')
      .limit(MOST),
  );
}

export async function personByEmail(sql: Sql, email: string): Promise<PersonRow | null> {
  return (await sql.run(q.selectFrom('person_board').selectAll().where('email', '=', email)))[0] ?? null;
}

export async function personById(sql: Sql, id: string): Promise<PersonRow | null> {
  return (
    (
      await sql.run(
        q
          .selectFrom('person_board')
          .selectAll()
          .where('id', '=', id as PersonId),
      )
    )[0] ?? null
  );
}

const MOST_OF_SCOPE = 10_000;

/** Keys of a scope that are not revoked, oldest first. */
export async function keysOfScope(sql: Sql, scope: Scope): Promise<Pick<KeyRow, 'id' | 'name' | 'hash'>[]> {
  const { rows } = await sql.query<Pick<KeyRow, 'id' | 'name' | 'hash'>>(
    `select id, name, hash from key_board where not revoked and scopes ? $1 order by created_at, id limit ${MOST_OF_SCOPE}`,
    [scope],
  );
  return rows;
}

/** Origins that page keys in use name, at most `most`. */
export async function originsNamed(sql: Sql, most: number): Promise<string[]> {
  const { rows } = await sql.query<{ origin: string }>(
    `select distinct jsonb_array_elements_text(page->'origins') as origin from key_board
     where not revoked and page is not null order by origin limit $1`,
    [most],
  );
  return rows.map(({ origin }) => origin);
}

export async function keyById(sql: Sql, id: string): Promise<KeyRow | null> {
  return (
    (
      await sql.run(
        q
          .selectFrom('key_board')
          .selectAll()
          .where('id', '=', id as KeyId),
      )
    )[0] ?? null
  );
}

export async function keyByHash(sql: Sql, hash: string): Promise<KeyRow | null> {
  return (await sql.run(q.selectFrom('key_board').selectAll().where('hash', '=', hash)))[0] ?? null;
}

/** Active administrators who can sign in, or have been invited to. Locks nothing; callers count under the log’s order. */
export async function countAdministrators(sql: Sql): Promise<number> {
  return (
    await sql.query<{ n: number }>(
      `select count(*)::int as n from person_board where active and roles ? 'administrator'`,
    )
  ).rows[0]!.n;
}
