import { addMs, type Instant, toMs } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

/** Longer than one request may take: after a crash the host is free again by then. */
const LEASE_MS = 30_000;
const GAP_MS = 1_000;
const LONGEST_MS = 24 * 3_600_000;

/** While another request runs, nobody knows when it ends: soon. */
const SOON_MS = 2_000;

/** Takes the only request a host is sent at a time. Answers null, or when to try again. */
export async function takeHost(sql: Sql, host: string, now: Instant): Promise<Instant | null> {
  const taken = await sql.query(
    `insert into monitor_host (host, free_at) values ($1, $2)
     on conflict (host) do update set free_at = excluded.free_at where monitor_host.free_at <= $3 returning host`,
    [host, addMs(now, LEASE_MS), now],
  );
  if (taken.count > 0) return null;
  const { rows } = await sql.query<{ free_at: Instant }>('select free_at from monitor_host where host = $1', [host]);
  const free = rows[0]?.free_at ?? now;
  return toMs(free) - toMs(now) <= LEASE_MS ? addMs(now, SOON_MS) : free;
}

/** Lets go of it, for a moment or as long as the host wants to be left alone. */
export async function freeHost(sql: Sql, host: string, now: Instant, retryAfterMs: number | null): Promise<void> {
  const free = addMs(now, Math.min(LONGEST_MS, Math.max(GAP_MS, retryAfterMs ?? 0)));
  await sql.query('update monitor_host set free_at = $2 where host = $1', [host, free]);
}
