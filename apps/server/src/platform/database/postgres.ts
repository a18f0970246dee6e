import pg from 'pg';
import { type Database, sqlOver } from './database.ts';

const INT8 = 20;
const CONNECTIONS = 12;

interface Asks {
  query(text: string, values: unknown[]): Promise<pg.QueryResult>;
}

/** One statement after the other, in the order asked: a connection takes no second one while it is busy. What fails stops none that follow. */
function inTurn(client: pg.PoolClient): Asks {
  let before: Promise<unknown> = Promise.resolve();
  return {
    query(text, values) {
      const asked = before.then(() => client.query(text, values));
      before = asked.catch(() => undefined);
      return asked;
    },
  };
}

/** PostgreSQL 15 or later by URL. Throws when it cannot be reached or is too old. */
export async function openPostgres(url: string): Promise<Database> {
  const types: pg.CustomTypesConfig = {
    getTypeParser: ((oid: number, format: 'text') =>
      oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    types,
    connectionTimeoutMillis: 10_000,
    application_name: 'firebreak',
  });
  // A connection that breaks while idle is replaced on the next use; one that breaks in the middle of a transaction, between two
  // statements, fails the next of them. Without somebody who listens, either would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const version = await pool.query<{ server_version_num: string }>('show server_version_num');
  if (Number(version.rows[0]!.server_version_num) < 150_000) {
    await pool.end();
    throw new Error('PostgreSQL 15 or later is needed');
  }
  const listeners: pg.Client[] = [];
  let closing = false;

  const over = (client: Asks) =>
    sqlOver(async (text, values) => {
      const { rows, rowCount } = await client.query(text, values as unknown[]);
      return { rows, count: rowCount ?? 0 };
    });

  async function connectListener(channel: string, heard: () => void): Promise<void> {
    const client = new pg.Client({ connectionString: url, application_name: 'firebreak-listen' });
    client.on('notification', heard);
    client.on('error', () => undefined);
    client.on('end', () => {
      if (!closing) setTimeout(() => connectListener(channel, heard).then(heard, () => undefined), 500).unref();
    });
    await client.connect();
    await client.query(`listen ${channel}`);
    listeners.push(client);
  }

  const pooled = over(pool);
  return {
    engine: 'postgresql',
    ...pooled,
    intake: pooled.query,
    alone: (text) => pooled.query(text).then(() => undefined),
    async transaction(work) {
      const client = await pool.connect();
      const turn = inTurn(client);
      let broken: Error | undefined;
      try {
        await turn.query('begin', []);
        const result = await work(over(turn));
        await turn.query('commit', []);
        return result;
      } catch (error) {
        // Behind whatever was asked beside what failed: none of it may come after the end.
        await turn.query('rollback', []).catch((failed: Error) => {
          broken = failed;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    listen: connectListener,
    async close() {
      closing = true;
      await Promise.all(listeners.map((client) => client.end()));
      await pool.end();
    },
  };
}
