import type { Deps, Slice, Sql } from '../../platform/index.ts';
import { authenticate } from './authenticate.ts';
import { countAdministrators, keyByHash, peopleBoard } from './board.ts';
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
    'session.refused': ['from'],
    'access.refused': ['from'],
  },
};

/** The one-time link that makes the first administrator, or null when there is one already. */
export async function firstLink(deps: Deps): Promise<string | null> {
  if ((await countAdministrators(deps.db)) > 0) return null;
  return `${deps.config.publicUrl}/welcome#token=${await makeLink(deps.db, null, deps.now())}`;
}

export { personById } from './board.ts';
export { createApiKey } from './create-key.ts';

/** Whether a secret is the key of somebody, and not revoked. */
export async function isGoodKey(sql: Sql, secret: string): Promise<boolean> {
  return (await keyByHash(sql, hashOf(secret)))?.revoked === false;
}
