import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@firebreak/client';
import { people } from '@firebreak/contract/prepare/people';
import { addMs, type Id, type Instant, instant } from '@firebreak/core/kernel';
import type { Role, Scope } from '@firebreak/core/prepare/people';
import {
  type Database,
  firstLink,
  openPglite,
  openPostgres,
  openServer,
  readBoards,
  readConfig,
  rebuildBoards,
  type Server,
  type Slice,
  seal,
  slices,
  verifyLog,
} from '@firebreak/server';
import pino from 'pino';
import { databaseAt, templateDatabase, templateFile } from './template.ts';

export interface WorldOptions {
  /** Listens on a free port, with the real clock and a running ticker, for sockets and browsers. */
  readonly listen?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Slices beside those of the product, to try the platform by itself. */
  readonly beside?: readonly Slice[];
}

/** Somebody in the room, with a signed-in client. */
export interface Someone {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly client: Client;
  /** Value of the cookie header. */
  readonly cookie: string;
}

export interface World {
  readonly server: Server;
  readonly url: string;
  /** Address of its database; null: it is embedded, and nobody else can open it. */
  readonly databaseUrl: string | null;
  /** The first administrator. */
  readonly ana: Someone;
  now(): Instant;
  /** Moves the clock and lets everything that becomes due happen. `'90s'`, `'46h'`, `'3d'`. */
  advance(by: `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`): Promise<void>;
  /** Lets everything that is due now happen. */
  settle(): Promise<void>;
  person(name: string, roles: readonly [Role, ...Role[]]): Promise<Someone>;
  /** A program with an API key. */
  program(...scopes: [Scope, ...Scope[]]): Promise<Client & { readonly key: string }>;
  /** Sends a request as it is, past every typed client. */
  send(
    method: string,
    path: string,
    init?: { readonly headers?: Record<string, string>; readonly body?: string | Uint8Array },
  ): Promise<Response>;
  /** Ends the world: the log must verify and every board must come out the same when rebuilt. */
  close(): Promise<void>;
}

const UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PASSWORD = 'correct horse battery';

/** A whole server with a clock of its own, on a fresh database. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-world-'));
  const config = readConfig({
    FIREBREAK_DATA: folder,
    FIREBREAK_PORT: '0',
    FIREBREAK_GATEWAY_PORT: '0',
    FIREBREAK_LOG_LEVEL: 'error',
    FIREBREAK_DETECTOR_THREADS: '0',
    ...options.env,
  });
  const { db, drop, at: databaseUrl } = await freshDatabase();
  let clock = instant('2026-11-20T21:00:00.000Z');
  let minted = 0;
  const still = options.listen !== true;
  const server = await openServer(config, [...slices, ...(options.beside ?? [])], {
    db,
    log: pino({ level: process.env.FIREBREAK_TEST_LOG ?? 'error' }),
    ticking: !still,
    ...(still && {
      now: () => clock,
      mint: <K extends string>(kind: K): Id<K> => `${kind}_${String(++minted).padStart(12, '0')}`,
    }),
  });
  const url = still ? 'http://firebreak.test' : await server.listen();

  const send: World['send'] = async (method, path, init = {}) => {
    if (!still)
      return fetch(`${url}${path}`, {
        method,
        ...(init.headers && { headers: init.headers }),
        ...(init.body !== undefined && { body: init.body as BodyInit }),
      });
    const answer = await server.app.inject({
      method: method as 'GET',
      url: path,
      headers: { ...init.headers },
      ...(init.body !== undefined && { payload: typeof init.body === 'string' ? init.body : Buffer.from(init.body) }),
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers))
      for (const one of [value].flat()) if (one !== undefined) headers.append(name, String(one));
    return new Response([204, 304].includes(answer.statusCode) ? null : new Uint8Array(answer.rawPayload), {
      status: answer.statusCode,
      headers,
    });
  };
  const fetchHere: typeof fetch = async (input, init = {}) => {
    const { pathname, search } = new URL(String(input));
    return send(init.method ?? 'GET', pathname + search, {
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.body != null && { body: init.body as string }),
    });
  };
  const clientWith = (headers: Record<string, string>) =>
    createClient({ baseUrl: url, headers, ...(still && { fetch: fetchHere }) });

  async function welcome(link: string, name: string): Promise<Someone> {
    const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.test`;
    const answer = await send('POST', people.welcome.path, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: link.split('token=')[1], name, email, password: PASSWORD }),
    });
    if (answer.status !== 201) throw new Error(`${name} was not let in: ${await answer.text()}`);
    const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
    return { id: (await answer.json()).id, name, email, password: PASSWORD, cookie, client: clientWith({ cookie }) };
  }

  const settle = async () => {
    await server.ticker.tickToTheEnd();
    await server.deps.feed.settled();
  };
  const ana = await welcome((await firstLink(server.deps))!, 'Ana Nkemelu');

  return {
    server,
    url,
    databaseUrl,
    ana,
    now: server.deps.now,
    send,
    settle,
    async advance(by) {
      const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(by)!;
      if (!still) throw new Error('a listening world lives in real time');
      clock = addMs(clock, Number(count) * UNIT[unit as keyof typeof UNIT]);
      await settle();
    },
    async person(name, roles) {
      const { link } = await ana.client.call(people.invite, {
        body: { name, email: `${name.toLowerCase().replaceAll(' ', '.')}@example.test`, roles: [...roles] },
      });
      return welcome(link, name);
    },
    async program(...scopes) {
      const { secret } = await ana.client.call(people.createKey, {
        body: { name: `program ${scopes.join(' ')}`, scopes },
      });
      return { ...clientWith({ authorization: `Bearer ${secret}` }), key: secret };
    },
    async close() {
      try {
        if (still) await settle();
        else await server.ticker.stop();
        await seal(server.deps);
        const check = await verifyLog(server.deps);
        if (!check.intact) throw new Error(`the log does not verify: ${check.findings.join('; ')}`);
        const { before, after } = await rebuiltAtRest(server.deps);
        for (const table of Object.keys(before))
          if (JSON.stringify(before[table]) !== JSON.stringify(after[table]))
            throw new Error(
              `${table} comes out differently when rebuilt:\n${before[table]!.join('\n')}\n--- rebuilt\n${after[table]!.join('\n')}`,
            );
      } finally {
        await server.close();
        await drop();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The boards before and after they are made anew, with no fact in between: an answer of a guard may still be under way. */
async function rebuiltAtRest(deps: World['server']['deps']) {
  const head = async () => (await deps.db.query<{ seq: number }>('select seq from log_head')).rows[0]?.seq ?? 0;
  for (let tries = 0; ; tries++) {
    const seq = await head();
    const before = await readBoards(deps);
    const upTo = await rebuildBoards(deps);
    const after = await readBoards(deps);
    if ((upTo === seq && (await head()) === seq) || tries >= 9) return { before, after };
  }
}

async function freshDatabase(): Promise<{ db: Database; drop: () => Promise<void>; at: string | null }> {
  const url = process.env.FIREBREAK_TEST_DATABASE_URL;
  if (!url) {
    const db = await openPglite({ template: templateFile(), durable: false });
    return { db, drop: async () => undefined, at: null };
  }
  const name = `fb_world_${randomBytes(6).toString('hex')}`;
  const root = await openPostgres(url);
  await root.query(`create database ${name} template ${templateDatabase()}`);
  const at = databaseAt(url, name);
  return {
    db: await openPostgres(at),
    at,
    async drop() {
      await root.query(`drop database ${name} with (force)`);
      await root.close();
    },
  };
}
