import { AsyncLocalStorage } from 'node:async_hooks';
import { Worker } from 'node:worker_threads';
import { type Database, type Lane, type Rows, type Sql, sqlOver } from './database.ts';

export interface PgliteOptions {
  /** Folder of the database; absent: in memory. */
  readonly dataDir?: string;
  /** Uncompressed tar of a prepared database, for one in memory. */
  readonly template?: string;
  /** Flush every commit to the disk. */
  readonly durable: boolean;
}

export interface Pglite extends Database {
  exec(text: string): Promise<void>;
  /** How many times the engine flushed to the disk. */
  syncs(): Promise<number>;
  dump(): Promise<Uint8Array>;
}

class DatabaseError extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
    readonly detail: string | undefined,
  ) {
    super(message);
    this.name = 'DatabaseError';
  }
}

interface Turn {
  readonly begin: () => void;
  readonly shared: boolean;
  /** When it came, on the monotonic clock. */
  readonly since: number;
}
/** Statements that stand alone and are handed over before the one before them has answered. */
const SHARED_AT_ONCE = 2;
/** So many acts may go before other work that waits, so many intakes before bulk work: then that has its turn, or it would starve. */
const ACTS_IN_A_ROW = 100;
const INTAKES_IN_A_ROW = 16;
/** After an intake mostly comes another, which is being read at this moment: bulk work waits so long for it, and so long in all. */
const LINGER_MS = 25;
const LINGER_IN_ALL_MS = 300;
/** Once it has its turn, other bulk work that is ready need not wait as well, for so long. */
const BULK_SLICE_MS = 60;

/**
 * One connection, so one thing at a time: acts first, then what a sender waits for, bulk work in between, first come first
 * served within a lane. Statements that stand alone may wait inside the engine, so that it never idles until this thread
 * hands over the next.
 */
class Lanes {
  readonly #waiting: Readonly<Record<Lane, Turn[]>> = { act: [], intake: [], bulk: [] };
  #holders = 0;
  #shared = false;
  /** How many went before others that wait, since one of those had its turn. */
  #acts = 0;
  #intakes = 0;
  #intakeAt = Number.NEGATIVE_INFINITY;
  #sliceUntil = Number.NEGATIVE_INFINITY;
  #lingering: NodeJS.Timeout | null = null;

  async take(lane: Lane, shared = false): Promise<() => void> {
    await new Promise<void>((begin) => {
      this.#waiting[lane].push({ begin, shared, since: performance.now() });
      this.#next();
    });
    return () => {
      this.#holders--;
      if (lane === 'intake') this.#intakeAt = performance.now();
      this.#next();
    };
  }

  /** Whether bulk work lets an intake go first that is not here yet; it is looked at again when that is over. */
  #lingers({ since }: Turn): boolean {
    const now = performance.now();
    if (now < this.#sliceUntil) return false;
    const left = Math.min(this.#intakeAt + LINGER_MS, since + LINGER_IN_ALL_MS) - now;
    if (left <= 0) {
      this.#sliceUntil = now + BULK_SLICE_MS;
      return false;
    }
    this.#lingering ??= setTimeout(() => {
      this.#lingering = null;
      this.#next();
    }, left);
    return true;
  }

  #lane(): Lane {
    const { act, intake, bulk } = this.#waiting;
    const others = intake.length + bulk.length > 0;
    if (act.length > 0 && !(others && this.#acts >= ACTS_IN_A_ROW)) return 'act';
    if (intake.length > 0 && !(bulk.length > 0 && this.#intakes >= INTAKES_IN_A_ROW)) return 'intake';
    return 'bulk';
  }

  #next(): void {
    for (;;) {
      const lane = this.#lane();
      const turn = this.#waiting[lane][0];
      if (turn === undefined) return;
      const free = this.#holders === 0 || (turn.shared && this.#shared && this.#holders < SHARED_AT_ONCE);
      if (!free || (lane === 'bulk' && this.#lingers(turn))) return;
      this.#waiting[lane].shift();
      const { intake, bulk } = this.#waiting;
      this.#acts = lane === 'act' && intake.length + bulk.length > 0 ? this.#acts + 1 : 0;
      if (lane !== 'act') this.#intakes = lane === 'intake' && bulk.length > 0 ? this.#intakes + 1 : 0;
      this.#holders++;
      this.#shared = turn.shared;
      turn.begin();
    }
  }
}

/** PGlite in a worker thread, so that a long query never stops the event loop. */
export async function openPglite(options: PgliteOptions): Promise<Pglite> {
  const worker = new Worker(new URL('./pglite-worker.mjs', import.meta.url), { workerData: options });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let next = 0;
  let gone: Error | null = null;

  let started: () => void;
  const ready = new Promise<void>((resolve) => {
    started = resolve;
  });
  worker.on('message', ({ ready: isReady, id, value, error }) => {
    if (isReady) return started();
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new DatabaseError(error.message, error.code, error.detail));
    else asked?.resolve(value as never);
  });
  const fail = (error: Error) => {
    gone = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(gone ?? new Error('the database is closed')));

  await Promise.race([
    ready,
    new Promise<never>((_, reject) =>
      worker.once('error', reject).once('exit', (code) => reject(new Error(`the database thread ended with ${code}`))),
    ),
  ]);

  const ask = <T>(verb: string, rest: object = {}): Promise<T> => {
    if (gone) return Promise.reject(gone);
    const id = next++;
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      worker.postMessage({ id, verb, ...rest });
    });
  };
  const lanes = new Lanes();
  const within = new AsyncLocalStorage<{ open: boolean }>();
  const direct = (text: string, values: readonly unknown[]) => ask<Rows<object>>('query', { text, values });
  const inTurn = async <T>(lane: Lane, work: () => Promise<T>, shared = false): Promise<T> => {
    const release = await lanes.take(lane, shared);
    try {
      return await work();
    } finally {
      release();
    }
  };

  return {
    engine: 'pglite',
    ...sqlOver((text, values) => {
      // It would wait for its own transaction for ever.
      if (within.getStore()?.open) throw new Error('inside a transaction, ask the transaction and not the database');
      return inTurn('act', () => direct(text, values), true);
    }),
    transaction: (work, lane = 'act') =>
      inTurn(lane, async () => {
        const mine = { open: true };
        // Not waited for: the engine takes its statements in the order they are sent.
        const begun = ask('query', { text: 'begin', values: [] });
        begun.catch(() => undefined);
        const tx: Sql = sqlOver(direct);
        try {
          const result = await within.run(mine, () => work(tx));
          await begun;
          await ask('query', { text: 'commit', values: [] });
          return result;
        } catch (error) {
          await ask('query', { text: 'rollback', values: [] }).catch(() => undefined);
          throw error;
        } finally {
          mine.open = false;
        }
      }),
    intake: <R extends object>(text: string, values: readonly unknown[] = []) =>
      inTurn('intake', () => direct(text, values) as Promise<Rows<R>>, true),
    alone: (text) => inTurn('bulk', () => ask<null>('exec', { text })).then(() => undefined),
    listen: async () => undefined,
    exec: (text) => inTurn('act', () => ask<null>('exec', { text })).then(() => undefined),
    syncs: () => ask<number>('syncs'),
    dump: () => inTurn('act', () => ask<Uint8Array>('dump')),
    async close() {
      await inTurn('act', () => ask('close')).catch(() => undefined);
      await worker.terminate();
    },
  };
}
