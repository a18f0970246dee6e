import type { Id, Instant } from '@firebreak/core/kernel';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Database } from './database/index.ts';
import type { Feed } from './feed.ts';
import type { Hints } from './hints.ts';
import type { Keys } from './keys.ts';
import type { Metrics } from './metrics.ts';
import type { Slice } from './slice.ts';

/** What the platform gives to every slice. */
export interface Deps {
  readonly config: Config;
  readonly db: Database;
  readonly log: Logger;
  readonly keys: Keys;
  readonly feed: Feed;
  readonly hints: Hints;
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
