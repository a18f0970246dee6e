import { createHash } from 'node:crypto';
import { type Deps, openSecret, type Sql, sealSecret } from '../../platform/index.ts';

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

const PURPOSE = 'firebreak-source-secret';

export async function keepSecret(tx: Sql, deps: Deps, source: string, secret: string | null): Promise<void> {
  if (secret === null) {
    await tx.query('delete from source_secret where source = $1', [source]);
    return;
  }
  await tx.query(
    'insert into source_secret (source, sealed) values ($1, $2) on conflict (source) do update set sealed = excluded.sealed',
    [source, sealSecret(deps, PURPOSE, source, secret)],
  );
}

/** Null: there is none, or it was sealed by another installation. */
export async function secretOf(sql: Sql, deps: Deps, source: string): Promise<string | null> {
  const { rows } = await sql.query<{ sealed: string }>('select sealed from source_secret where source = $1', [source]);
  return rows[0] === undefined ? null : openSecret(deps, PURPOSE, source, rows[0].sealed);
}
