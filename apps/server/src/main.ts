export type { Config, Database, Deps, Outside, Pglite, Server, Slice, Ticker } from './platform/index.ts';
export {
  FolderInUse,
  migrate,
  openPglite,
  openPostgres,
  openServer,
  readBoards,
  readConfig,
  rebuildBoards,
  seal,
  VERSION,
  verifyLog,
} from './platform/index.ts';
export { firstLink } from './prepare/people/index.ts';
export { slices } from './slices.ts';
