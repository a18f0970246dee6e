export type { Database, Row, Rows, Sql } from './database.ts';
export { tables, together } from './database.ts';
export { FolderInUse, lockFolder } from './lock.ts';
export { migrate } from './migrate.ts';
export type { Pglite, PgliteOptions } from './pglite.ts';
export { openPglite } from './pglite.ts';
export { openPostgres } from './postgres.ts';
