import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuard, type Guard } from '@firebreak/guard';
import { Exchange } from './exchange.ts';
import type { House } from './house.ts';
import type { GatewayGuard, GatewayOptions, Upstream } from './options.ts';
import { sendProblem } from './problem.ts';
import { createRecorder, type Recorder, type RecorderStats } from './recorder.ts';
import { openVendor, type Vendor } from './vendor.ts';

const BODY_LIMIT = 10 * 1024 * 1024;
const ANSWER_TIMEOUT_MS = 600_000;
const READY_MS = 2_000;
const SILENCE_TIMEOUT_MS = 120_000;

export interface GatewayStats {
  readonly requests: number;
  readonly running: number;
  readonly recorder: RecorderStats | null;
}

export interface Gateway {
  /** Where it listens, `http://127.0.0.1:7374`. */
  readonly url: string;
  stats(): GatewayStats;
  /** Stops listening, ends what runs, sends what is not recorded yet. */
  close(): Promise<void>;
}

const isGuard = (guard: GatewayOptions['guard']): guard is GatewayGuard => 'check' in guard;

/** Opens a gateway and listens. Throws TypeError for options that cannot work, and what `listen` throws. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const vendors = new Map<string, Vendor>();
  for (const [name, given] of Object.entries(options.upstreams)) {
    const upstream: Upstream = typeof given === 'string' ? { url: given } : given;
    vendors.set(
      name,
      openVendor(name, upstream, {
        answerMs: options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
        silenceMs: options.silenceTimeoutMs ?? SILENCE_TIMEOUT_MS,
      }),
    );
  }
  let own: Guard | undefined;
  if (!isGuard(options.guard)) {
    own = await createGuard({ system: '*', ...options.guard, kind: 'gateway' });
    // Without Firebreak the gateway opens all the same, and its boot fail mode decides.
    await own.ready(READY_MS).catch(() => undefined);
  }
  const recorder: Recorder | undefined =
    typeof options.record === 'object' ? createRecorder(options.record) : undefined;
  const house: House = {
    guard: own ?? (options.guard as GatewayGuard),
    vendors,
    record: typeof options.record === 'function' ? options.record : recorder?.record,
    system: options.system,
    bodyLimit: options.bodyLimit ?? BODY_LIMIT,
  };
  let requests = 0;
  const running = new Set<Exchange>();

  function handle(request: IncomingMessage, response: ServerResponse): void {
    requests += 1;
    const [, route = '', ...rest] = (request.url ?? '/').split('/');
    const vendor = vendors.get(route);
    if (vendor === undefined) {
      if (request.url === '/healthz') response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
      else sendProblem(response, 'gateway.unknown-route', `Use /${[...vendors.keys()].join('/v1/…, /')}/v1/… here.`);
      return;
    }
    const exchange = new Exchange(house, vendor, `/${rest.join('/')}`, request, response);
    running.add(exchange);
    response.once('close', () => running.delete(exchange));
    exchange.begin();
  }

  const server: Server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 120_000 }, handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? '127.0.0.1', resolve);
  });
  const { address, port, family } = server.address() as AddressInfo;

  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    stats: () => ({ requests, running: running.size, recorder: recorder?.stats() ?? null }),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const exchange of running) exchange.cut();
      server.closeAllConnections();
      await closed;
      own?.close();
      await recorder?.close();
      await Promise.all([...vendors.values()].map((vendor) => vendor.close()));
    },
  };
}
