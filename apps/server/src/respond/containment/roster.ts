import { randomUUID } from 'node:crypto';
import { addMs, type Instant } from '@firebreak/core/kernel';
import type { CheckedState, Hold } from '@firebreak/core/respond/containment';
import type { Deps, Sql } from '../../platform/index.ts';
import type { Gone } from './gone.ts';

/**
 * How an instance is connected. `lost`: its connection broke, it may be on its way back. `silent`: connected, but no sign of
 * life. `closed`: it said goodbye.
 */
export type Presence = 'connected' | 'polling' | 'lost' | 'silent' | 'closed';

export interface Instance {
  instance: string;
  system: string;
  host: string;
  kind: string;
  version: string;
  transport: 'socket' | 'poll';
  presence: Presence;
  fail_mode: string;
  generation: number;
  epoch: number;
  unsupported: readonly string[];
  /** Why it did not take the newest state. */
  nack: string | null;
  /** Whether it tries itself with made-up requests when asked to. */
  tries: boolean;
  checks: number;
  refused: number;
  rerouted: number;
  connected_at: Instant | null;
  last_seen_at: Instant;
  hub: string;
  /** Kinds of control it says it knows; null: it has not said. */
  kinds: readonly string[] | null;
}

/** Signs of life come every five seconds; three missed is too many. */
const LIVE_MS = 15_000;
/** A silent instance may still be serving people: it is named for this long, then taken for gone. */
const SILENT_MS = 600_000;
const FORGOTTEN_MS = 24 * 3_600_000;
const FLUSH_MS = 1_000;
const FLUSH_SOON_MS = 50;
const ROWS_AT_ONCE = 200;
const MOST_INSTANCES = 20_000;

/** What counts as a sign of life at this moment, worked out once for many instances. */
export interface Lately {
  readonly live: string;
  readonly silent: string;
  /** Of these a person says that they are gone, and none was heard since. */
  readonly gone: Pick<Gone, 'has'>;
}
const NOBODY: Lately['gone'] = { has: () => false };
export const latelyAt = (now: Instant, gone = NOBODY): Lately => ({
  live: addMs(now, -LIVE_MS),
  silent: addMs(now, -SILENT_MS),
  gone,
});

export function isLive(instance: Pick<Instance, 'instance' | 'presence' | 'last_seen_at'>, lately: Lately): boolean {
  if (lately.gone.has(instance.instance)) return false;
  if (instance.presence === 'silent' || instance.presence === 'closed') return false;
  return instance.last_seen_at >= lately.live;
}

/** Whether it has to obey for a hold to count as confirmed. */
export function counts(instance: Instance, lately: Lately): boolean {
  if (lately.gone.has(instance.instance)) return false;
  if (instance.presence === 'closed') return false;
  return instance.last_seen_at >= (instance.presence === 'silent' ? lately.silent : lately.live);
}

export const concerns = (instance: Instance, system: string): boolean =>
  instance.system === system || instance.system === '*';

/** The newest there is to obey, as this process knows it. */
export interface Newest {
  readonly generation: number;
  epochOf(subscription: string): number;
}

/** Whoever says that it obeys what does not exist yet obeys nothing: the next order would count as confirmed before it is given. */
export function obeys(instance: Instance, hold: Pick<Hold, 'hold' | 'order'>, newest: Newest): boolean {
  return (
    instance.generation === newest.generation &&
    instance.epoch >= hold.order &&
    instance.epoch <= newest.epochOf(instance.system) &&
    !instance.unsupported.includes(hold.hold)
  );
}

/** Why an instance does not obey, as words that stay the same for as long as it is so. */
export function whyNot(instance: Instance, hold: Pick<Hold, 'hold'>): string {
  if (instance.unsupported.includes(hold.hold)) return 'does not know this kind of control';
  if (instance.presence === 'silent') return 'no sign of life';
  if (instance.nack !== null) return `refused the state: ${instance.nack}`;
  return 'no acknowledgement';
}

interface AckRow {
  readonly hold: string;
  readonly instance: string;
  readonly ack_ms: number;
  readonly at: Instant;
}
interface TouchRow {
  readonly hold: string;
  readonly instance: string;
  readonly refused: number;
  readonly rerouted: number;
  readonly last_at: Instant;
}

export interface CheckedRow {
  readonly hold: string;
  readonly instance: string;
  readonly state: CheckedState;
  /** Of a gateway: what a request met that it sent to its own front door. */
  readonly door: CheckedState | null;
  readonly says: string | null;
  /** From the order, where this process heard of it. */
  readonly ms: number | null;
  readonly at: Instant;
}

/** What is taken of an instance that has not said it. */
const UNHEARD = {
  host: '',
  kind: 'other',
  version: '',
  transport: 'socket',
  presence: 'connected',
  fail_mode: '',
  generation: 0,
  epoch: 0,
  unsupported: [],
  nack: null,
  tries: false,
  checks: 0,
  refused: 0,
  rerouted: 0,
  connected_at: null,
  kinds: null,
} as const satisfies Partial<Instance>;

/** What instances say, in memory for this process and written in batches, so that replicas and restarts know it too. */
export class Roster {
  readonly hub = randomUUID();
  /** Instances connected to this process, or that were until a moment ago. */
  readonly here = new Map<string, Instance>();
  private readonly dirty = new Set<string>();
  private acks: AckRow[] = [];
  private checked: CheckedRow[] = [];
  private readonly touches = new Map<string, TouchRow>();
  private timer: NodeJS.Timeout | undefined;
  private due = Number.POSITIVE_INFINITY;
  private stopped = false;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: Deps,
    readonly gone: Gone,
  ) {}

  /** What counts as a sign of life now, and of whom none is waited for. */
  lately(): Lately {
    return latelyAt(this.deps.now(), this.gone);
  }

  /** On an engine that only this process can open, memory is the whole truth: what the process before knew is taken over. */
  async open(): Promise<void> {
    if (!this.alone) return;
    for (const row of await instancesOf(this.deps.db, null, MOST_INSTANCES)) {
      const presence = row.presence === 'connected' ? 'lost' : row.presence;
      this.here.set(row.instance, { ...row, presence, hub: this.hub });
    }
  }

  private get alone(): boolean {
    return this.deps.db.engine === 'pglite';
  }

  /**
   * Instances that concern a system (null: all), newest sign of life first. Those of other processes are read from the table;
   * of one that both know, the newer word counts: what this process heard a moment ago may not be written yet.
   */
  async instances(system: string | null, limit: number, sql: Sql = this.deps.db): Promise<Instance[]> {
    const known = new Map<string, Instance>();
    for (const each of this.here.values())
      if (system === null || concerns(each, system)) known.set(each.instance, each);
    if (!this.alone)
      for (const row of await instancesOf(sql, system, limit)) {
        const mine = this.here.get(row.instance);
        if (mine === undefined || mine.last_seen_at < row.last_seen_at) known.set(row.instance, row);
      }
    return [...known.values()].sort((a, b) => (a.last_seen_at < b.last_seen_at ? 1 : -1)).slice(0, limit);
  }

  /** Refused (undefined) when the process holds as many instances as it may. */
  put(said: Pick<Instance, 'instance' | 'system'> & Partial<Instance>): Instance | undefined {
    const known = this.here.get(said.instance);
    if (known === undefined && this.here.size >= MOST_INSTANCES) return undefined;
    const instance: Instance = {
      ...(known ?? UNHEARD),
      ...said,
      last_seen_at: this.deps.now(),
      hub: this.hub,
    };
    this.here.set(instance.instance, instance);
    this.mark(instance.instance);
    return instance;
  }

  acknowledged(hold: string, instance: string, ackMs: number): void {
    this.acks.push({ hold, instance, ack_ms: Math.max(0, Math.round(ackMs * 10) / 10), at: this.deps.now() });
    this.soon(FLUSH_SOON_MS);
  }

  /** What made-up requests met. */
  tried(row: Omit<CheckedRow, 'at'>): void {
    this.checked.push({ ...row, at: this.deps.now() });
    this.soon(FLUSH_SOON_MS);
  }

  touched(hold: string, instance: string, refused: number, rerouted: number): void {
    const key = `${hold} ${instance}`;
    const known = this.touches.get(key);
    if (known?.refused === refused && known.rerouted === rerouted) return;
    this.touches.set(key, { hold, instance, refused, rerouted, last_at: this.deps.now() });
    this.soon(FLUSH_MS);
  }

  mark(instance: string): void {
    this.dirty.add(instance);
    this.soon(FLUSH_MS);
  }

  private soon(ms: number): void {
    if (this.stopped) return;
    const due = performance.now() + ms;
    if (due >= this.due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => void this.flush(), ms);
    this.timer.unref();
  }

  /** Writes everything said so far. What cannot be written is kept for the next time. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.due = Number.POSITIVE_INFINITY;
    this.flushing = this.flushing.then(() =>
      this.write().catch((error) => {
        this.deps.log.warn({ err: error }, 'the guard roster could not be written; tried again');
        this.soon(FLUSH_MS);
      }),
    );
    return this.flushing;
  }

  private async write(): Promise<void> {
    while (this.dirty.size > 0) {
      const names = [...this.dirty].slice(0, ROWS_AT_ONCE);
      // Before writing: what is said meanwhile has to be written once more.
      for (const name of names) this.dirty.delete(name);
      try {
        await this.bulk(
          UPSERT_INSTANCES,
          names.flatMap((name) => this.here.get(name) ?? []),
        );
      } catch (error) {
        for (const name of names) this.dirty.add(name);
        throw error;
      }
    }
    while (this.acks.length > 0) {
      const rows = this.acks.slice(0, ROWS_AT_ONCE);
      await this.bulk(INSERT_ACKS, rows);
      this.acks = this.acks.slice(rows.length);
    }
    while (this.checked.length > 0) {
      const rows = this.checked.slice(0, ROWS_AT_ONCE);
      // The newest of an instance: one statement may not change a row twice.
      const newest = [...new Map(rows.map((row) => [`${row.hold} ${row.instance}`, row])).values()];
      await this.bulk(UPSERT_CHECKED, newest);
      this.checked = this.checked.slice(rows.length);
    }
    const touches = [...this.touches].slice(0, ROWS_AT_ONCE);
    if (touches.length === 0) return;
    await this.bulk(
      UPSERT_TOUCHES,
      touches.map(([, row]) => row),
    );
    for (const [key, row] of touches) if (this.touches.get(key) === row) this.touches.delete(key);
    if (this.touches.size > 0) this.soon(FLUSH_MS);
  }

  /** Orders go first where the engine has one connection. */
  private async bulk(text: string, rows: readonly unknown[]): Promise<void> {
    await this.deps.db.transaction((tx) => tx.query(text, [JSON.stringify(rows)]), 'bulk');
  }

  /** Forgets what left long ago, here and in the table. */
  async tidy(): Promise<void> {
    const limit = addMs(this.deps.now(), this.alone ? -FORGOTTEN_MS : -SILENT_MS);
    for (const [name, { presence, last_seen_at }] of this.here)
      if (presence !== 'connected' && last_seen_at < limit) this.here.delete(name);
    await this.deps.db.query('delete from guard_instance where last_seen_at < $1', [
      addMs(this.deps.now(), -FORGOTTEN_MS),
    ]);
  }

  /** Writes the last words; what is said after them is said to nobody. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.flush();
  }
}

const INSTANCE_COLUMNS = `instance text, system text, host text, kind text, version text, transport text, presence text,
  fail_mode text, generation bigint, epoch bigint, unsupported jsonb, nack text, tries boolean, checks bigint, refused bigint,
  rerouted bigint, connected_at text, last_seen_at text, hub text, kinds jsonb`;
const NAMES = INSTANCE_COLUMNS.split(',').map((column) => column.trim().split(' ')[0]!);
const UPSERT_INSTANCES = `insert into guard_instance (${NAMES.join(', ')})
  select ${NAMES.join(', ')} from jsonb_to_recordset($1::jsonb) as i(${INSTANCE_COLUMNS})
  on conflict (instance) do update set ${NAMES.slice(1)
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`;
const INSERT_ACKS = `insert into guard_ack (hold, instance, ack_ms, at)
  select hold, instance, ack_ms, at from jsonb_to_recordset($1::jsonb) as a(hold text, instance text, ack_ms double precision, at text)
  on conflict do nothing`;
const UPSERT_CHECKED = `insert into guard_checked (hold, instance, state, door, says, ms, at)
  select hold, instance, state, door, says, ms, at
  from jsonb_to_recordset($1::jsonb) as c(hold text, instance text, state text, door text, says text, ms double precision, at text)
  on conflict (hold, instance) do update set state = excluded.state, door = excluded.door, says = excluded.says,
    ms = coalesce(guard_checked.ms, excluded.ms), at = excluded.at`;
const UPSERT_TOUCHES = `insert into guard_touch (hold, instance, refused, rerouted, last_at)
  select hold, instance, refused, rerouted, last_at
  from jsonb_to_recordset($1::jsonb) as t(hold text, instance text, refused bigint, rerouted bigint, last_at text)
  on conflict (hold, instance) do update set refused = excluded.refused, rerouted = excluded.rerouted, last_at = excluded.last_at`;

/** Newest sign of life first. */
async function instancesOf(sql: Sql, system: string | null, limit: number): Promise<Instance[]> {
  const { rows } = await sql.query<Instance>(
    `select * from guard_instance where $1::text is null or system = $1 or system = '*' order by last_seen_at desc limit $2`,
    [system, limit],
  );
  return rows.map((row) => ({
    ...row,
    generation: Number(row.generation),
    epoch: Number(row.epoch),
    checks: Number(row.checks),
    refused: Number(row.refused),
    rerouted: Number(row.rerouted),
  }));
}
