import { createPublicKey, verify } from 'node:crypto';
import { toMs } from '@firebreak/core/kernel';
import {
  type Faulty,
  headerOf,
  keyFor,
  type PublicKey,
  publicKeysIn,
  type Transmitter,
} from '@firebreak/core/respond/transmitters';
import { type Deps, outboundOf } from '../../platform/index.ts';

const FETCH = { timeoutMs: 5_000, mostBytes: 65_536, redirects: 2 };
/** Asked for again after this long; a name nobody knows asks sooner, so that new keys work at once. */
const FRESH_MS = 600_000;
const AGAIN_MS = 60_000;
/** How long keys are believed while their address does not answer. */
const BELIEVED_MS = 3_600_000;

interface Kept {
  readonly url: string;
  keys: readonly PublicKey[];
  readAt: number;
  triedAt: number;
  why: string;
  under: Promise<void> | null;
}

/** Keys of transmitters as their addresses gave them; nobody can make this ask an address more than once a minute. */
export function keysOfTransmitters(deps: Deps) {
  const kept = new Map<string, Kept>();

  async function read(of: Kept): Promise<void> {
    of.triedAt = toMs(deps.now());
    try {
      const { status, body } = await outboundOf(deps).get(of.url, { accept: 'application/json' }, FETCH);
      const keys = status === 200 ? publicKeysIn(JSON.parse(body)) : `It answered ${status}.`;
      if (typeof keys === 'string') of.why = keys;
      else Object.assign(of, { keys, readAt: toMs(deps.now()), why: '' });
    } catch (error) {
      of.why = String(error instanceof Error ? error.message : error).slice(0, 200);
    }
  }

  return {
    /** The key a header names; a sentence where the keys cannot be read at this moment. */
    async find(
      transmitter: Transmitter,
      header: Parameters<typeof keyFor>[1],
    ): Promise<PublicKey | undefined | string> {
      if ('set' in transmitter.keys) return keyFor(transmitter.keys.set, header);
      const { url } = transmitter.keys;
      let of = kept.get(transmitter.id);
      if (of === undefined) {
        of = { url, keys: [], readAt: -Infinity, triedAt: -Infinity, why: '', under: null };
        kept.set(transmitter.id, of);
      }
      const now = toMs(deps.now());
      const missing = keyFor(of.keys, header) === undefined;
      if ((missing || now - of.readAt > FRESH_MS) && now - of.triedAt >= AGAIN_MS)
        of.under ??= read(of).finally(() => {
          of.under = null;
        });
      if (of.under !== null) await of.under;
      return toMs(deps.now()) - of.readAt > BELIEVED_MS
        ? `The keys at ${url} cannot be read at the moment. ${of.why}`.trim()
        : keyFor(of.keys, header);
    },
    forget: (transmitter: string) => void kept.delete(transmitter),
  };
}

const faulty = (err: Faulty['err'], description: string): Faulty => ({ err, description });
function partIn(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** Claims of a token, once its signature is proven; else why not, or `later` where that cannot be said now. */
export async function claimsOf(
  keys: ReturnType<typeof keysOfTransmitters>,
  transmitter: Transmitter,
  token: string,
): Promise<{ readonly claims: unknown } | { readonly later: string } | Faulty> {
  const [, head, body, signature] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token.trim()) ?? [];
  if (head === undefined || body === undefined || signature === undefined)
    return faulty('invalid_request', 'The body is no signed token: three parts with dots between them.');
  const header = headerOf(partIn(head));
  if ('err' in header) return header;
  const key = await keys.find(transmitter, header);
  if (typeof key === 'string') return { later: key };
  if (key === undefined)
    return faulty(
      'invalid_key',
      header.kid === undefined
        ? 'Say with kid which of the keys signed it.'
        : `The transmitter has no key ${header.kid} for ${header.alg}.`,
    );
  try {
    const proven = verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      { key: createPublicKey({ key: { ...key }, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    if (proven) return { claims: partIn(body) };
  } catch {
    // A key that is none, or a signature that is too short, proves nothing.
  }
  return faulty('authentication_failed', 'The signature is not by the key it names.');
}
