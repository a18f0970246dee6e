import type { Aids } from '@firebreak/core/detect/detectors';
import type { TelemetryKind } from '@firebreak/core/detect/signals';
import { Counter, Gauge } from 'prom-client';
import type { Deps, Sql } from '../../platform/index.ts';
import { aidsWith } from './aids.ts';
import { BytesUnderWay } from './bytes-under-way.ts';
import type { Held } from './inspector.ts';
import { newSignalsUpTo } from './placement.ts';
import { UnderWay } from './under-way.ts';

/** Interactions that may wait for the detectors before senders are asked to come back later. */
export const WAITING_LIMIT = 50_000;
/** Signals that may wait for the grouping before senders are asked to come back later. */
export const UNGROUPED_LIMIT = 50_000;
const UNGROUPED_FOR_MS = 1_000;
const NUDGE_MS = 100;
/** Bytes of interactions just stored that are kept in memory until the detectors have seen them. */
const FRESH_BYTES = 24_000_000;
/** What this process remembers about telemetry between requests. Everything in it can be read again. */
export class TelemetryState {
  /** Interactions received and not yet looked at. */
  waiting: number | null = null;
  /** Intakes to come that are taken to report what somebody else has reported as well. */
  secondReports = 0;
  readonly #fresh = new Map<string, { readonly intake: string; readonly held: Held }>();
  #freshBytes = 0;
  #salt: string | null = null;
  #nudge: NodeJS.Timeout | null = null;
  readonly received: Counter<'kind' | 'outcome'>;
  /** Telemetry that is being stored at this moment. */
  readonly storing = new UnderWay();
  readonly bytes = new BytesUnderWay();
  #ungrouped: { readonly at: number; readonly count: Promise<number> } | null = null;

  constructor(readonly deps: Deps) {
    const registers = [deps.metrics.registry];
    this.received = new Counter({
      name: 'firebreak_telemetry_total',
      help: 'Members of intake batches by kind and outcome (accepted, duplicate, rejected, busy, eval)',
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

  /** Spares the detectors from reading back what this process has just stored. Only after the commit. */
  remember(intake: string, stored: readonly Held[]): void {
    for (const held of stored) {
      if (this.#freshBytes + held.size > FRESH_BYTES) return;
      this.#forget(held.id);
      this.#fresh.set(held.id, { intake, held });
      this.#freshBytes += held.size;
    }
  }

  #forget(id: string): void {
    const before = this.#fresh.get(id);
    if (before === undefined) return;
    this.#fresh.delete(id);
    this.#freshBytes -= before.held.size;
  }

  /** An interaction as this intake left it, if it is still remembered; it is forgotten by asking. */
  take(intake: string, id: string): Held | null {
    const fresh = this.#fresh.get(id);
    this.#forget(id);
    return fresh?.intake === intake ? fresh.held : null;
  }

  /** Signals that wait for the grouping, counted once a second and to the limit at most. */
  ungrouped(): Promise<number> {
    const now = performance.now();
    if (this.#ungrouped === null || now - this.#ungrouped.at >= UNGROUPED_FOR_MS)
      this.#ungrouped = { at: now, count: newSignalsUpTo(this.deps.db, UNGROUPED_LIMIT) };
    return this.#ungrouped.count;
  }

  async aids(): Promise<Aids> {
    return aidsWith(await this.salt());
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

/** Of rows that were known: what a second witness brought after they were counted. */
export type Gained = Readonly<Record<string, readonly string[]>>;

/** One record of what came in together, within the transaction that stored it. The first `fresh` rows are new; left out: all are. */
export async function recordIntake(
  tx: Sql,
  deps: Deps,
  kind: TelemetryKind,
  intake: string,
  rows: readonly { readonly id: string; readonly leaf: Uint8Array }[],
  known?: { readonly fresh: number; readonly gained: Gained },
): Promise<void> {
  if (rows.length === 0) return;
  const leaves = Buffer.concat(rows.map((row) => row.leaf)).toString('base64');
  await tx.query(
    `insert into telemetry_intake (id, kind, received_at, count, ids, leaves, inspected, fresh, gained)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9::jsonb)`,
    [
      intake,
      kind,
      deps.now(),
      rows.length,
      JSON.stringify(rows.map((row) => row.id)),
      leaves,
      kind !== 'interaction',
      known?.fresh ?? null,
      known === undefined ? null : JSON.stringify(known.gained),
    ],
  );
}
