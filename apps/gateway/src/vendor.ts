import { type Dispatcher, Pool } from 'undici';
import type { Upstream } from './options.ts';

const CONNECTIONS = 256;
const CONNECT_MS = 10_000;

/** One upstream and its pool of connections. */
export interface Vendor {
  readonly name: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  dispatch(
    request: {
      readonly method: string;
      readonly path: string;
      readonly headers: string[];
      readonly body: Buffer | null;
    },
    handler: Dispatcher.DispatchHandler,
  ): void;
  close(): Promise<void>;
}

export function openVendor(
  name: string,
  upstream: Upstream,
  limits: { readonly answerMs: number; readonly silenceMs: number },
): Vendor {
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(name)) throw new TypeError(`createGateway: "${name}" cannot name an upstream`);
  if (!URL.canParse(upstream.url)) throw new TypeError(`createGateway: the address of upstream ${name} is no URL`);
  const { origin, pathname } = new URL(upstream.url);
  const prefix = pathname.replace(/\/$/, '');
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    connect: { timeout: CONNECT_MS },
    headersTimeout: limits.answerMs,
    bodyTimeout: limits.silenceMs,
  });
  return {
    name,
    headers: Object.fromEntries(
      Object.entries(upstream.headers ?? {}).map(([header, value]) => [header.toLowerCase(), value]),
    ),
    dispatch({ method, path, headers, body }, handler) {
      pool.dispatch({ method: method as Dispatcher.HttpMethod, path: `${prefix}${path}`, headers, body }, handler);
    },
    close: () => pool.destroy(),
  };
}
