import { lookup } from 'node:dns/promises';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { type Instant, toMs } from '@firebreak/core/kernel';
import type { Deps } from './slice.ts';

const TIMEOUT_MS = 10_000;

/** Addresses nobody outside answers at: of this machine, of networks behind it, of groups, and reserved ones (IANA special-purpose registries). */
const PRIVATE: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
];

function listOf(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of ranges) list.addSubnet(address, bits, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return list;
}
const privately = listOf(PRIVATE);
const holds = (list: BlockList, address: string): boolean => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
};

/** Nothing was sent, and why: a sentence for whoever wired it. */
export class OutboundRefused extends Error {
  override name = 'OutboundRefused';
}

interface Found {
  readonly address: string;
  readonly family: number;
}

/** One address of the host that may be reached; refuses where any of them is private and not allowed, so that a name cannot hide one. */
async function reachable(host: string, allowed: BlockList): Promise<Found> {
  const bare = host.replace(/^\[|\]$/g, '');
  const family = isIP(bare);
  const found = family === 0 ? await lookup(bare, { all: true, verbatim: true }) : [{ address: bare, family }];
  const first = found[0];
  if (first === undefined) throw new OutboundRefused(`${host} has no address.`);
  const hidden = found.find(({ address }) => holds(privately, address) && !holds(allowed, address));
  if (hidden !== undefined)
    throw new OutboundRefused(
      `${host} is ${hidden.address}, an address of a private network. If it is meant, allow its range with FIREBREAK_OUTBOUND_PRIVATE, for example ${hidden.address}/${isIP(hidden.address) === 6 ? 128 : 32}.`,
    );
  return first;
}

/** What an address answered. */
export interface Fetched {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FetchLimits {
  /** For everything together: every redirect, every byte. */
  readonly timeoutMs: number;
  /** Bytes on the wire, and as many times four once decompressed. */
  readonly mostBytes: number;
  readonly redirects: number;
}

export interface Outbound {
  /** Throws OutboundRefused where the address may not be reached; a name that cannot be resolved now may be later, and passes. */
  check(url: string): Promise<void>;
  /** Posts and answers the status. Follows nothing, waits ten seconds, reads no body. Throws where there was no answer. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number>;
  /**
   * Gets what stands there, over http(s) and never further than the limits; every address on the way is judged anew.
   * Throws OutboundRefused where it may not go on, and Error with a sentence where there was no whole answer.
   */
  get(url: string, headers: Readonly<Record<string, string>>, limits: FetchLimits): Promise<Fetched>;
  /**
   * Posts and reads the answer, never further than the limits. Redirects are not followed: a body with a secret goes
   * where it was meant to go, or nowhere. Throws as `get` does.
   */
  ask(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    limits: Omit<FetchLimits, 'redirects'>,
  ): Promise<Fetched>;
  /**
   * Any method, with or without a body; otherwise as `ask`. `ca`: PEM certificates that are believed instead of the usual
   * ones, for servers that sign themselves.
   */
  send(
    to: {
      readonly method: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string | undefined;
      readonly ca?: string | undefined;
    },
    limits: Omit<FetchLimits, 'redirects'>,
  ): Promise<Fetched>;
}

const UNPACKED = 4;
function unpacked(body: Buffer, encoding: string, most: number): Buffer {
  const maxOutputLength = most * UNPACKED;
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(body, { maxOutputLength });
    if (encoding === 'deflate') return inflateSync(body, { maxOutputLength });
    if (encoding === 'br') return brotliDecompressSync(body, { maxOutputLength });
  } catch {
    throw new Error('the answer cannot be decompressed, or is far too large once it is');
  }
  return body;
}

const BEGINS_WITH: readonly (readonly [string, string])[] = [
  ['efbbbf', 'utf-8'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];

/**
 * Bytes as the text they are: by their mark, else by the charset of the content type, else by what an XML declaration
 * says, else UTF-8. A name nobody knows is UTF-8.
 */
function textOf(body: Buffer, contentType: string): string {
  const head = body.subarray(0, 200).toString('latin1');
  const marked = BEGINS_WITH.find(([mark]) => head.length > 2 && body.subarray(0, 3).toString('hex').startsWith(mark));
  const name =
    marked?.[1] ??
    /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType)?.[1] ??
    /^\s*<\?xml[^>]{0,120}\sencoding\s*=\s*["']([\w.:-]{1,40})["']/i.exec(head)?.[1] ??
    'utf-8';
  try {
    return new TextDecoder(name, { ignoreBOM: true }).decode(body);
  } catch {
    return body.toString('utf8');
  }
}

interface Answer extends Fetched {
  readonly location: string | null;
}

function once(
  to: URL,
  { address, family }: Found,
  headers: Readonly<Record<string, string>>,
  body: string | null,
  mostBytes: number,
  signal: AbortSignal,
  { method = body === null ? 'GET' : 'POST', ca }: { readonly method?: string; readonly ca?: string | undefined } = {},
): Promise<Answer> {
  const request = to.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const sent = request(
      to,
      {
        method,
        ...(ca !== undefined && { ca }),
        headers: {
          ...headers,
          'accept-encoding': 'gzip',
          ...(body !== null && { 'content-length': Buffer.byteLength(body) }),
        },
        lookup: (_host, options, done) =>
          options.all ? done(null, [{ address, family }]) : done(null, address, family),
        signal,
      },
      (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size <= mostBytes) parts.push(part);
          else {
            reject(new Error(`the answer is larger than ${Math.floor(mostBytes / 1024)} KiB`));
            response.destroy();
          }
        });
        response.on('error', reject);
        response.on('aborted', () => reject(new Error('the answer broke off')));
        response.on('end', () => {
          try {
            const said = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
            resolve({
              status: response.statusCode ?? 0,
              headers: Object.fromEntries(said),
              location: response.headers.location ?? null,
              body: textOf(
                unpacked(Buffer.concat(parts), response.headers['content-encoding'] ?? '', mostBytes),
                response.headers['content-type'] ?? '',
              ),
            });
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const isOver = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
const sayTime = (timeoutMs: number) => (error: unknown) => {
  throw isOver(error) ? new Error(`no whole answer within ${timeoutMs / 1_000} seconds`) : error;
};
const webOnly = (to: URL): void => {
  if (to.protocol !== 'http:' && to.protocol !== 'https:')
    throw new OutboundRefused(`${to.protocol} addresses are not followed, only http: and https:.`);
};

const ways = new WeakMap<Deps, Outbound>();
/** The way out of this server. */
export function outboundOf(deps: Deps): Outbound {
  const way = ways.get(deps) ?? outboundTo(deps.config.outboundPrivate);
  ways.set(deps, way);
  return way;
}

/** The only way out to addresses people type in. `ranges` as in FIREBREAK_OUTBOUND_PRIVATE. */
export function outboundTo(ranges: readonly string[]): Outbound {
  const allowed = listOf(
    ranges.map((range) => {
      const [address, bits] = range.split('/') as [string, string | undefined];
      return [address, bits === undefined ? (isIP(address) === 6 ? 128 : 32) : Number(bits)] as const;
    }),
  );
  return {
    async get(url, headers, limits) {
      const signal = AbortSignal.timeout(limits.timeoutMs);
      let to = new URL(url);
      for (let hop = 0; hop <= limits.redirects; hop++) {
        webOnly(to);
        const found = await reachable(to.hostname, allowed);
        const answer = await once(to, found, headers, null, limits.mostBytes, signal).catch(sayTime(limits.timeoutMs));
        if (!REDIRECTS.has(answer.status) || answer.location === null) return answer;
        to = new URL(answer.location, to);
      }
      throw new Error(`it was sent on more than ${limits.redirects} times, and never arrived`);
    },
    async ask(url, headers, body, { timeoutMs, mostBytes }) {
      const to = new URL(url);
      webOnly(to);
      const found = await reachable(to.hostname, allowed);
      const { location: _, ...answer } = await once(
        to,
        found,
        headers,
        body,
        mostBytes,
        AbortSignal.timeout(timeoutMs),
      ).catch(sayTime(timeoutMs));
      return answer;
    },
    async send({ url, method, headers, body, ca }, { timeoutMs, mostBytes }) {
      const to = new URL(url);
      webOnly(to);
      const found = await reachable(to.hostname, allowed);
      const signal = AbortSignal.timeout(timeoutMs);
      const { location: _, ...answer } = await once(to, found, headers, body ?? null, mostBytes, signal, {
        method,
        ca,
      }).catch(sayTime(timeoutMs));
      return answer;
    },
    async check(url) {
      await reachable(new URL(url).hostname, allowed).catch((error) => {
        if (error instanceof OutboundRefused) throw error;
      });
    },
    async post(url, headers, body) {
      const to = new URL(url);
      const { address, family } = await reachable(to.hostname, allowed);
      const request = to.protocol === 'https:' ? tlsRequest : plainRequest;
      return new Promise((resolve, reject) => {
        const sent = request(
          to,
          {
            method: 'POST',
            headers: { ...headers, 'content-length': Buffer.byteLength(body) },
            // The address that was judged is the one that is reached: a name may not change its mind between.
            lookup: (_host, options, done) =>
              options.all ? done(null, [{ address, family }]) : done(null, address, family),
            signal: AbortSignal.timeout(TIMEOUT_MS),
          },
          (response) => {
            response.resume();
            response.destroy();
            resolve(response.statusCode ?? 0);
          },
        );
        sent.on('error', (error) =>
          reject(
            error.name === 'AbortError' || error.name === 'TimeoutError'
              ? new Error('no answer within ten seconds')
              : error,
          ),
        );
        sent.end(body);
      });
    },
  };
}

/** `Retry-After` (RFC 9110, section 10.2.3): seconds or a date; null where it is neither. */
export function retryAfterMs(said: string | undefined, now: Instant): number | null {
  if (said === undefined) return null;
  if (/^\s*\d{1,9}\s*$/.test(said)) return Number(said) * 1_000;
  const at = Date.parse(said);
  return Number.isNaN(at) ? null : Math.max(0, at - toMs(now));
}
