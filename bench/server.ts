import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@firebreak/client';
import { people } from '@firebreak/contract/prepare/people';
import { firstLink, openPostgres, openServer, readConfig, type Server, slices } from '@firebreak/server';
import type { BenchRow } from './row.ts';

const POSTGRES = process.env.FIREBREAK_BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export interface BenchServer {
  readonly server: Server;
  readonly url: string;
  readonly admin: Client;
  /** An API key that may send anything and read. */
  readonly key: string;
  close(): Promise<void>;
}

/** A whole server on a fresh database, its first administrator signed in. */
export async function openBenchServer(env: Readonly<Record<string, string>> = {}): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-bench-'));
  const server = await openServer(
    readConfig({ FIREBREAK_DATA: folder, FIREBREAK_PORT: '0', FIREBREAK_LOG_LEVEL: 'error', ...env }),
    slices,
  );
  const url = await server.listen();
  const welcome = await fetch(`${url}${people.welcome.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token: (await firstLink(server.deps))!.split('token=')[1],
      name: 'Bench',
      email: 'bench@example.test',
      password: 'correct horse battery',
    }),
  });
  const admin = createClient({ baseUrl: url, headers: { cookie: welcome.headers.getSetCookie()[0]!.split(';')[0]! } });
  const { secret: key } = await admin.call(people.createKey, {
    body: { name: 'bench', scopes: ['telemetry:write', 'signals:write', 'feedback:write', 'read'] },
  });
  return {
    server,
    url,
    admin,
    key,
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Measures on a fresh database of a PostgreSQL server; one row that says so where there is none. */
export async function onPostgres(name: string, measure: (url: string) => Promise<BenchRow[]>): Promise<BenchRow[]> {
  const root = await openPostgres(POSTGRES).catch(() => null);
  if (root === null)
    return [{ name, value: Number.NaN, unit: '', note: 'no PostgreSQL here: set FIREBREAK_BENCH_DATABASE_URL' }];
  const database = `fb_bench_${process.pid}_${Date.now()}`;
  await root.query(`create database ${database}`);
  try {
    const address = new URL(POSTGRES);
    address.pathname = `/${database}`;
    return await measure(address.href);
  } finally {
    await root.query(`drop database ${database} with (force)`);
    await root.close();
  }
}
