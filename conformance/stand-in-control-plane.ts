import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Delta,
  deltaBetween,
  type HoldInForce,
  type Signed,
  type Snapshot,
} from '@firebreak/core/respond/containment';
import { type WebSocket, WebSocketServer } from 'ws';

export const STAND_IN_KEY = 'fbk_stand-in';

type Up = { readonly type: string; readonly [member: string]: unknown };

/** Speaks the guard's channel as the server does, holding whatever a test tells it to. */
export interface StandIn {
  readonly url: string;
  readonly publicKey: string;
  readonly keyId: string;
  /** Everything instances sent up, oldest first. */
  readonly heard: Up[];
  readonly sockets: ReadonlySet<WebSocket>;
  /** Puts exactly these holds in force and pushes the step to every socket. */
  hold(...holds: readonly HoldInForce[]): void;
  /** Signs any payload with the real key, or another one. */
  signed(payload: unknown, key?: KeyObject): Signed;
  send(message: object): void;
  snapshot(): Snapshot;
  /** What people have decided about reviews, by id; pending until they have. */
  readonly decisions: Map<string, object>;
  /** Refuses sockets, so that only polling is left. */
  refuseSockets: boolean;
  cut(): void;
  close(): Promise<void>;
}

function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  return { privateKey, raw, id: createHash('sha256').update(raw).digest('hex').slice(0, 16) };
}

export async function openStandIn(
  options: { readonly system?: string; readonly port?: number; readonly keys?: ReturnType<typeof keyPair> } = {},
): Promise<StandIn & { readonly keys: ReturnType<typeof keyPair> }> {
  const keys = options.keys ?? keyPair();
  const heard: Up[] = [];
  const decisions = new Map<string, object>();
  let reviews = 0;
  const sockets = new Set<WebSocket>();
  let state: Snapshot = { schema: 1, system: options.system ?? 'support-bot', generation: 1, epoch: 1, holds: [] };

  const signed = (payload: unknown, key: KeyObject = keys.privateKey): Signed => {
    const text = JSON.stringify(payload);
    return { payload: text, key: keys.id, signature: sign(null, Buffer.from(text), key).toString('base64') };
  };
  const send = (message: object) => {
    const text = JSON.stringify(message);
    for (const socket of sockets) socket.send(text);
  };

  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://stand-in');
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    if (pathname === '/api/v1/guard/keys') return answer(200, { keys: [{ key: keys.id, publicKey: keys.raw }] });
    if (request.headers.authorization !== `Bearer ${STAND_IN_KEY}`) return answer(401, { title: 'no' });
    if (pathname === '/api/v1/guard/snapshot') {
      const etag = `"${state.generation}-${state.epoch}"`;
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
      return answer(200, signed(state), { etag });
    }
    if (request.method === 'GET' && pathname.startsWith('/api/v1/guard/reviews/')) {
      const review = pathname.split('/').at(-1)!;
      // As the server does: an answer comes when there is one, or after a while.
      const began = performance.now();
      const look = () =>
        decisions.has(review) || performance.now() - began > 1_000
          ? answer(200, { review, state: 'pending', ...decisions.get(review) })
          : setTimeout(look, 5);
      return void look();
    }
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (pathname === '/api/v1/guard/reviews') {
        heard.push({ type: 'review', ...JSON.parse(body) });
        reviews += 1;
        return answer(201, { review: `rvw_${reviews}`, state: 'pending' });
      }
      heard.push({ type: 'http', ...JSON.parse(body || '{}') });
      answer(200, { generation: state.generation, epoch: state.epoch });
    });
  });

  const hub = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const refused = result.refuseSockets ? 503 : request.headers.authorization === `Bearer ${STAND_IN_KEY}` ? 0 : 401;
    if (refused !== 0)
      return void socket.end(`HTTP/1.1 ${refused} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    hub.handleUpgrade(request, socket, head, (opened) => {
      sockets.add(opened);
      opened.on('close', () => sockets.delete(opened));
      opened.on('message', (data) => {
        const message = JSON.parse(String(data)) as Up;
        heard.push(message);
        if (message.type === 'hello') opened.send(JSON.stringify({ type: 'snapshot', ...signed(state) }));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));

  const result = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publicKey: keys.raw,
    keyId: keys.id,
    keys,
    heard,
    sockets,
    decisions,
    refuseSockets: false,
    signed,
    send,
    snapshot: () => state,
    hold(...holds: readonly HoldInForce[]) {
      const before = state;
      state = { ...state, epoch: state.epoch + 1, holds };
      const delta: Delta = deltaBetween(before, state);
      send({ type: 'delta', ...signed(delta) });
    },
    cut() {
      for (const socket of sockets) socket.terminate();
    },
    async close() {
      this.cut();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return result;
}

/** Waits until something is so; throws with what was awaited after `ms`. */
export async function until(what: string, so: () => unknown, ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await so())) {
    if (performance.now() > end) throw new Error(`still not so after ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

let number = 0;
/** A hold for tests: `holdOf({ kind: 'disable', feature: 'answers' })`. */
export function holdOf(
  what: HoldInForce['what'] & Readonly<Record<string, unknown>>,
  over: Partial<HoldInForce> = {},
): HoldInForce {
  number += 1;
  return { hold: `hld_t${number}`, number, incident: 'inc_t1', system: 'support-bot', what, order: number, ...over };
}
