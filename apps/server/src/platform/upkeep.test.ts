import { setTimeout as pause } from 'node:timers/promises';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upkeep } from './upkeep.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** The engine counts what changed about once a second. */
const COUNTED_MS = 1_500;

describe('upkeep of the embedded database', () => {
  it('cleans the tables where much was written over, and leaves the others alone', async (context) => {
    const { deps } = world.server;
    if (deps.db.engine !== 'pglite') return context.skip('others have autovacuum');
    await deps.db.query('create table worn (n int)');
    await deps.db.query('create table calm (n int)');
    await deps.db.query('insert into worn select generate_series(1, 300)');
    await deps.db.query('insert into calm select generate_series(1, 20)');
    await deps.db.query('update worn set n = n + 1');
    const state = async () => {
      const { rows } = await deps.db.query<{ relname: string; cleaned: boolean; analysed: boolean }>(
        `select relname, last_vacuum is not null as cleaned, last_analyze is not null as analysed
         from pg_stat_user_tables where relname in ('worn', 'calm') order by relname`,
      );
      return rows.map(({ relname, cleaned, analysed }) => [relname, cleaned, analysed]);
    };
    await pause(COUNTED_MS);
    await deps.db.query('select 1');
    await upkeep.look(deps);
    expect(await state()).toEqual([
      ['calm', false, false],
      ['worn', true, true],
    ]);
  });

  it('flushes only what is worth a flush', async (context) => {
    const { deps } = world.server;
    if (deps.db.engine !== 'pglite') return context.skip('others have a checkpointer');
    const redo = async () =>
      (await deps.db.query<{ at: string }>('select (pg_control_checkpoint()).redo_lsn::text as at')).rows[0]!.at;
    const before = await redo();
    await upkeep.look(deps);
    expect(await redo()).toBe(before);
    await deps.db.query(
      'create table wide as select repeat(md5(n::text), 60) as text from generate_series(1, 12000) n',
    );
    await upkeep.look(deps);
    expect(await redo()).not.toBe(before);
  });
});
