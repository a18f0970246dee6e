import { refuse } from '@firebreak/core/kernel';
import { capabilitiesOfRoles, capabilitiesOfScopes } from '@firebreak/core/prepare/people';
import type { Authenticate, Caller, Deps, Sql } from '../../platform/index.ts';
import { type KeyRow, keyByHash, keyById, personById } from './board.ts';
import { hashOf } from './secrets.ts';

/** Long enough that a busy sender costs one look-up, short enough that another replica’s revocation holds soon. */
const REMEMBER_MS = 2_000;
const MOST_REMEMBERED = 10_000;
const SEEN_EVERY_MS = 60_000;

interface Remembered {
  readonly caller: Caller;
  readonly until: number;
}

const REVOKING = new Set(['roles.set', 'person.deactivated', 'session.closed', 'key.revoked']);
const memories = new WeakMap<Deps, Map<string, Remembered>>();

function memoryOf(deps: Deps): Map<string, Remembered> {
  let memory = memories.get(deps);
  if (!memory) {
    const made = new Map<string, Remembered>();
    deps.feed.on((facts) => {
      if (facts.some((fact) => REVOKING.has(fact.type))) made.clear();
    });
    memories.set(deps, made);
    memory = made;
  }
  return memory;
}

export const authenticate: Authenticate = async ({ bearer, session }, deps) => {
  const secret = bearer ?? session!;
  const memory = memoryOf(deps);
  const hash = hashOf(`${bearer === null ? 'session' : 'key'}:${secret}`);
  const now = Date.parse(deps.now());
  const known = memory.get(hash);
  if (known && known.until > now) return known.caller;
  const caller = bearer === null ? await bySession(secret, deps) : await byKey(secret, deps);
  if (caller === null)
    return bearer === null
      ? null
      : refuse(
          'key.refused',
          'This API key is unknown or revoked. Create another under Settings, or with “firebreak keys create”.',
        );
  if (memory.size >= MOST_REMEMBERED) memory.clear();
  memory.set(hash, { caller, until: now + REMEMBER_MS });
  return caller;
};

async function bySession(secret: string, deps: Deps): Promise<Caller | null> {
  const now = deps.now();
  const { rows } = await deps.db.query<{ person: string; seen_at: string }>(
    'select person, seen_at from session where hash = $1 and expires_at > $2',
    [hashOf(secret), now],
  );
  const person = rows[0] && (await personById(deps.db, rows[0].person));
  if (!rows[0] || !person?.active) return null;
  if (Date.parse(now) - Date.parse(rows[0].seen_at) > SEEN_EVERY_MS)
    await deps.db.query('update session set seen_at = $2 where hash = $1', [hashOf(secret), now]);
  return {
    actor: { kind: 'person', id: person.id },
    may: capabilitiesOfRoles(person.roles),
    session: hashOf(secret),
  };
}

async function byKey(secret: string, deps: Deps): Promise<Caller | null> {
  const key = await keyByHash(deps.db, hashOf(secret));
  if (key === null || key.revoked) return null;
  noteUse(deps, key.id);
  return asCaller(key);
}

const asCaller = ({ id, scopes, page }: KeyRow): Caller => ({
  actor: { kind: 'key', id },
  may: capabilitiesOfScopes(scopes),
  ...(page && { page }),
});

/** Who a key stands for; null: there is none of this id, or it was revoked. */
export async function callerOfKey(sql: Sql, id: string): Promise<Caller | null> {
  const key = await keyById(sql, id);
  return key === null || key.revoked ? null : asCaller(key);
}

const noted = new Map<string, number>();

/** When a key was last used, to the minute. Nobody waits for it, and losing one is no harm. */
function noteUse(deps: Deps, key: string): void {
  const now = Date.parse(deps.now());
  if (now - (noted.get(key) ?? 0) < SEEN_EVERY_MS && now >= (noted.get(key) ?? 0)) return;
  if (noted.size > MOST_REMEMBERED) noted.clear();
  noted.set(key, now);
  deps.db
    .query('insert into key_use (id, used_at) values ($1, $2) on conflict (id) do update set used_at = $2', [
      key,
      deps.now(),
    ])
    .catch((error) => deps.log.debug({ err: error }, 'the use of a key was not noted'));
}
