import type { Watch } from './slice.ts';

/**
 * What PostgreSQL's autovacuum goes by, but for rows that only came, which are looked at a few at a time however many there are, and for
 * statistics, which wait for more changes: a table is held while they are taken.
 */
const DUE = `
  select format('%I.%I', s.schemaname, s.relname) as name,
    s.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0) or s.n_ins_since_vacuum > 20000 or age(c.relfrozenxid) > 200000000 as vacuum,
    s.n_mod_since_analyze > 50 + 0.3 * greatest(c.reltuples, 0) and s.schemaname <> 'pg_toast' as analyze
  from pg_stat_all_tables s join pg_class c on c.oid = s.relid
  where c.relpersistence = 'p' order by s.relid`;
/** A checkpoint writes and flushes this much, and a start after a crash reads it again. */
const CHECKPOINT_BYTES = 16 * 2 ** 20;

/**
 * PGlite has no background worker, so what autovacuum and the checkpointer do elsewhere is done here: one table at a time, only where it
 * is due, so that nobody waits long behind it.
 */
export const upkeep: Watch = {
  name: 'upkeep',
  everyMs: 20_000,
  beside: true,
  async look({ db }) {
    if (db.engine !== 'pglite') return;
    const { rows } = await db.query<{ name: string; vacuum: boolean; analyze: boolean }>(DUE);
    for (const { name, vacuum, analyze } of rows) {
      if (vacuum) await db.alone(`vacuum ${name}`);
      if (analyze) await db.alone(`analyze ${name}`);
    }
    const since = await db.query<{ bytes: number }>(
      'select (pg_current_wal_insert_lsn() - (pg_control_checkpoint()).redo_lsn)::float8 as bytes',
    );
    if (since.rows[0]!.bytes > CHECKPOINT_BYTES) await db.alone('checkpoint');
  },
};
