import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate, openPglite, readConfig } from './platform/index.ts';

/** Makes the prepared database that a first start copies. Called by the build with the folder to write. */
const folder = process.argv[2]!;
const config = readConfig({ FIREBREAK_DATA: folder });
const half = `${folder}.part`;
await rm(half, { recursive: true, force: true });
const db = await openPglite({ dataDir: half, durable: false });
await migrate(db, join(config.home, 'apps/server/migrations'));
await db.query('vacuum analyze');
await db.query('checkpoint');
await db.close();
await rm(folder, { recursive: true, force: true });
await rename(half, folder);
