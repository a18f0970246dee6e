import type { Instant } from '@firebreak/core/kernel';
import { type Refusal, refuse } from '@firebreak/core/kernel';
import { act, actWithin, announce, type Deps, firebreakItself } from '../../platform/index.ts';
import { personByEmail } from './board.ts';
import { openSession, passwordFits } from './secrets.ts';

const WINDOW_MS = 60_000;
const MOST_TRIES = 10;
const MOST_ADDRESSES = 10_000;

/** Tries of the last minute by address, so that passwords cannot be guessed in bulk. */
class Tries {
  readonly #at = new Map<string, number[]>();

  tooMany(address: string, now: number): boolean {
    const recent = (this.#at.get(address) ?? []).filter((at) => at > now - WINDOW_MS);
    if (this.#at.size > MOST_ADDRESSES) this.#at.clear();
    this.#at.set(address, [...recent, now].slice(-MOST_TRIES - 1));
    return recent.length >= MOST_TRIES;
  }
}
const tries = new WeakMap<Deps, Tries>();
function triesOf(deps: Deps): Tries {
  const counted = tries.get(deps) ?? new Tries();
  tries.set(deps, counted);
  return counted;
}

const itself = firebreakItself('sign-in');
/** One stream an hour: refusals of strangers are kept, and no stream grows without end. */
export const accessStream = (at: Instant): string => `access_${at.slice(0, 13)}`;

/** Checks a password; every outcome is a fact. Answers the session secret and the person’s id. */
export async function signIn(
  deps: Deps,
  email: string,
  password: string,
  from: string,
): Promise<{ readonly secret: string; readonly person: string } | Refusal> {
  if (triesOf(deps).tooMany(from, Date.parse(deps.now())))
    return refuse('session.too-many-tries', 'Too many tries from this address. Wait a minute and try again.');
  const person = await personByEmail(deps.db, email);
  const fits = await passwordFits(deps.db, person?.id ?? null, password);
  if (!person?.active || !person.joined || !fits) {
    const because = person === null ? 'unknown address' : person.active ? 'wrong password' : 'no longer active';
    await act(deps, {
      stream: person?.id ?? accessStream(deps.now()),
      by: itself,
      may: 'read',
      fold: () => null,
      decide: () => [{ type: 'session.refused', data: { from, because } }],
    });
    return refuse('session.refused', 'The e-mail address or the password is wrong.');
  }
  const by = { actor: { kind: 'person' as const, id: person.id }, may: 'everything' as const };
  const { secret, facts } = await deps.db.transaction(async (tx) => {
    const done = await actWithin(tx, deps, {
      stream: person.id,
      by,
      may: 'read',
      fold: () => null,
      decide: () => [{ type: 'session.opened', data: { from } }],
    });
    return { secret: await openSession(tx, person.id, deps.now()), facts: 'facts' in done ? done.facts : [] };
  });
  await announce(deps, facts);
  return { secret, person: person.id };
}

/** Somebody who is signed in gives their password again. As hard to guess as at the door; every outcome is a fact. */
export async function confirm(
  deps: Deps,
  { person, session }: { readonly person: string; readonly session: string },
  password: string,
  from: string,
): Promise<Instant | Refusal> {
  if (triesOf(deps).tooMany(`confirm ${person}`, Date.parse(deps.now())))
    return refuse('session.too-many-tries', 'Too many tries with a wrong password. Wait a minute and try again.');
  const fits = await passwordFits(deps.db, person, password);
  const at = deps.now();
  await act(deps, {
    stream: person,
    by: fits ? { actor: { kind: 'person', id: person }, may: 'everything' } : itself,
    may: 'read',
    fold: () => null,
    decide: () => [
      fits
        ? { type: 'session.confirmed', data: { from } }
        : { type: 'session.refused', data: { from, because: 'wrong password when asked again' } },
    ],
  });
  if (!fits) return refuse('session.refused', 'This is not your password.', '/password');
  await deps.db.query('update session set fresh_at = $2 where hash = $1', [session, at]);
  return at;
}
