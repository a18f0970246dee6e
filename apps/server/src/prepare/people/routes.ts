import { people } from '@firebreak/contract/prepare/people';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  capabilitiesOfRoles,
  deactivatePerson,
  foldKey,
  foldPerson,
  invitePerson,
  joinPerson,
  type PersonId,
  revokeKey,
  setRoles,
} from '@firebreak/core/prepare/people';
import type { FastifyReply } from 'fastify';
import {
  type App,
  act,
  actWithin,
  announce,
  type Caller,
  callerIn,
  type Deps,
  route,
  SESSION_COOKIE,
  type Sql,
  VERSION,
} from '../../platform/index.ts';
import { countAdministrators, listKeys, listPeople, personByEmail, personById } from './board.ts';
import { createApiKey } from './create-key.ts';
import { hashOf, keepPassword, makeLink, openSession, SESSION_MS, takeLink } from './secrets.ts';
import { confirm, signIn } from './sign-in.ts';

function setCookie(reply: FastifyReply, secret: string, deps: Deps): void {
  reply.setCookie(SESSION_COOKIE, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: deps.config.publicUrl.startsWith('https:'),
    maxAge: SESSION_MS / 1_000,
  });
}

const asPerson = (id: string): Caller => ({ actor: { kind: 'person', id }, may: 'everything' });

async function meOf(deps: Deps, caller: Caller) {
  const may = caller.may === 'everything' ? [] : [...caller.may];
  if (caller.actor.kind === 'person') {
    const person = (await personById(deps.db, caller.actor.id))!;
    return { kind: 'person' as const, id: person.id, name: person.name, roles: person.roles, may };
  }
  // Its name is for those who keep the keys, not for everybody who can read one in a page.
  if (caller.page !== undefined) return { kind: 'key' as const, id: caller.actor.id, name: '', roles: [], may };
  const key = (await listKeys(deps.db)).find((k) => k.id === caller.actor.id);
  return { kind: 'key' as const, id: caller.actor.id, name: key?.name ?? '', roles: [], may };
}

async function personView(sql: Sql, id: string) {
  const row = (await listPeople(sql)).find((person) => person.id === id)!;
  return viewOf(row);
}
const viewOf = ({
  id,
  name,
  email,
  roles,
  active,
  joined,
  seen_at,
}: Awaited<ReturnType<typeof listPeople>>[number]) => ({
  id,
  name,
  email,
  roles,
  active,
  invited: !joined,
  lastSeenAt: seen_at,
});
const keyView = ({
  id,
  name,
  scopes,
  created_at,
  created_by,
  used_at,
  revoked,
  page,
}: Awaited<ReturnType<typeof listKeys>>[number]) => ({
  id,
  name,
  scopes,
  createdAt: created_at,
  createdBy: created_by,
  lastUsedAt: used_at,
  revoked,
  page: page && { origins: [...page.origins], systems: [...page.systems] },
});

export function routes(app: App, deps: Deps): void {
  route(app, people.setup, async () => ({
    needsAdministrator: (await countAdministrators(deps.db)) === 0,
    product: 'firebreak' as const,
    version: VERSION,
  }));

  route(app, people.welcome, async ({ body, reply }) => {
    const outcome = await deps.db
      .transaction(async (tx) => {
        const link = await takeLink(tx, body.token, deps.now());
        if (link === null)
          return refuse(
            'link.used',
            'This link was used before, has expired, or is not whole. Restart Firebreak for a new first link, or ask an administrator for another.',
          );
        const person = (link.person ?? deps.mint('usr')) as PersonId;
        const taken = async (sql: Sql) => {
          const other = await personByEmail(sql, body.email);
          return other !== null && other.id !== person;
        };
        const facts = [];
        if (link.person === null) {
          const first = await actWithin(tx, deps, {
            stream: person,
            by: asPerson(person),
            may: 'people.administer',
            fold: foldPerson,
            given: taken,
            decide: (state, _asked, isTaken) =>
              invitePerson(state, { person, name: body.name, email: body.email, roles: ['administrator'] }, isTaken),
          });
          if (isRefusal(first)) throw new Refused(first);
          facts.push(...first.facts);
        }
        const joined = await actWithin(tx, deps, {
          stream: person,
          by: asPerson(person),
          may: 'read',
          fold: foldPerson,
          given: taken,
          decide: (state, _asked, isTaken) => joinPerson(state, { name: body.name, email: body.email }, isTaken),
        });
        // Thrown, so that the link is not used up by a mistake in the form.
        if (isRefusal(joined)) throw new Refused(joined);
        facts.push(...joined.facts);
        await keepPassword(tx, person, body.password, deps.now());
        return { person, facts, secret: await openSession(tx, person, deps.now()) };
      })
      .catch((error) => {
        if (error instanceof Refused) return error.refusal;
        throw error;
      });
    if (isRefusal(outcome)) return outcome;
    await announce(deps, outcome.facts);
    setCookie(reply, outcome.secret, deps);
    const person = (await personById(deps.db, outcome.person))!;
    return {
      kind: 'person' as const,
      id: person.id,
      name: person.name,
      roles: person.roles,
      may: [...capabilitiesOfRoles(person.roles)],
    };
  });

  route(app, people.signIn, async ({ body, request, reply }) => {
    const opened = await signIn(deps, body.email, body.password, request.ip);
    if (isRefusal(opened)) return opened;
    setCookie(reply, opened.secret, deps);
    const person = (await personById(deps.db, opened.person))!;
    return {
      kind: 'person' as const,
      id: person.id,
      name: person.name,
      roles: person.roles,
      may: [...capabilitiesOfRoles(person.roles)],
    };
  });

  route(app, people.confirm, async ({ body, caller, request }) => {
    if (caller.session === undefined)
      return refuse('session.missing', 'Only somebody who is signed in can give their password again.');
    const at = await confirm(deps, { person: caller.actor.id, session: caller.session }, body.password, request.ip);
    return isRefusal(at) ? at : { freshAt: at };
  });

  route(app, people.signOut, async ({ caller, request, reply }) => {
    const secret = request.cookies[SESSION_COOKIE];
    if (secret !== undefined && caller.actor.kind === 'person') {
      await deps.db.query('delete from session where hash = $1', [hashOf(secret)]);
      await act(deps, {
        stream: caller.actor.id,
        by: asPerson(caller.actor.id),
        may: 'read',
        fold: () => null,
        decide: () => [{ type: 'session.closed', data: { because: 'signed out' } }],
      });
    }
    reply.clearCookie(SESSION_COOKIE, { path: '/' });
    return { done: true as const };
  });

  route(app, people.me, async ({ caller, request }) => {
    const found = callerIn(request);
    return isRefusal(found) ? found : meOf(deps, caller);
  });

  route(app, people.directory, async () => {
    const [persons, keys] = [await listPeople(deps.db), await listKeys(deps.db)];
    return { names: Object.fromEntries([...persons, ...keys].map(({ id, name }) => [id, name])) };
  });
  route(app, people.list, async () => ({ people: (await listPeople(deps.db)).map(viewOf) }));

  route(app, people.invite, async ({ body, caller }) => {
    const person = deps.mint('usr');
    const done = await act(deps, {
      stream: person,
      by: caller,
      may: 'people.administer',
      fold: foldPerson,
      given: async (tx) => (await personByEmail(tx, body.email)) !== null,
      decide: (state, _asked, taken) => invitePerson(state, { person, ...body }, taken),
    });
    if (isRefusal(done)) return done;
    const token = await makeLink(deps.db, person, deps.now());
    return { person: await personView(deps.db, person), link: `${deps.config.publicUrl}/welcome#token=${token}` };
  });

  route(app, people.setRoles, async ({ params, body, caller }) => {
    const done = await act(deps, {
      stream: params.person,
      by: caller,
      may: 'people.administer',
      fold: foldPerson,
      given: administratorsUnderLock,
      decide: (state, _asked, administrators) => setRoles(state, body, administrators),
    });
    return isRefusal(done) ? done : { person: await personView(deps.db, params.person) };
  });

  route(app, people.deactivate, async ({ params, body, caller }) => {
    const done = await act(deps, {
      stream: params.person,
      by: caller,
      may: 'people.administer',
      fold: foldPerson,
      given: administratorsUnderLock,
      decide: (state, _asked, administrators) => deactivatePerson(state, body, administrators),
    });
    if (isRefusal(done)) return done;
    await deps.db.query('delete from session where person = $1', [params.person]);
    return { person: await personView(deps.db, params.person) };
  });

  route(app, people.keys, async () => ({ keys: (await listKeys(deps.db)).map(keyView) }));

  route(app, people.createKey, async ({ body, caller }) => {
    const made = await createApiKey(deps, caller, body);
    if (isRefusal(made)) return made;
    return { key: keyView((await listKeys(deps.db)).find((row) => row.id === made.key)!), secret: made.secret };
  });

  route(app, people.revokeKey, async ({ params, body, caller }) => {
    const done = await act(deps, {
      stream: params.key,
      by: caller,
      may: 'people.administer',
      fold: foldKey,
      decide: (state) => revokeKey(state, body),
    });
    if (isRefusal(done)) return done;
    return { key: keyView((await listKeys(deps.db)).find((row) => row.id === params.key)!) };
  });
}

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.why);
  }
}

/** Two administrators stepping down at once must not both succeed: the head of the log orders them. */
async function administratorsUnderLock(tx: Sql): Promise<number> {
  await tx.query('select seq from log_head for update');
  return countAdministrators(tx);
}
