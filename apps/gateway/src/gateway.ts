import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuard, type Guard } from '@firebreak/guard';
import { adapterAt } from './adapters.ts';
import { Clients } from './clients.ts';
import { Exchange } from './exchange.ts';
import { openFrontDoor } from './front-door.ts';
import { buildHouse, type House } from './house.ts';
import { type McpGuard, openMcp } from './mcp/index.ts';
import { metricsText } from './metrics.ts';
import type { GatewayGuard, GatewayOptions, Setup } from './options.ts';
import { sendProblem } from './problem.ts';
import { createRecorder, type Recorder, type RecorderStats } from './recorder.ts';
import { type GatewayReport, openReports, type Reports } from './reports.ts';

const READY_MS = 2_000;
const HEADER_BYTES = 16 * 1024;
/** How often running requests are looked at for having taken too long. */
const LOOK_MS = 1_000;

export interface GatewayStats {
  readonly requests: number;
  readonly refused: number;
  readonly running: number;
  readonly recorder: RecorderStats | null;
}

export interface Gateway {
  /** Where it listens, `http://127.0.0.1:7374`. */
  readonly url: string;
  stats(): GatewayStats;
  /** What Firebreak is told: routes, upstreams with their health, the names of credentials. */
  report(): GatewayReport;
  /** Works by another setup from the next request on. Throws TypeError for one that cannot work; the old one stays. */
  reload(setup: Setup): void;
  /** For people who look at the gateway: why the newest configuration was not taken. Null: it was. */
  refused(why: string): void;
  /** Stops listening, ends what runs, sends what is not recorded yet. */
  close(): Promise<void>;
}

const isGuard = (guard: GatewayOptions['guard']): guard is GatewayGuard => 'admit' in guard;

/** Opens a gateway and listens. Throws TypeError for options that cannot work, and what `listen` throws. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  let own: Guard | undefined;
  const door = openFrontDoor({ url: () => url, house: () => house, mcp: () => mcp });
  if (!isGuard(options.guard)) {
    own = await createGuard({ system: '*', ...options.guard, kind: 'gateway', atTheDoor: door.ask });
    // Without Firebreak the gateway opens all the same, and its boot fail mode decides.
    await own.ready(READY_MS).catch(() => undefined);
  }
  const recorder: Recorder | undefined =
    typeof options.record === 'object' ? createRecorder(options.record) : undefined;
  const clients = new Clients();
  const settled: { writeDown(): void }[] = [];
  const parts: Pick<House, 'guard' | 'clients' | 'record' | 'over' | 'doorWord'> = {
    doorWord: door.word,
    guard: own ?? (options.guard as GatewayGuard),
    clients,
    record: typeof options.record === 'function' ? options.record : recorder?.record,
    over(exchange) {
      if (settled.push(exchange) === 1) setImmediate(() => writeDown(settled.splice(0)));
    },
  };
  let house: House;
  try {
    house = buildHouse(options, parts);
  } catch (error) {
    own?.close();
    throw error;
  }
  clients.configure(options.clients ?? []);
  const mcp =
    options.mcp === undefined
      ? undefined
      : await openMcp(options.mcp, {
          guard: parts.guard as McpGuard,
          record: parts.record,
          system: options.system,
          doorWord: door.word,
        });
  let requests = 0;
  let refused = 0;
  let loadedAt = new Date().toISOString();
  let fault: string | null = null;
  const running = new Set<Exchange>();

  function routeIn(url: string): { readonly name: string; readonly path: string } {
    const start = url.startsWith('/any/') ? 5 : 1;
    const end = url.indexOf('/', start);
    if (end === -1) return { name: url.slice(start), path: '/' };
    return { name: url.slice(start, end), path: url.slice(end) };
  }

  function handle(request: IncomingMessage, response: ServerResponse) {
    const url = request.url ?? '/';
    const { name, path } = routeIn(url);
    const route = house.routes.get(name);
    if (name === 'mcp' && mcp !== undefined && route === undefined) return mcp.handle(path, request, response);
    if (route === undefined) return itself(url, request, response);
    requests += 1;
    if (running.size >= house.limits.concurrent) {
      refused += 1;
      request.resume();
      const why = `This gateway serves ${house.limits.concurrent} requests at a time. Try again in a moment.`;
      sendProblem(response, 'gateway.busy', why, route.shape, { 'retry-after': '1' });
      return;
    }
    const exchange = new Exchange(house, route, path, request, response);
    running.add(exchange);
    response.once('close', () => {
      running.delete(exchange);
      exchange.leave();
    });
    exchange.begin();
  }

  /** Doors of the gateway itself. */
  function itself(url: string, request: IncomingMessage, response: ServerResponse): void {
    const json = (value: unknown) => {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(value));
    };
    if (url === '/healthz') response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    else if (url === '/metrics')
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metricsText(report(), parts.guard));
    else if (url === '/gateway/health') {
      const upstreams = report().upstreams.map(({ name, provider, state, outForMs, failures }) => {
        return { name, provider, state, outForMs, failures };
      });
      json({ routes: report().routes.map(({ name, upstreams }) => ({ name, upstreams })), upstreams });
    } else {
      const adapter = adapterAt(url, house);
      if (adapter !== undefined) {
        requests += 1;
        adapter(request, response);
        return;
      }
      request.resume();
      const names = [...house.routes.keys()].join('/…, /');
      sendProblem(response, 'gateway.unknown-route', `Use /${names}/… here, or /any/{route}/….`);
    }
  }

  const maxHeaderSize = options.headerBytes ?? HEADER_BYTES;
  const server: Server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 120_000, maxHeaderSize }, handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? '127.0.0.1', resolve);
  }).catch((error) => {
    own?.close();
    throw error;
  });
  const { address, port, family } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  const startedAt = new Date().toISOString();

  const look = setInterval(() => {
    const limit = performance.now() - house.limits.requestMs;
    for (const exchange of running) if (exchange.startedAt < limit) exchange.expire();
  }, LOOK_MS);
  look.unref();

  function report(): GatewayReport {
    const vendors = [...house.vendors.values()];
    const lastUsed = (name: string) => {
      const at = clients.lastUsed.get(name);
      return at === undefined ? null : new Date(at).toISOString();
    };
    return {
      instance: parts.guard.instance,
      address: url,
      startedAt,
      source: options.source ?? 'options',
      loadedAt,
      fault,
      requests,
      refused,
      running: running.size,
      routes: [...house.routes.values()].slice(0, 200).map((route) => ({
        name: route.name,
        shape: route.shape,
        upstreams: route.vendors.map(({ name }) => name),
        system: route.system ?? null,
        feature: route.feature ?? null,
        clients: route.knownOnly ? ('known' as const) : ('open' as const),
        record: parts.record === undefined ? ('nothing' as const) : route.record,
      })),
      upstreams: vendors.map((vendor) => vendor.report()),
      clients: clients.names.slice(0, 500).map((name) => ({ name, lastUsedAt: lastUsed(name) })),
      adapters: Object.keys(house.adapters),
      recorder: recorder?.stats() ?? null,
    };
  }

  const reports: Reports | undefined =
    options.firebreak === undefined ? undefined : await openReports(options.firebreak, clients, report);

  return {
    url,
    stats: () => ({
      requests,
      refused,
      running: running.size + (mcp?.running ?? 0),
      recorder: recorder?.stats() ?? null,
    }),
    report,
    reload(setup) {
      const before = house;
      house = buildHouse(setup, parts, before);
      clients.configure(setup.clients ?? []);
      loadedAt = new Date().toISOString();
      fault = null;
      for (const [name, vendor] of before.vendors)
        if (house.vendors.get(name) !== vendor) void vendor.close(before.limits.requestMs);
      reports?.soon();
    },
    refused(why) {
      fault = why;
      reports?.soon();
    },
    async close() {
      clearInterval(look);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const exchange of running) exchange.cut();
      await mcp?.close();
      server.closeAllConnections();
      await closed;
      await reports?.close();
      own?.close();
      writeDown(settled.splice(0));
      await recorder?.close();
      await Promise.all([...house.vendors.values()].map((vendor) => vendor.close()));
    },
  };
}

/** One that cannot be read takes nobody else's record with it. */
function writeDown(exchanges: readonly { writeDown(): void }[]): void {
  for (const exchange of exchanges) {
    try {
      exchange.writeDown();
    } catch {
      // What passed has passed; its record is lost.
    }
  }
}
