import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@firebreak/client';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { firstLink, openServer, readConfig, slices } from '@firebreak/server';
import { build } from 'esbuild';
import { WebSocketServer } from 'ws';
import type { Measured, Task } from './fan-out-guards.ts';
import { type BenchRow, median, quantile } from './row.ts';

const GUARDS = 200;
const ROUNDS = 24;
const SHORT_ROUNDS = 12;
const WARM_UP = 4;
/** People do not click twice in the same breath: acknowledgements and reports of the last one settle meanwhile. */
const PAUSE_MS = 1_200;

/** A whole server on the embedded database, flushed to the disk at every commit, with its first administrator. */
async function openFirebreak() {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-bench-'));
  const config = readConfig({ FIREBREAK_DATA: folder, FIREBREAK_PORT: '0', FIREBREAK_LOG_LEVEL: 'error' });
  const server = await openServer(config, slices);
  const url = await server.listen();
  const welcomed = async (link: string, name: string) => {
    const email = `${name.toLowerCase()}@example.test`;
    const welcome = await fetch(`${url}${people.welcome.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: link.split('token=')[1], name, email, password: 'correct horse battery' }),
    });
    return createClient({ baseUrl: url, headers: { cookie: welcome.headers.getSetCookie()[0]!.split(';')[0]! } });
  };
  const admin = await welcomed((await firstLink(server.deps))!, 'Ana');
  const invited = await admin.call(people.invite, {
    body: { name: 'Ben', email: 'ben@example.test', roles: ['lead'] },
  });
  // Lifting takes another person than the one whose key orders.
  const second = await welcomed(invited.link, 'Ben');
  const keyOf = async (scope: 'guard' | 'respond') =>
    (await admin.call(people.createKey, { body: { name: scope, scopes: [scope] } })).secret;
  const features = Array.from({ length: ROUNDS }, (_, index) => ({
    key: `feature-${index}`,
    name: `Feature ${index}`,
  }));
  await admin.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'generative', features } });
  return {
    url,
    admin,
    async lift(incident: string) {
      const { holds } = await admin.call(containment.listHoldsOfIncident, { params: { incident } });
      for (const { hold } of holds)
        await second.call(containment.lift, { params: { incident, hold }, body: { reason: 'measured' } });
    },
    declare: async () => (await admin.call(incidents.declare, { body: { title: 'a bench' } })).incident.id,
    guardKey: await keyOf('guard'),
    respondKey: await keyOf('respond'),
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The bare thing beside it: one message in, the same bytes out to every socket, nothing kept. */
async function openBareFanOut() {
  const http = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      for (const socket of hub.clients) socket.send(MESSAGE);
      response.end();
    });
  });
  const hub = new WebSocketServer({ server: http, perMessageDeflate: false });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close() {
      for (const socket of hub.clients) socket.terminate();
      http.close();
    },
  };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
const MESSAGE = JSON.stringify({ type: 'delta', payload: 'x'.repeat(500) });

async function tell(child: ChildProcess, task: Task): Promise<Measured> {
  child.send(task);
  const [answer] = (await once(child, 'message')) as [Measured];
  return answer;
}

/** The guards as an application has them: compiled and bundled. */
async function bundledGuards(): Promise<{ readonly file: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-bench-'));
  const file = join(folder, 'guards.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./fan-out-guards.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface FanOut {
  /** Milliseconds from the click to the last guard that refuses, of an order that has worked here before. */
  readonly clicks: readonly number[];
  /** The same of orders that never have, which one instance tries first. */
  readonly firsts: readonly number[];
  readonly bares: readonly number[];
  /** Milliseconds from the commit to the last acknowledgement, of the orders that were confirmed. */
  readonly acknowledged: readonly number[];
  readonly orders: number;
}

/** Orders at so many guards, in another process, each beside a bare fan-out of the same size. */
export async function measureFanOut(guards: number, rounds: number): Promise<FanOut> {
  const firebreak = await openFirebreak();
  const bare = await openBareFanOut();
  const guardsBuilt = await bundledGuards();
  const child = fork(guardsBuilt.file, { execArgv: [] });
  try {
    const { url, guardKey, respondKey } = firebreak;
    await tell(child, { do: 'connect', guards, url, guardKey, respondKey, bareUrl: bare.url });
    const clicks: number[] = [];
    const firsts: number[] = [];
    const bares: number[] = [];
    for (let round = -WARM_UP; round < rounds; round += 1) {
      const incident = await firebreak.declare();
      await settled();
      const plain = await tell(child, { do: 'bare' });
      // The rounds that warm up are the first of their features; after them one and the same is ordered again.
      const feature = round < 0 ? round + WARM_UP : 0;
      const click = await tell(child, { do: 'click', incident, feature: `feature-${feature}` });
      await settled();
      await firebreak.lift(incident);
      if (round < 0) {
        firsts.push(click.ms);
        continue;
      }
      clicks.push(click.ms);
      bares.push(plain.ms);
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const { holds } = await firebreak.admin.call(containment.listHolds, { query: { state: 'any', limit: 500 } });
    const acknowledged = holds.flatMap(({ lastAckMs }) => (lastAckMs === null ? [] : [lastAckMs]));
    return { clicks, firsts, bares, acknowledged, orders: holds.length };
  } finally {
    child.kill();
    bare.close();
    await firebreak.close();
    await guardsBuilt.remove();
  }
}

/** From the click of a responder to the last of 200 guards, in another process, refusing the feature. */
export async function run({ short = false }: { readonly short?: boolean } = {}): Promise<BenchRow[]> {
  const { clicks, firsts, bares, acknowledged, orders } = await measureFanOut(GUARDS, short ? SHORT_ROUNDS : ROUNDS);
  return [
    {
      name: `click → last of ${GUARDS} guards enforcing, median`,
      value: median(clicks),
      unit: 'ms',
      bar: '≤ 30 ms',
      pass: median(clicks) <= 30,
      beside: [{ name: 'bare WebSocket fan-out of the same size', value: median(bares) }],
      note: 'evidence manifest, order and boards committed and flushed first; all guards in one other process',
    },
    {
      name: `click → last of ${GUARDS} guards enforcing, p90`,
      value: quantile(clicks, 0.9),
      unit: 'ms',
      beside: [{ name: 'bare, p90', value: quantile(bares, 0.9) }],
    },
    {
      name: `click → last of ${GUARDS} guards, an order tried for the first time, median`,
      value: median(firsts),
      unit: 'ms',
      note: 'one instance tries it first and says that it works',
    },
    {
      name: `order committed → all ${GUARDS} acknowledged, median`,
      value: median(acknowledged),
      unit: 'ms',
      bar: '≤ 80 ms',
      pass: median(acknowledged) <= 80,
      note: `${acknowledged.length} of ${orders} orders confirmed`,
    },
  ];
}
