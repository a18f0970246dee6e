import { createHmac } from 'node:crypto';
import type { Aids } from '@firebreak/core/detect/detectors';
import type { Interaction } from '@firebreak/core/detect/signals';
import { Counter, Gauge } from 'prom-client';
import type { Deps, Sql } from '../../platform/index.ts';

/** Interactions that may wait for the detectors before senders are asked to come back later. */
export const WAITING_LIMIT = 50_000;
const NUDGE_MS = 100;
const BUSY_FOR_MS = 50;
/** Interactions just stored that are kept in memory until the detectors have seen them. */
const FRESH_LIMIT = 4_000;

/** What this process remembers about telemetry between requests. Everything in it can be read again. */
export class TelemetryState {
  /** Interactions received and not yet looked at. */
  waiting: number | null = null;
  /** Intakes to come that are taken to report what somebody else has reported as well. */
  secondReports = 0;
  #answering = 0;
  #answeredAt = Number.NEGATIVE_INFINITY;
  readonly #fresh = new Map<string, { readonly intake: string; readonly data: Interaction }>();
  #salt: string | null = null;
  #nudge: NodeJS.Timeout | null = null;
  readonly received: Counter<'kind' | 'outcome'>;

  constructor(readonly deps: Deps) {
    const registers = [deps.metrics.registry];
    this.received = new Counter({
      name: 'firebreak_telemetry_total',
      help: 'Members of intake batches by kind and outcome (accepted, duplicate, rejected, busy)',
      labelNames: ['kind', 'outcome'],
      registers,
    });
    new Gauge({
      name: 'firebreak_telemetry_waiting',
      help: 'Interactions received and not yet read by the detectors',
      registers,
      collect: async function collect(this: Gauge) {
        this.set(await waitingCount(deps));
      },
    });
  }

  /** Counts an intake request in for as long as it is answered. */
  async answering<T>(work: () => Promise<T>): Promise<T> {
    this.#answering++;
    try {
      return await work();
    } finally {
      this.#answering--;
      this.#answeredAt = performance.now();
    }
  }

  /** Whether intake requests are being answered, or were a moment ago, so that the next is on its way. */
  get busy(): boolean {
    return this.#answering > 0 || performance.now() - this.#answeredAt < BUSY_FOR_MS;
  }

  /** Spares the detectors from reading back what this process has just stored. Only after the commit. */
  remember(intake: string, stored: readonly Interaction[]): void {
    if (this.#fresh.size + stored.length > FRESH_LIMIT) return;
    for (const data of stored) this.#fresh.set(data.id, { intake, data });
  }

  /** An interaction as this intake left it, if it is still remembered; it is forgotten by asking. */
  take(intake: string, id: string): Interaction | null {
    const held = this.#fresh.get(id);
    this.#fresh.delete(id);
    return held?.intake === intake ? held.data : null;
  }

  async aids(): Promise<Aids> {
    const salt = await this.salt();
    return {
      digest: (text) => createHmac('sha256', salt).update(text).digest('base64url').slice(0, 22),
      hosts: [],
    };
  }

  async salt(): Promise<string> {
    if (this.#salt === null) {
      const fresh = Buffer.from(this.deps.random(32)).toString('base64url');
      await this.deps.db.query(
        'insert into telemetry_salt (one, salt) values (true, $1) on conflict (one) do nothing',
        [fresh],
      );
      const { rows } = await this.deps.db.query<{ salt: string }>('select salt from telemetry_salt');
      this.#salt = rows[0]!.salt;
    }
    return this.#salt;
  }

  /** Asks for a look soon: many receipts in a moment make one look. */
  nudge(): void {
    if (this.#nudge !== null) return;
    this.#nudge = setTimeout(() => {
      this.#nudge = null;
      this.deps.wake();
    }, NUDGE_MS);
    this.#nudge.unref();
  }
}

const states = new WeakMap<Deps, TelemetryState>();

export function stateOf(deps: Deps): TelemetryState {
  const held = states.get(deps);
  if (held !== undefined) return held;
  const state = new TelemetryState(deps);
  states.set(deps, state);
  return state;
}

export async function waitingCount(deps: Deps): Promise<number> {
  const state = stateOf(deps);
  if (state.waiting === null) {
    const { rows } = await deps.db.query<{ n: number }>(
      'select coalesce(sum(count), 0)::int as n from telemetry_intake where not inspected',
    );
    state.waiting ??= rows[0]!.n;
  }
  return state.waiting;
}

/** One record of what came in together, within the transaction that stored it. */
export async function recordIntake(
  tx: Sql,
  deps: Deps,
  kind: 'interaction' | 'signal' | 'feedback',
  intake: string,
  rows: readonly { readonly id: string; readonly leaf: Uint8Array }[],
): Promise<void> {
  if (rows.length === 0) return;
  const leaves = Buffer.concat(rows.map((row) => row.leaf)).toString('base64');
  await tx.query(
    'insert into telemetry_intake (id, kind, received_at, count, ids, leaves, inspected) values ($1, $2, $3, $4, $5::jsonb, $6, $7)',
    [intake, kind, deps.now(), rows.length, JSON.stringify(rows.map((row) => row.id)), leaves, kind !== 'interaction'],
  );
}
