import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import type { Deps, Sql } from '../../platform/index.ts';

const LENGTH = 32;
const PREFIX = 'fbi';

/** An intake key: 32 letters and digits, as long as senders of PagerDuty events expect a routing key to be. */
export function newIntakeKey(deps: Deps): string {
  let key = PREFIX;
  while (key.length < LENGTH)
    key += Buffer.from(deps.random(LENGTH))
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, LENGTH - key.length);
  return key;
}

export const hashOfKey = (key: string): string => createHash('sha256').update(`intake:${key}`).digest('hex');

const keys = new WeakMap<Deps, Buffer>();

/** Derived from the private key of this installation, which lies outside the database: a copy of the database opens nothing. */
function sealingKey(deps: Deps): Buffer {
  const held = keys.get(deps);
  if (held !== undefined) return held;
  const root = deps.keys.log.sign(Buffer.from('firebreak: secrets that other products sign with, version 1'));
  const key = Buffer.from(hkdfSync('sha256', root, '', 'firebreak-source-secret', 32));
  keys.set(deps, key);
  return key;
}

export async function keepSecret(tx: Sql, deps: Deps, source: string, secret: string | null): Promise<void> {
  if (secret === null) {
    await tx.query('delete from source_secret where source = $1', [source]);
    return;
  }
  const nonce = deps.random(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(deps), nonce).setAAD(Buffer.from(source));
  const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  await tx.query(
    'insert into source_secret (source, sealed) values ($1, $2) on conflict (source) do update set sealed = excluded.sealed',
    [source, sealed.toString('base64')],
  );
}

/** Null: there is none, or it was sealed by another installation. */
export async function secretOf(sql: Sql, deps: Deps, source: string): Promise<string | null> {
  const { rows } = await sql.query<{ sealed: string }>('select sealed from source_secret where source = $1', [source]);
  if (rows[0] === undefined) return null;
  const sealed = Buffer.from(rows[0].sealed, 'base64');
  try {
    const cipher = createDecipheriv('aes-256-gcm', sealingKey(deps), sealed.subarray(0, 12));
    cipher.setAAD(Buffer.from(source)).setAuthTag(sealed.subarray(-16));
    return Buffer.concat([cipher.update(sealed.subarray(12, -16)), cipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
