import { addMs, type Recorded, toMs } from '@firebreak/core/kernel';
import {
  askedBy,
  type Faulty,
  OLDEST_SECONDS,
  type Reading,
  readEvents,
  type Transmitter,
} from '@firebreak/core/respond/transmitters';
import { announce, type Deps, type Sql } from '../../platform/index.ts';
import { revokeSaid } from '../agent-tokens/index.ts';
import { findTransmitter } from './board.ts';
import { claimsOf, type keysOfTransmitters } from './keys.ts';

/** Longer than a token may be old, so that its id is there as long as it would be taken. */
const REMEMBERED_MS = (OLDEST_SECONDS + 86_400) * 1_000;
const KEPT_MS = 30 * 86_400_000;
const MOST_REMEMBERED = 20_000;

export type Taken = 'taken' | { readonly later: string } | Faulty;

async function record(tx: Sql, deps: Deps, of: Transmitter, { jti, events }: Reading): Promise<Recorded[]> {
  const facts: Recorded[] = [];
  for (const [number, event] of events.entries()) {
    const asked = askedBy(event, { ours: deps.config.publicUrl, theirs: of.issuer });
    // Written first: the same token at the same moment waits here, and finds that it was taken.
    const { rows } = await tx.query(
      `insert into heard_event (transmitter, token, number, type, subject, revoked, why, at)
       values ($1, $2, $3, $4, $5, 0, $6, $7) on conflict do nothing returning 1`,
      [of.id, jti, number, event.type, asked.named, 'nothing' in asked ? asked.nothing : '', deps.now()],
    );
    if (rows.length === 0 || 'nothing' in asked) continue;
    const said = { transmitter: of.id, issuer: of.issuer, event: event.type, jti };
    const done = await revokeSaid(tx, deps, { what: asked.revoke, systems: of.systems, said });
    facts.push(...done.facts);
    const why =
      done.facts.length > 0
        ? ''
        : done.known
          ? 'it has no token that still lives'
          : 'token' in asked.revoke
            ? 'no living token of this name was issued here'
            : 'no token was issued here to an agent of this name in the last day';
    await tx.query(
      'update heard_event set revoked = $4, why = $5 where transmitter = $1 and token = $2 and number = $3',
      [of.id, jti, number, done.facts.length, why],
    );
  }
  return facts;
}

async function taken(
  deps: Deps,
  keys: ReturnType<typeof keysOfTransmitters>,
  of: Transmitter,
  token: string,
): Promise<Taken> {
  const found = await claimsOf(keys, of, token);
  if (!('claims' in found)) return found;
  const now = deps.now();
  const reading = readEvents(found.claims, {
    issuer: of.issuer,
    audience: of.audience,
    nowSeconds: Math.floor(toMs(now) / 1_000),
  });
  if ('err' in reading) return reading;
  const { rows } = await deps.db.query<{ n: number }>(
    'select count(*)::int as n from heard_event where transmitter = $1 and at > $2',
    [of.id, addMs(now, -REMEMBERED_MS)],
  );
  if (rows[0]!.n >= MOST_REMEMBERED)
    return { later: `More than ${MOST_REMEMBERED} events came in three days. Send fewer, and this one again.` };
  const facts = await deps.db.transaction((tx) => record(tx, deps, of, reading));
  await announce(deps, facts);
  return 'taken';
}

/** One pushed token, from whoever sends it, to the transmitter its address names. */
export function receiver(deps: Deps, keys: ReturnType<typeof keysOfTransmitters>) {
  const refusedAt = new Map<string, number>();
  return async (transmitter: string, token: string): Promise<Taken> => {
    const of = await findTransmitter(deps.db, transmitter);
    if (of === null || of.ended !== null)
      return { err: 'access_denied', description: 'Nobody is believed at this address.' };
    const how = await taken(deps, keys, of, token);
    if (how === 'taken') return how;
    // Anybody may send here: what is refused costs one row for each transmitter, written once a second.
    const now = toMs(deps.now());
    if (now - (refusedAt.get(of.id) ?? -Infinity) >= 1_000) {
      refusedAt.set(of.id, now);
      const { err, description } = 'err' in how ? how : { err: 'later', description: how.later };
      await deps.db.query(
        `insert into transmitter_refused (transmitter, at, err, description) values ($1, $2, $3, $4)
         on conflict (transmitter) do update set at = excluded.at, err = excluded.err, description = excluded.description`,
        [of.id, deps.now(), err, description.slice(0, 500)],
      );
    }
    return how;
  };
}

/** Forgets what is too old to count twice, and too old to be looked at. */
export const forgetHeard = async (deps: Deps): Promise<void> =>
  void (await deps.db.query('delete from heard_event where at < $1', [addMs(deps.now(), -KEPT_MS)]));
