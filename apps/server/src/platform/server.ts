import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Id, Instant } from '@firebreak/core/kernel';
import pino, { type Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import { sealing } from './checkpoints.ts';
import { systemClock } from './clock.ts';
import { type Config, maskedConfig } from './config.ts';
import { type Database, lockFolder, migrate, openPglite, openPostgres } from './database/index.ts';
import { Feed } from './feed.ts';
import { Hints } from './hints.ts';
import { createApp, health, live, openapi, pages } from './http/index.ts';
import { mintId, randomOf } from './ids.ts';
import { loadKeys } from './keys.ts';
import { createMetrics } from './metrics.ts';
import type { App, Deps, Slice } from './slice.ts';
import { Streams } from './streams.ts';
import { Ticker } from './ticker.ts';
import { upkeep } from './upkeep.ts';

/** What a test world replaces. */
export interface Outside {
  readonly db?: Database;
  readonly now?: () => Instant;
  readonly mint?: <K extends string>(kind: K) => Id<K>;
  readonly log?: Logger;
  /** False: nothing ticks by itself; the world calls `ticker.tick()`. */
  readonly ticking?: boolean;
}

export interface Server {
  readonly deps: Deps;
  readonly app: App;
  readonly ticker: Ticker;
  /** Address it listens on, once `listen` was called. */
  listen(): Promise<string>;
  /** Stops taking work, finishes what runs, closes the database, lets go of the folder. */
  close(): Promise<void>;
}

export const VERSION = '0.1.0';

/** Opens everything in order: folder, lock, database, migrations, keys, slices. Nothing is listened on yet. */
export async function openServer(config: Config, slices: readonly Slice[], outside: Outside = {}): Promise<Server> {
  const log = outside.log ?? pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const unlock = outside.db || config.databaseUrl ? async () => undefined : await lockFolder(config.dataFolder);
  try {
    return await assemble(config, slices, outside, log, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function assemble(
  config: Config,
  slices: readonly Slice[],
  outside: Outside,
  log: Logger,
  unlock: () => Promise<void>,
): Promise<Server> {
  const db = outside.db ?? (await openDatabase(config));
  let ticker: Ticker | undefined;
  try {
    const ran = await migrate(db, join(config.home, 'apps/server/migrations'));
    const generation = await readGeneration(db);
    const feed = new Feed(db, (error) =>
      log.error({ err: error }, 'the fact feed failed; it goes on at the next fact'),
    );
    const deps: Deps = {
      config,
      db,
      log,
      keys: await loadKeys(join(config.dataFolder, 'keys'), config.origin),
      feed,
      hints: new Hints(),
      streams: new Streams(db.engine === 'pglite'),
      metrics: createMetrics(),
      slices,
      generation,
      now: outside.now ?? systemClock,
      mint: outside.mint ?? mintId,
      random: randomOf,
      wake: () => (outside.ticking === false ? undefined : ticker?.wake()),
    };
    await feed.open();
    log.info({ config: maskedConfig(config), engine: db.engine, migrations: ran }, 'opening');

    let accepting = true;
    const app = await createApp(deps);
    await openapi(app, VERSION);
    health(app, deps, () => accepting);
    live(app, deps);
    for (const slice of slices) await slice.routes?.(app, deps);
    await pages(app, deps);
    await app.ready();
    ticker = new Ticker(deps, [sealing, upkeep, ...slices.flatMap((slice) => slice.watches ?? [])]);
    const stops: (() => Promise<void>)[] = [];
    let closing: Promise<void> | null = null;

    return {
      deps,
      app,
      ticker,
      async listen() {
        const address = await app.listen({ host: config.host, port: config.port });
        for (const slice of slices) {
          const stop = await slice.start?.(deps);
          if (stop) stops.push(stop);
        }
        if (outside.ticking !== false) ticker!.start();
        return address;
      },
      close() {
        closing ??= (async () => {
          accepting = false;
          for (const stop of stops.reverse())
            await stop().catch((error) => log.warn({ err: error }, 'a part did not stop cleanly'));
          await app.close();
          await ticker!.stop();
          await feed.close();
          await db.close();
          await unlock();
        })();
        return closing;
      },
    };
  } catch (error) {
    await db.close().catch(() => undefined);
    throw error;
  }
}

/** On the embedded engine a first start copies a prepared database, which takes a tenth of making one. */
async function openDatabase(config: Config): Promise<Database> {
  if (config.databaseUrl) return openPostgres(config.databaseUrl);
  const dataDir = join(config.dataFolder, 'db');
  const empty = (await readdir(dataDir).catch(() => [])).length === 0;
  const template = join(config.home, 'dist/template');
  if (empty && (await readdir(template).catch(() => [])).length > 0) {
    const half = `${dataDir}.preparing`;
    await cp(template, half, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
    await rename(half, dataDir);
  }
  await mkdir(dataDir, { recursive: true });
  return openPglite({ dataDir, durable: true });
}

async function readGeneration(db: Database): Promise<string> {
  await db.query('insert into log_head (seq, generation) values (0, $1) on conflict do nothing', [uuidv7()]);
  return (await db.query<{ generation: string }>('select generation from log_head')).rows[0]!.generation;
}
