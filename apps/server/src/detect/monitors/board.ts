import { foldMonitor, MONITOR_FACTS, type Monitor } from '@firebreak/core/detect/monitors';
import type { Instant } from '@firebreak/core/kernel';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

const MOST = 500;

export const monitorBoard: Board = {
  name: 'monitors',
  tables: ['monitor_board'],
  types: MONITOR_FACTS,
  async apply(tx, { stream }) {
    const monitor = foldMonitor(await loadStream(tx, stream));
    if (monitor === null) return;
    const { id, removed, paused, silent, system, vendor, name } = monitor;
    await tx.query(
      `insert into monitor_board (id, removed, active, silent, system, vendor, name, data)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
       on conflict (id) do update set removed = excluded.removed, active = excluded.active, silent = excluded.silent,
         system = excluded.system, vendor = excluded.vendor, name = excluded.name, data = excluded.data`,
      [
        id,
        removed !== null,
        removed === null && paused === null,
        silent !== null,
        system,
        vendor,
        name,
        JSON.stringify(monitor),
      ],
    );
  },
};

/** How the looks of a monitor went. */
export interface LookState {
  readonly looked_at: Instant | null;
  readonly good_at: Instant | null;
  readonly next_at: Instant | null;
  readonly failures: number;
  readonly fault: string | null;
  readonly about: string | null;
  readonly etag: string | null;
  readonly last_modified: string | null;
}
export interface MonitorRow extends LookState {
  readonly data: Monitor;
  readonly kept: number;
  readonly dropped: number;
}

const ROW = `select b.data, l.looked_at, l.good_at, l.next_at, coalesce(l.failures, 0) as failures, l.fault, l.about,
    l.etag, l.last_modified,
    (select count(*)::int from monitor_item i where i.monitor = b.id and i.kept) as kept,
    (select count(*)::int from monitor_item i where i.monitor = b.id and not i.kept) as dropped
  from monitor_board b left join monitor_look l on l.monitor = b.id`;

/** Those that were removed too, whose items are kept for a while. */
export async function everyMonitor(sql: Sql): Promise<Monitor[]> {
  const { rows } = await sql.query<{ data: Monitor }>(
    `select data from monitor_board order by removed, id limit ${MOST * 4}`,
  );
  return rows.map(({ data }) => data);
}

/** Silent ones first, then by name. */
export async function listMonitors(sql: Sql): Promise<MonitorRow[]> {
  const { rows } = await sql.query<MonitorRow>(
    `${ROW} where not b.removed order by b.silent desc, lower(b.name), b.id limit ${MOST}`,
  );
  return rows;
}

export async function readMonitor(sql: Sql, id: string): Promise<MonitorRow | null> {
  return (await sql.query<MonitorRow>(`${ROW} where b.id = $1 and not b.removed`, [id])).rows[0] ?? null;
}

export async function countMonitors(sql: Sql): Promise<number> {
  return (await sql.query<{ n: number }>('select count(*)::int as n from monitor_board where not removed')).rows[0]!.n;
}

export interface Watched {
  readonly system: string | null;
  readonly vendor: string | null;
  readonly silent: boolean;
  readonly good_at: Instant | null;
}

/** What is being watched, and when each last understood an answer. */
export async function watchedOutside(sql: Sql): Promise<readonly Watched[]> {
  const { rows } = await sql.query<Watched>(
    `select b.system, b.vendor, b.silent, l.good_at from monitor_board b left join monitor_look l on l.monitor = b.id
     where b.active limit ${MOST}`,
  );
  return rows;
}

/** Monitors as something that should be heard: when each last understood an answer. */
export async function monitorsHeard(sql: Sql) {
  const { rows } = await sql.query<{ data: Monitor; good_at: Instant | null }>(
    `select b.data, l.good_at from monitor_board b left join monitor_look l on l.monitor = b.id where not b.removed limit ${MOST}`,
  );
  return rows.map(({ data: { id, name, system, addedAt, everyMinutes, paused }, good_at }) => ({
    id,
    name,
    system,
    addedAt,
    everyMinutes,
    paused: paused !== null,
    lastAt: good_at,
  }));
}
