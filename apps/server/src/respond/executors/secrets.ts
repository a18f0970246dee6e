import { createHash, timingSafeEqual } from 'node:crypto';
import type { ExecutorId, Way } from '@firebreak/core/respond/executors';
import { type Deps, openSecret, type Sql, sealSecret } from '../../platform/index.ts';

const PURPOSE = 'firebreak-executor-secret';

export async function keepSecret(tx: Sql, deps: Deps, executor: string, secret: string | null): Promise<void> {
  if (secret === null) await tx.query('delete from executor_secret where executor = $1', [executor]);
  else
    await tx.query(
      'insert into executor_secret (executor, sealed) values ($1, $2) on conflict (executor) do update set sealed = excluded.sealed',
      [executor, sealSecret(deps, PURPOSE, executor, secret)],
    );
}

/** Null: it has none, or it was sealed by another installation. */
export async function secretOf(sql: Sql, deps: Deps, executor: string): Promise<string | null> {
  const { rows } = await sql.query<{ sealed: string }>('select sealed from executor_secret where executor = $1', [
    executor,
  ]);
  return rows[0] === undefined ? null : openSecret(deps, PURPOSE, executor, rows[0].sealed);
}

/** One try of one order, as a token names it. */
export interface Reported {
  readonly executor: ExecutorId;
  readonly hold: string;
  readonly way: Way;
  readonly attempt: number;
  /** When the order was given, so that the token of an earlier order of the same hold is good for nothing. */
  readonly orderedAt: string;
}

function proofOf(deps: Deps, text: string): Buffer {
  const signature = deps.keys.log.sign(Buffer.from(`firebreak: report of an executor, version 1\n${text}`));
  return createHash('sha256').update(signature).digest();
}

/** Says which order a report is about, and proves that it was given by this installation. Kept nowhere. */
export function tokenFor(deps: Deps, { executor, hold, way, attempt, orderedAt }: Reported): string {
  const text = [executor, hold, way, attempt, orderedAt].join(' ');
  return `${Buffer.from(text).toString('base64url')}.${proofOf(deps, text).toString('base64url')}`;
}

export function readToken(deps: Deps, token: string): Reported | null {
  const [named = '', proof = ''] = token.split('.');
  const text = Buffer.from(named, 'base64url').toString('utf8');
  const [executor, hold, way, attempt, orderedAt] = text.split(' ');
  const given = Buffer.from(proof, 'base64url');
  const own = proofOf(deps, text);
  if (given.length !== own.length || !timingSafeEqual(given, own)) return null;
  return {
    executor: executor as ExecutorId,
    hold: hold!,
    way: way as Way,
    attempt: Number(attempt),
    orderedAt: orderedAt!,
  };
}
