import { addMs, type Instant } from '@firebreak/core/kernel';
import type { Sql } from './database/index.ts';
import type { Deps, Effect, JobHandler } from './slice.ts';

const LEASE_MS = 30_000;
const AT_ONCE = 16;
const MOST_ATTEMPTS = 8;
const BACKOFF_MS = [1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000];

interface Job {
  readonly id: string;
  readonly kind: string;
  readonly payload: never;
  readonly attempts: number;
  readonly fence: number;
}

/** Writes work to the outbox, in the transaction of whatever calls for it. */
export async function enqueue(tx: Sql, deps: Deps, { kind, payload, once, afterMs = 0 }: Effect): Promise<void> {
  if (!handlerOf(deps, kind)) throw new Error(`no slice does ${kind}`);
  await tx.query(
    'insert into job (id, kind, payload, due_at, once) values ($1, $2, $3::jsonb, $4, $5) on conflict (once) do nothing',
    [deps.mint('job'), kind, JSON.stringify(payload), addMs(deps.now(), afterMs), once ?? null],
  );
}

const handlerOf = (deps: Deps, kind: string): JobHandler | undefined =>
  deps.slices.map((slice) => slice.jobs?.[kind]).find((handler) => handler !== undefined);

/**
 * Does what is due, a bounded number at a time, and answers how many it tried. A job is leased with a fencing number:
 * after a crash the lease runs out and somebody else takes it; whoever comes back late finds the number changed.
 */
export async function runDueJobs(deps: Deps): Promise<number> {
  const now = deps.now();
  const claimed = await deps.db.query<Job>(
    `update job set state = 'running', attempts = attempts + 1, fence = fence + 1, lease_until = $2
     where id in (
       select id from job where (state = 'waiting' and due_at <= $1) or (state = 'running' and lease_until <= $1)
       order by due_at limit ${AT_ONCE} for update skip locked)
     returning id, kind, payload, attempts, fence`,
    [now, addMs(now, LEASE_MS)],
  );
  for (const job of claimed.rows) {
    const handler = handlerOf(deps, job.kind);
    if (handler !== undefined && 'outside' in handler && handler.slow) await sendAbroad(deps, () => perform(deps, job));
    else await perform(deps, job);
  }
  return claimed.rows.length;
}

const abroad = new WeakMap<Deps, Set<Promise<void>>>();
const MOST_ABROAD = 32;

/** Lets a slow job run beside everything else; waits only where too many do. */
async function sendAbroad(deps: Deps, work: () => Promise<void>): Promise<void> {
  const running = abroad.get(deps) ?? new Set();
  abroad.set(deps, running);
  if (running.size >= MOST_ABROAD) await Promise.race(running);
  const ended: Promise<void> = work().finally(() => {
    running.delete(ended);
    deps.wake();
  });
  running.add(ended);
}

/** Resolves when the slow jobs that run now have ended; false where none did. */
export async function slowJobsEnded(deps: Deps): Promise<boolean> {
  const running = [...(abroad.get(deps) ?? [])];
  await Promise.all(running);
  return running.length > 0;
}

async function perform(deps: Deps, job: Job): Promise<void> {
  const handler = handlerOf(deps, job.kind);
  try {
    if (handler === undefined) throw new Error(`this version does not know ${job.kind}`);
    if ('within' in handler) {
      await deps.db.transaction(async (tx) => {
        const still = await tx.query('delete from job where id = $1 and fence = $2 returning id', [job.id, job.fence]);
        if (still.count === 1) await handler.within(tx, job.payload, deps);
      }, 'bulk');
      deps.feed.poke();
    } else {
      await handler.outside(job.payload, deps);
      await deps.db.query('delete from job where id = $1 and fence = $2', [job.id, job.fence]);
    }
    deps.metrics.jobs.inc({ kind: job.kind, outcome: 'done' });
  } catch (error) {
    const dead = job.attempts >= MOST_ATTEMPTS;
    deps.metrics.jobs.inc({ kind: job.kind, outcome: dead ? 'dead' : 'failed' });
    deps.log[dead ? 'error' : 'warn'](
      { job: job.id, kind: job.kind, attempts: job.attempts, err: error },
      dead ? 'a job failed for the last time' : 'a job failed and will be tried again',
    );
    const wait = BACKOFF_MS[Math.min(job.attempts, BACKOFF_MS.length) - 1]!;
    await deps.db
      .query(
        'update job set state = $3, due_at = $4, lease_until = null, last_error = $5 where id = $1 and fence = $2',
        [
          job.id,
          job.fence,
          dead ? 'dead' : 'waiting',
          addMs(deps.now(), wait),
          String(error instanceof Error ? error.message : error).slice(0, 500),
        ],
      )
      .catch((failed) => deps.log.error({ err: failed }, 'a failed job could not be put back; its lease will run out'));
  }
}

/** When the next job is due, or null when none waits. */
export async function nextDue(deps: Deps): Promise<Instant | null> {
  const { rows } = await deps.db.query<{ at: Instant | null }>(
    "select min(case when state = 'running' then lease_until else due_at end) as at from job where state <> 'dead'",
  );
  return rows[0]?.at ?? null;
}

export async function deadJobs(deps: Deps): Promise<number> {
  return (await deps.db.query<{ n: number }>("select count(*)::int as n from job where state = 'dead'")).rows[0]!.n;
}
