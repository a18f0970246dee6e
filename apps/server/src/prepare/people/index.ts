import type { Actor, Instant, Recorded } from '@firebreak/core/kernel';
import { type Role, rolesSince } from '@firebreak/core/prepare/people';
import type { Deps, Slice, Sql } from '../../platform/index.ts';
import { authenticate } from './authenticate.ts';
import { countAdministrators, keyByHash, listKeys, peopleBoard } from './board.ts';
import { recordRefusals } from './refusals.ts';
import { routes } from './routes.ts';
import { hashOf, makeLink } from './secrets.ts';

/** Accounts, sessions, API keys, and who may do what. */
export const people: Slice = {
  name: 'people',
  routes(app, deps) {
    recordRefusals(app, deps);
    routes(app, deps);
  },
  boards: [peopleBoard],
  authenticate,
  personal: {
    'person.invited': ['name', 'email'],
    'person.joined': ['name', 'email'],
    'session.opened': ['from'],
    'session.confirmed': ['from'],
    'session.refused': ['from'],
    'access.refused': ['from'],
  },
};

/** The one-time link that makes the first administrator, or null when there is one already. */
export async function firstLink(deps: Deps): Promise<string | null> {
  if ((await countAdministrators(deps.db)) > 0) return null;
  return `${deps.config.publicUrl}/welcome#token=${await makeLink(deps.db, null, deps.now())}`;
}

export { callerOfKey } from './authenticate.ts';
export { keysOfScope, listPeople, personById } from './board.ts';
export { createApiKey } from './create-key.ts';
export { isPageOrigin } from './page-origins.ts';
export { freshAt } from './secrets.ts';

/** For whom somebody acts: a key acts for whoever created it, however many keys stand in between. */
export async function personBehind(sql: Sql): Promise<(actor: Actor) => string> {
  const creators = new Map((await listKeys(sql)).map((key) => [key.id as string, key.created_by]));
  return ({ id }) => {
    let behind = id;
    for (let steps = 0; steps < creators.size && creators.has(behind); steps++) behind = creators.get(behind)!;
    return behind;
  };
}

/** Roles of an account, each with the moment since when. */
export async function rolesOf(sql: Sql, person: string): Promise<{ readonly role: Role; readonly since: Instant }[]> {
  const { rows } = await sql.query<Pick<Recorded, 'type' | 'data' | 'at'>>(
    `select type, data, at from fact where stream = $1 and type in ('person.invited', 'roles.set', 'person.deactivated')
     order by seq`,
    [person],
  );
  return rolesSince(rows);
}

/** Whether a secret is the key of somebody, and not revoked. */
export async function isGoodKey(sql: Sql, secret: string): Promise<boolean> {
  return (await keyByHash(sql, hashOf(secret)))?.revoked === false;
}
