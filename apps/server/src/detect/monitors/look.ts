import { addressOf, foldMonitor, looked, type MonitorId, waitAfter } from '@firebreak/core/detect/monitors';
import { addMs, isRefusal } from '@firebreak/core/kernel';
import {
  actWithin,
  announce,
  type Deps,
  enqueue,
  firebreakItself,
  type JobHandler,
  type Watch,
} from '../../platform/index.ts';
import { keptBefore } from '../../prepare/records/index.ts';
import { vendorsInUse } from '../../prepare/vendors/index.ts';
import { takingOut } from '../signals/index.ts';
import { ask } from './ask.ts';
import { everyMonitor, type LookState, readMonitor } from './board.ts';
import { freeHost, takeHost } from './hosts.ts';
import { aboutOf, settle } from './settle.ts';

const AT_ONCE = 50;
const FORGET_AT_ONCE = 2_000;

/** Writes a job for every monitor that is due, and sets its next time in the same transaction. */
export const due: Watch = {
  name: 'monitors',
  everyMs: 5_000,
  async look(deps) {
    const now = deps.now();
    const found = await deps.db.transaction(async (tx) => {
      const { rows } = await tx.query<{ id: string; every: number }>(
        `select b.id, (b.data->>'everyMinutes')::int as every from monitor_board b left join monitor_look l on l.monitor = b.id
         where b.active and (l.next_at is null or l.next_at <= $1) order by l.next_at nulls first, b.id limit ${AT_ONCE}`,
        [now],
      );
      for (const { id, every } of rows) {
        await tx.query(
          `insert into monitor_look (monitor, next_at) values ($1, $2)
           on conflict (monitor) do update set next_at = excluded.next_at`,
          [id, addMs(now, every * 60_000)],
        );
        await enqueue(tx, deps, { kind: 'monitor.look', payload: { monitor: id }, once: `monitor.look ${id} ${now}` });
      }
      return rows.length;
    });
    if (found > 0) deps.wake();
  },
};

const marksOf = (state: LookState, about: string) =>
  state.about === about ? { etag: state.etag, lastModified: state.last_modified } : { etag: null, lastModified: null };

/** One look. It may happen again after a crash: what it found is recognised. */
export const look: JobHandler = {
  slow: true,
  async outside({ monitor: id }: { readonly monitor: MonitorId }, deps) {
    const state = await readMonitor(deps.db, id);
    if (state === null || state.data.paused !== null) return;
    const monitor = state.data;
    const { host } = new URL(addressOf(monitor)!);
    const freeAt = await takeHost(deps.db, host, deps.now());
    if (freeAt !== null) {
      await deps.db.query('update monitor_look set next_at = $2 where monitor = $1', [id, freeAt]);
      return;
    }
    const mark = monitor.changedAt;
    const seen = await ask(deps, monitor, marksOf(state, mark), deps.now());
    const now = deps.now();
    const failures = seen.fault === null ? 0 : state.failures + 1;
    const out = await takingOut(deps);
    const facts = await deps.db.transaction(async (tx) => {
      await freeHost(tx, host, now, seen.retryAfterMs);
      if (seen.items !== null) {
        const raised = await settle(tx, deps, monitor, await aboutOf(tx, monitor), seen.items, out);
        if (raised > 0) deps.hints.give({ kind: 'signals' });
      }
      await tx.query(
        `update monitor_look set looked_at = $2, next_at = $3, failures = $4, fault = $5, about = $6, etag = $7,
           last_modified = $8, good_at = case when $5::text is null then $2 else good_at end where monitor = $1`,
        [
          id,
          now,
          addMs(now, waitAfter(monitor.everyMinutes, failures, seen.retryAfterMs)),
          failures,
          seen.fault,
          mark,
          seen.marks.etag,
          seen.marks.lastModified,
        ],
      );
      const done = await actWithin(tx, deps, {
        stream: id,
        by: firebreakItself('monitors'),
        may: 'monitor.edit',
        fold: foldMonitor,
        decide: (held) => looked(held, { fault: seen.fault, failures, lastGood: state.good_at }),
      });
      if (isRefusal(done)) throw new Error(`the outcome of a look was refused: ${done.why}`);
      return done.facts;
    }, 'bulk');
    await out.counted();
    await announce(deps, facts);
    deps.hints.give({ kind: 'monitors' });
    deps.wake();
  },
};

/** What a source has not shown for as long as the records of its systems are kept is forgotten. */
export const forgetting: Watch = {
  name: 'monitor-items',
  everyMs: 600_000,
  async look(deps) {
    const usual = addMs(deps.now(), -deps.config.retentionDays * 86_400_000);
    await deps.db.transaction(async (tx) => {
      const before = await keptBefore(tx, deps);
      const inUse = await vendorsInUse(tx);
      const special: { monitor: string; before: string }[] = [];
      for (const monitor of await everyMonitor(tx)) {
        const { systems } = await aboutOf(tx, monitor, inUse);
        // Of several systems the one that keeps longest counts; what is held is never old.
        const longest = systems.map((system) => before(system) ?? '').sort()[0] ?? usual;
        if (longest !== usual) special.push({ monitor: monitor.id, before: longest });
      }
      await tx.query(
        `delete from monitor_item where id in (
           select i.id from monitor_item i
             left join jsonb_to_recordset($2::jsonb) as s(monitor text, before text) on s.monitor = i.monitor
           where i.last_seen_at < coalesce(s.before, $1) order by i.last_seen_at limit ${FORGET_AT_ONCE})`,
        [usual, JSON.stringify(special)],
      );
    }, 'bulk');
    await deps.db.query('delete from monitor_host where free_at < $1', [usual]);
  },
};

/** Makes a monitor look at the next tick. */
export async function lookSoon(deps: Deps, monitor: string): Promise<void> {
  await deps.db.query('update monitor_look set next_at = $2 where monitor = $1', [monitor, deps.now()]);
  deps.wake();
}
