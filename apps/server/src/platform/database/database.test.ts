import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderInUse, lockFolder, openPglite, openPostgres } from './index.ts';
import { statementsOf } from './migrate.ts';

const folder = () => mkdtemp(join(tmpdir(), 'firebreak-db-'));

describe('the embedded database', () => {
  it('flushes every commit to the disk, and none when told not to', async () => {
    const dataDir = await folder();
    const db = await openPglite({ dataDir: join(dataDir, 'db'), durable: true });
    await db.query('create table t (n int)');
    expect((await db.query<{ fsync: string }>('show fsync')).rows).toEqual([{ fsync: 'on' }]);
    const before = await db.syncs();
    for (let n = 0; n < 20; n++) await db.transaction((tx) => tx.query('insert into t values ($1)', [n]));
    expect((await db.syncs()) - before).toBeGreaterThanOrEqual(20);
    await db.close();
    await rm(dataDir, { recursive: true });
  });

  it('undoes a transaction that throws, and serves acts before bulk work', async () => {
    const db = await openPglite({ durable: false });
    await db.query('create table t (n int)');
    await expect(
      db.transaction(async (tx) => {
        await tx.query('insert into t values (1)');
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect((await db.query('select * from t')).count).toBe(0);
    const order: string[] = [];
    const slow = db.transaction((tx) => tx.query('select pg_sleep(0.05)'), 'bulk');
    const bulk = db.transaction(async () => void order.push('bulk'), 'bulk');
    const intake = db.transaction(async () => void order.push('intake'), 'intake');
    const act = db.transaction(async () => void order.push('act'), 'act');
    await Promise.all([slow, bulk, intake, act]);
    expect(order).toEqual(['act', 'intake', 'bulk']);
    await db.close();
  });

  it('lets bulk work have its turn between many acts, and between many intakes', async () => {
    const db = await openPglite({ durable: false });
    for (const [lane, inARow] of [['act', 100] as const, ['intake', 16] as const]) {
      const order: string[] = [];
      const all = Array.from({ length: 220 }, () => db.transaction(async () => void order.push(lane), lane));
      const bulk = [1, 2].map(() => db.transaction(async () => void order.push('bulk'), 'bulk'));
      await Promise.all([...all, ...bulk]);
      const [first, second] = order.flatMap((each, at) => (each === 'bulk' ? [at] : []));
      expect(first, lane).toBeLessThanOrEqual(inARow + 1);
      expect(second! - first!, lane).toBeLessThanOrEqual(inARow + 1);
    }
    await db.close();
  });

  it('lets the next intake go before bulk work that waits already, and that not for long', async () => {
    const db = await openPglite({ durable: false });
    const order: string[] = [];
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const intake = () => db.transaction(async () => void order.push('intake'), 'intake');
    await intake();
    const bulk = db.transaction(async () => void order.push('bulk'), 'bulk');
    await pause(5);
    await intake();
    await bulk;
    expect(order).toEqual(['intake', 'intake', 'bulk']);
    // A sender who never stops does not hold it up for ever.
    let done = false;
    const later = db.transaction(async () => {
      done = true;
    }, 'bulk');
    for (let n = 0; !done && n < 3_000; n++) {
      await intake();
      await pause(1);
    }
    expect(done).toBe(true);
    await later;
    await db.close();
  });

  it('lets bulk work that is ready follow at once, when some had its turn', async () => {
    const db = await openPglite({ durable: false });
    let intakes = 0;
    let going = true;
    const sender = (async () => {
      for (; going; intakes++) {
        await db.transaction(async () => undefined, 'intake');
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    const between: number[] = [];
    for (let n = 0; n < 5; n++) {
      await db.transaction(async () => undefined, 'bulk');
      const before = intakes;
      await db.transaction(async () => undefined, 'bulk');
      between.push(intakes - before);
    }
    going = false;
    await sender;
    // A slow machine may spend the moment elsewhere, but not each time.
    expect(Math.min(...between)).toBeLessThan(5);
    await db.close();
  });

  it('does not let bulk work starve while one act follows the other', async () => {
    const db = await openPglite({ durable: false });
    let done = false;
    let acts = 0;
    const one = async (): Promise<void> => {
      for (; !done && acts < 2_000; acts += 1) await db.query('select 1');
    };
    const chatter = Promise.all([one(), one(), one()]);
    await db.transaction(async () => {
      done = true;
    }, 'bulk');
    await chatter;
    expect(acts).toBeLessThan(1_000);
    await db.close();
  });

  it('refuses to wait for its own transaction for ever', async () => {
    const db = await openPglite({ durable: false });
    await expect(db.transaction(async () => db.query('select 1'))).rejects.toThrow(/ask the transaction/);
    await expect(db.query('select 1 as n')).resolves.toMatchObject({ rows: [{ n: 1 }] });
    await db.close();
  });

  it('is opened by one process: the second is told which', async () => {
    const path = await folder();
    const unlock = await lockFolder(path);
    await expect(lockFolder(path)).rejects.toThrow(FolderInUse);
    await expect(lockFolder(path)).rejects.toThrow(`in use by process ${process.pid}`);
    await unlock();
    await (await lockFolder(path))();
    await rm(path, { recursive: true });
  });

  it('splits migrations at the ends of statements, not inside a body', () => {
    expect(
      statementsOf(
        '-- a comment\ncreate table t (\n  a text\n);\ncreate function f() returns trigger language plpgsql as $$\nbegin\n  return null;\nend $$;\nselect 1',
      ),
    ).toHaveLength(3);
  });
});

const POSTGRES = process.env.FIREBREAK_TEST_DATABASE_URL;
describe.runIf(POSTGRES)('PostgreSQL', () => {
  it('asks what a transaction asks at once in that order, and nothing of it after its end', async () => {
    const db = await openPostgres(POSTGRES!);
    const table = `asked_at_once_${process.pid}`;
    const warned: string[] = [];
    const hear = ({ message }: Error) => void warned.push(message);
    process.on('warning', hear);
    await db.query(`create table ${table} (n serial, said text)`);
    try {
      await db.transaction((tx) =>
        Promise.all(['a', 'b', 'c'].map((said) => tx.query(`insert into ${table} (said) values ($1)`, [said]))),
      );
      const broken = db.transaction((tx) =>
        Promise.all([tx.query('select 1/0'), tx.query(`insert into ${table} (said) values ('late')`)]),
      );
      await expect(broken).rejects.toThrow('division by zero');
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { rows } = await db.query<{ said: string }>(`select said from ${table} order by n`);
      expect(rows.map(({ said }) => said)).toEqual(['a', 'b', 'c']);
      expect(warned.filter((message) => message.includes('already executing'))).toEqual([]);
    } finally {
      process.off('warning', hear);
      await db.query(`drop table ${table}`);
      await db.close();
    }
  });
});
