import type { Watch } from './slice.ts';

/** PGlite has no background worker, so what autovacuum and the checkpointer do elsewhere is done here. */
export const upkeep: Watch = {
  name: 'upkeep',
  everyMs: 10 * 60_000,
  async look(deps) {
    if (deps.db.engine !== 'pglite') return;
    await deps.db.query('vacuum analyze');
    await deps.db.query('checkpoint');
  },
};
