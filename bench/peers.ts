import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPostgres } from '@firebreak/server';
import { holdOf, openStandIn } from '../conformance/stand-in-control-plane.ts';
import { openStandInVendor } from '../conformance/stand-in-vendor.ts';
import { measureFanOut } from './fan-out.ts';
import { answerOf, CHAT_HEADERS, firstEvent, load, start, startGateway } from './gateway.ts';
import { type BenchRow, median, quantile } from './row.ts';
import { onPostgres } from './server.ts';

/** Fetched when they are first asked for, and kept out of what anybody installs. */
const PEERS = ['@portkey-ai/gateway@1.15.2', 'unleash-server@7.5.1', 'unleash-client@6.12.1'];
const FOLDER = fileURLToPath(new URL('../node_modules/.cache/firebreak/peers', import.meta.url));
const CONNECTIONS = 32;
const SECONDS = 3;
const STREAMS = 40;
const GUARDS = 1_000;
const CLIENTS = 100;
const TICKS_PER_SECOND = 100;

function fetchPeers(): void {
  mkdirSync(FOLDER, { recursive: true });
  if (PEERS.every((peer) => existsSync(join(FOLDER, 'node_modules', peer.slice(0, peer.lastIndexOf('@')))))) return;
  console.log('fetching the peers from the registry, once …');
  const { status } = spawnSync(
    'npm',
    ['install', '--prefix', FOLDER, '--no-audit', '--no-fund', '--silent', ...PEERS],
    {
      stdio: 'inherit',
    },
  );
  if (status !== 0) throw new Error('the peers could not be fetched');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: string, headers: Record<string, string> = {}): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const ok = await fetch(url, { headers }).then(
      (response) => response.status < 500,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}

/** User and system time of a process, microseconds, from the accounting of Linux. */
function cpuOf(child: ChildProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6;
}

interface Costs {
  readonly cpu: number;
  readonly perSecond: number;
  readonly first: number;
}
async function costsOf(child: ChildProcess, url: string, headers: Record<string, string>): Promise<Costs> {
  await load(url, CONNECTIONS, 2, headers);
  const cpu: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const before = cpuOf(child);
    const loaded = await load(url, CONNECTIONS, SECONDS, headers);
    cpu.push((cpuOf(child) - before) / loaded.total);
    rates.push(loaded.perSecond);
  }
  const first: number[] = [];
  for (let count = 0; count < STREAMS; count += 1) {
    // A peer whose streams break is measured without them.
    const ms = await firstEvent(url, headers).catch(() => Number.NaN);
    if (!Number.isNaN(ms)) first.push(ms);
  }
  return { cpu: median(cpu), perSecond: median(rates), first: first.length === 0 ? Number.NaN : median(first) };
}

async function gateways(): Promise<BenchRow[]> {
  const control = await openStandIn({ system: '*' });
  control.hold(holdOf({ kind: 'disable', feature: 'refunds' }));
  const vendor = start('./gateway-vendor.ts');
  const endless = await openStandInVendor('endless');
  const ours = await startGateway();
  let portkey: ChildProcess | undefined;
  try {
    const { url: vendorUrl } = await answerOf<{ url: string }>(vendor);
    const task = { controlUrl: control.url, vendorUrl, endlessUrl: endless.url };
    const { url } = await answerOf<{ url: string }>(ours, task);
    const port = await freePort();
    portkey = spawn(
      process.execPath,
      [join(FOLDER, 'node_modules/@portkey-ai/gateway/build/start-server.js'), `--port=${port}`, '--headless'],
      { stdio: 'ignore' },
    );
    await answers(`http://127.0.0.1:${port}/`);
    const asPortkey = {
      'content-type': 'application/json',
      authorization: 'Bearer sk-bench',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${vendorUrl}/v1`,
    };
    const mine = await costsOf(ours, `${url}/openai`, CHAT_HEADERS);
    const theirs = await costsOf(portkey, `http://127.0.0.1:${port}`, asPortkey);
    const share = theirs.cpu / mine.cpu;
    return [
      {
        name: 'gateway CPU per chat completion, beside Portkey 1.15.2',
        value: mine.cpu,
        unit: 'µs',
        bar: '≤ 1/8 of Portkey',
        pass: share >= 8,
        beside: [{ name: 'Portkey', value: theirs.cpu }],
        note: `${share.toFixed(1)} times less, judging and recording included`,
      },
      {
        name: 'gateway throughput, beside Portkey',
        value: mine.perSecond,
        unit: 'requests/s',
        beside: [{ name: 'Portkey', value: theirs.perSecond }],
      },
      {
        name: 'first event of a stream, beside Portkey',
        value: mine.first,
        unit: 'ms',
        beside: [{ name: 'Portkey', value: theirs.first }],
        ...(Number.isNaN(theirs.first) && { note: 'its streams break on this version of Node' }),
      },
    ];
  } finally {
    portkey?.kill();
    ours.kill();
    vendor.kill();
    await endless.close();
    await control.close();
  }
}

const ADMIN = '*:*.bench-admin-of-this-run';
const CLIENT = 'default:development.bench-client-of-this-run';

/** A kill switch of Unleash, from the call that turns it off to the last SDK that says so, as installed. */
async function unleash(databaseUrl: string, toggles: number): Promise<BenchRow[]> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(process.execPath, [join(FOLDER, 'node_modules/unleash-server/dist/server.js')], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      DATABASE_URL: databaseUrl,
      DATABASE_SSL: 'false',
      PORT: String(port),
      LOG_LEVEL: 'fatal',
      CHECK_VERSION: 'false',
      INIT_ADMIN_API_TOKENS: ADMIN,
      INIT_CLIENT_API_TOKENS: CLIENT,
      INIT_BACKEND_API_TOKENS: CLIENT,
    },
  });
  const clients = fork(fileURLToPath(new URL('./peers-unleash-clients.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  try {
    await answers(`${url}/health`);
    const admin = async (method: string, path: string, body?: object): Promise<void> => {
      const response = await fetch(`${url}/api/admin/projects/default/features${path}`, {
        method,
        headers: { authorization: ADMIN, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`Unleash answered ${response.status}: ${await response.text()}`);
    };
    await admin('POST', '', { name: 'answers', type: 'kill-switch' });
    const environment = '/answers/environments/development';
    await admin('POST', `${environment}/strategies`, { name: 'default', constraints: [], parameters: {} });
    const tell = async (task: object): Promise<number> => {
      clients.send(task);
      return ((await once(clients, 'message'))[0] as { ms: number }).ms;
    };
    await admin('POST', `${environment}/on`);
    await tell({ do: 'connect', folder: FOLDER, url: `${url}/api`, token: CLIENT, clients: CLIENTS });
    const took: number[] = [];
    for (let round = 0; round < toggles; round += 1) {
      took.push(
        await tell({
          do: 'off',
          address: `${url}/api/admin/projects/default/features${environment}/off`,
          token: ADMIN,
        }),
      );
      await admin('POST', `${environment}/on`);
      await tell({ do: 'wait-on' });
    }
    return [
      {
        name: `Unleash 7.5.1, kill switch → last of ${CLIENTS} Node SDKs, median`,
        value: median(took),
        unit: 'ms',
        note: `asked every 15 s, as its SDK does unless told otherwise; ${took.length} times`,
      },
    ];
  } finally {
    clients.kill();
    server.kill();
  }
}

/** What the bars of containment are measured beside: the same things done by others, in the same run. Fetches them from the registry. */
export async function run({ short = false }: { readonly short?: boolean } = {}): Promise<BenchRow[]> {
  fetchPeers();
  const { clicks, bares, acknowledged } = await measureFanOut(GUARDS, short ? 6 : 20);
  const against = median(clicks) / median(bares);
  return [
    {
      name: `click → last of ${GUARDS.toLocaleString('en')} guards enforcing, median`,
      value: median(clicks),
      unit: 'ms',
      bar: '≤ 60 ms, p90 ≤ 150 ms',
      pass: median(clicks) <= 60 && quantile(clicks, 0.9) <= 150,
      beside: [{ name: 'bare WebSocket fan-out', value: median(bares) }],
      note: `p90 ${quantile(clicks, 0.9).toFixed(1)} ms; ${against.toFixed(1)} times the bare fan-out`,
    },
    {
      name: `order committed → all ${GUARDS.toLocaleString('en')} acknowledged, median`,
      value: median(acknowledged),
      unit: 'ms',
      bar: '≤ 80 ms',
      pass: median(acknowledged) <= 80,
    },
    ...(await onPostgres('Unleash, kill switch', async (url) => {
      const db = await openPostgres(url);
      await db.close();
      return unleash(url, short ? 1 : 3);
    })),
    ...(await gateways()),
  ];
}
