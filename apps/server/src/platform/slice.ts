import type { IncomingHttpHeaders } from 'node:http';
import type { Actor, Id, Instant, Recorded, Refusal } from '@firebreak/core/kernel';
import type { Capability, PageUse } from '@firebreak/core/prepare/people';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Database, Sql } from './database/index.ts';
import type { Feed } from './feed.ts';
import type { Hints } from './hints.ts';
import type { Keys } from './keys.ts';
import type { Metrics } from './metrics.ts';
import type { Streams } from './streams.ts';

/** Whoever asks, and what they may do. */
export interface Caller {
  readonly actor: Actor;
  readonly may: ReadonlySet<Capability> | 'everything';
  /** Of a person: hash of the session they are signed in with. */
  readonly session?: string;
  /** Of a key that stands in web pages, for everybody to see: from where, and for which systems. */
  readonly page?: PageUse;
}

/** Firebreak itself: ticker, detectors, confirmations. */
export const firebreakItself = (part: string): Caller => ({ actor: { kind: 'system', id: part }, may: 'everything' });

/** Tables derived from facts: updated in the transaction of the fact, and made anew by `rebuild`. */
export interface Board {
  readonly name: string;
  readonly tables: readonly string[];
  readonly types: readonly string[];
  apply(tx: Sql, fact: Recorded): Promise<void>;
}

/** Work of the outbox. */
export type JobHandler =
  /** Runs in the transaction that also removes the job: its writes happen exactly once. No network in here. */
  | { readonly within: (tx: Sql, payload: never, deps: Deps) => Promise<void> }
  /** May talk to the outside; may run again after a crash, so it must not mind. */
  | {
      readonly outside: (payload: never, deps: Deps) => Promise<void>;
      /** It waits for machines of others: everything else that is due goes on meanwhile. */
      readonly slow?: true;
    };

/** An intention that follows from a fact, written to the outbox in the same transaction. */
export interface Effect {
  readonly kind: string;
  readonly payload: unknown;
  /** A second effect with the same text is not written while the first one waits. */
  readonly once?: string;
  readonly afterMs?: number;
}

/** Something to look at every so often; looking twice changes nothing. */
export interface Watch {
  readonly name: string;
  readonly everyMs: number;
  /** Looked at beside everything else, which waits for it no longer than it waits for others; never twice at once. */
  readonly beside?: true;
  look(deps: Deps): Promise<void>;
  /** Lets go of what it holds, once, when nothing is looked at any more. */
  readonly close?: (deps: Deps) => Promise<void>;
}

/** What a request brings to say who sends it. */
export interface Credentials {
  readonly bearer: string | null;
  readonly session: string | null;
}

/** Finds out who sends a request: a caller, a refusal for credentials that are wrong, or null for none. */
export type Authenticate = (credentials: Credentials, deps: Deps) => Promise<Caller | Refusal | null>;

/** A webhook delivery that names the intake source it comes from. */
export interface NamedDelivery {
  readonly product: 'github' | 'gitlab';
  readonly source: string;
  readonly key: string | null;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The address of the network it came from. */
  readonly from: string;
}

/** One slice of the server. `main.ts` is the list of them. */
export interface Slice {
  readonly name: string;
  readonly routes?: (app: App, deps: Deps) => void | Promise<void>;
  readonly boards?: readonly Board[];
  readonly authenticate?: Authenticate;
  /** Finds out whether a delivery comes from the source it names: a caller and the system it is about, or a refusal. */
  readonly admits?: (
    delivery: NamedDelivery,
    deps: Deps,
  ) => Promise<{ readonly caller: Caller; readonly system: string | null } | Refusal>;
  readonly jobs?: Readonly<Record<string, JobHandler>>;
  readonly effectsOf?: (fact: Recorded) => readonly Effect[];
  readonly watches?: readonly Watch[];
  /** Members of facts that may be personal: kept as salted digests in the log, their values beside it. */
  readonly personal?: Readonly<Record<string, readonly string[]>>;
  /** Runs once after the server listens; what it returns runs at shutdown. */
  readonly start?: (deps: Deps) => Promise<(() => Promise<void>) | undefined>;
}

/** Where a slice opens its doors. */
export type App = FastifyInstance;

/** What the platform gives to every slice. */
export interface Deps {
  readonly config: Config;
  readonly db: Database;
  readonly log: Logger;
  readonly keys: Keys;
  readonly feed: Feed;
  readonly hints: Hints;
  readonly streams: Streams;
  readonly metrics: Metrics;
  readonly slices: readonly Slice[];
  /** Bumped when the database is restored, so that a guard never takes an old epoch for a new one. */
  readonly generation: string;
  now(): Instant;
  mint<K extends string>(kind: K): Id<K>;
  /** Random bytes: salts, tokens. */
  random(bytes: number): Uint8Array;
  /** Says that jobs were written, so that nobody waits for the next look. */
  wake(): void;
}
