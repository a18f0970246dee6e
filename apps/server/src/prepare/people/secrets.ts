import { createHash, randomBytes } from 'node:crypto';
import { addMs, type Instant } from '@firebreak/core/kernel';
import { hash, verify } from '@node-rs/argon2';
import type { Sql } from '../../platform/index.ts';

/** OWASP's floor for argon2id (algorithm 2): 19 MiB, 2 passes, 1 lane. */
const ARGON = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const HOUR_MS = 3_600_000;
export const SESSION_MS = 12 * HOUR_MS;
const LINK_MS = 72 * HOUR_MS;

export const secretText = (): string => randomBytes(32).toString('base64url');
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export async function keepPassword(sql: Sql, person: string, password: string, at: Instant): Promise<void> {
  const argon2 = await hash(password, ARGON);
  await sql.query(
    'insert into credential (person, argon2, set_at) values ($1, $2, $3) on conflict (person) do update set argon2 = $2, set_at = $3',
    [person, argon2, at],
  );
}

let decoy: Promise<string> | undefined;

/** Takes as long for somebody unknown as for somebody known. */
export async function passwordFits(sql: Sql, person: string | null, password: string): Promise<boolean> {
  decoy ??= hash(secretText(), ARGON);
  const { rows } = await sql.query<{ argon2: string }>('select argon2 from credential where person = $1', [person]);
  const fits = await verify(rows[0]?.argon2 ?? (await decoy), password).catch(() => false);
  return fits && rows[0] !== undefined;
}

/** A link for a person who was invited, or, for nobody yet, one that makes the first administrator. */
export async function makeLink(sql: Sql, person: string | null, at: Instant): Promise<string> {
  const token = secretText();
  if (person === null) await sql.query('delete from one_time_link where person is null');
  await sql.query('insert into one_time_link (hash, person, expires_at) values ($1, $2, $3)', [
    hashOf(token),
    person,
    addMs(at, LINK_MS),
  ]);
  return token;
}

/** Uses a link up; false when it was used, has expired or never was. */
export async function takeLink(
  tx: Sql,
  token: string,
  at: Instant,
): Promise<{ readonly person: string | null } | null> {
  const { rows } = await tx.query<{ person: string | null }>(
    'delete from one_time_link where hash = $1 and expires_at > $2 returning person',
    [hashOf(token), at],
  );
  return rows[0] ?? null;
}

/** When somebody signed in or last gave their password in this session; null: there is no such session. */
export async function freshAt(sql: Sql, session: string): Promise<Instant | null> {
  const { rows } = await sql.query<{ fresh_at: Instant }>('select fresh_at from session where hash = $1', [session]);
  return rows[0]?.fresh_at ?? null;
}

export async function openSession(tx: Sql, person: string, at: Instant): Promise<string> {
  const secret = secretText();
  await tx.query(
    'insert into session (hash, person, opened_at, expires_at, seen_at, fresh_at) values ($1, $2, $3, $4, $3, $3)',
    [hashOf(secret), person, at, addMs(at, SESSION_MS)],
  );
  await tx.query('delete from session where expires_at < $1', [at]);
  return secret;
}
