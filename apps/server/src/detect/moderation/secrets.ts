import { type Deps, openSecret, type Sql, sealSecret } from '../../platform/index.ts';

const PURPOSE = 'firebreak-moderator-key';

export async function keepKey(tx: Sql, deps: Deps, moderator: string, key: string | null): Promise<void> {
  if (key === null) await tx.query('delete from moderator_secret where moderator = $1', [moderator]);
  else
    await tx.query(
      'insert into moderator_secret (moderator, sealed) values ($1, $2) on conflict (moderator) do update set sealed = excluded.sealed',
      [moderator, sealSecret(deps, PURPOSE, moderator, key)],
    );
}

/** Null: it has none, or it was sealed by another installation. */
export async function keyOf(sql: Sql, deps: Deps, moderator: string): Promise<string | null> {
  const { rows } = await sql.query<{ sealed: string }>('select sealed from moderator_secret where moderator = $1', [
    moderator,
  ]);
  return rows[0] === undefined ? null : openSecret(deps, PURPOSE, moderator, rows[0].sealed);
}
