import { addMs, type Instant, type Recorded } from '@firebreak/core/kernel';
import {
  foldRecordLock,
  LOCK_FACTS,
  LOCK_LIMITS,
  type RecordLock,
  recordLockStep,
} from '@firebreak/core/respond/record-locks';
import { type Board, type Deps, loadSealed, loadStream, type Sql } from '../../platform/index.ts';

const DAY_MS = 86_400_000;
/** Standing locks that can be read at once; each is at most some tens of kilobytes, mostly one. */
const MOST_STANDING = 10_000;

const incidentOf = ({ stream, data }: Recorded): string =>
  stream.startsWith('inc_') ? stream : String(data.incident ?? data.of ?? '');

async function write(tx: Sql, lock: RecordLock): Promise<void> {
  await tx.query(
    `insert into record_lock_board (incident, since, closed_at, released, data) values ($1, $2, $3, $4, $5::jsonb)
     on conflict (incident) do update set closed_at = excluded.closed_at, released = excluded.released, data = excluded.data`,
    [lock.incident, lock.since, lock.closed?.at ?? null, lock.released !== null, JSON.stringify(lock)],
  );
}

export const recordLockBoard: Board = {
  name: 'record-locks',
  tables: ['record_lock_board'],
  types: LOCK_FACTS,
  async apply(tx, fact) {
    const held = await readLock(tx, incidentOf(fact));
    const lock = recordLockStep(held, fact);
    if (lock !== null && lock !== held) await write(tx, lock);
  },
};

export async function readLock(sql: Sql, incident: string): Promise<RecordLock | null> {
  const { rows } = await sql.query<{ data: RecordLock }>('select data from record_lock_board where incident = $1', [
    incident,
  ]);
  return rows[0]?.data ?? null;
}

/** Those in force, the newest first. */
export async function standingLocks(sql: Sql, now: Instant, most: number = MOST_STANDING + 1): Promise<RecordLock[]> {
  const { rows } = await sql.query<{ data: RecordLock }>(
    `select data from record_lock_board where not released and (closed_at is null or closed_at > $1)
     order by since desc, incident desc limit $2`,
    [addMs(now, -LOCK_LIMITS.daysAfterClosing * DAY_MS), most],
  );
  return rows.map(({ data }) => data);
}

/** All that is kept for incidents now; null: it is for more than can be read at once. */
export async function keptForIncidents(sql: Sql, now: Instant) {
  const locks = await standingLocks(sql, now);
  if (locks.length > MOST_STANDING) return null;
  return {
    candidates: [...new Set(locks.flatMap(({ candidates }) => candidates))],
    records: [...new Set(locks.flatMap(({ records }) => records))],
    spans: locks.flatMap(({ spans }) => spans),
  };
}

/** Incidents that were declared before there were locks get theirs. */
export async function lockEarlierIncidents(deps: Deps): Promise<void> {
  await deps.db.transaction(async (tx) => {
    // Nobody may append meanwhile.
    await tx.query('select seq from log_head for update');
    const missing = await loadSealed(
      tx,
      "where type = 'incident.declared' and not exists (select 1 from record_lock_board b where b.incident = fact.stream)",
      [],
    );
    for (const { stream } of missing) {
      const lock = foldRecordLock(await loadStream(tx, stream));
      if (lock !== null) await write(tx, lock);
    }
  }, 'bulk');
}
