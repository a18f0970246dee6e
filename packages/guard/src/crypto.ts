import { loadNode } from './node.ts';

export interface PublicKey {
  /** Id by which signed messages name it. */
  readonly key: string;
  /** Ed25519, raw 32 bytes, base64. */
  readonly publicKey: string;
}

export interface Crypto {
  /** Key and signature: base64. */
  verify(publicKey: string, signature: string, text: string): Promise<boolean>;
  /** Hex. */
  sha256(text: string): Promise<string>;
}

async function nodeCrypto(): Promise<Crypto | undefined> {
  const crypto = await loadNode('node:crypto');
  if (crypto === undefined) return undefined;
  return {
    async verify(publicKey, signature, text) {
      const x = Buffer.from(publicKey, 'base64').toString('base64url');
      const key = crypto.createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
      return crypto.verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
    },
    sha256: async (text) => crypto.createHash('sha256').update(text).digest('hex'),
  };
}

const bytes = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

function webCrypto(): Crypto {
  const { subtle } = globalThis.crypto;
  const encode = (text: string) => new TextEncoder().encode(text);
  return {
    async verify(publicKey, signature, text) {
      const key = await subtle.importKey('raw', bytes(publicKey), 'Ed25519', false, ['verify']);
      return subtle.verify('Ed25519', key, bytes(signature), encode(text));
    },
    async sha256(text) {
      const digest = await subtle.digest('SHA-256', encode(text));
      return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    },
  };
}

const REMEMBERED = 16;

/** Several guards in one process get the same messages: each is verified and hashed once. Only good signatures are remembered. */
function remembering<T>(call: (...given: string[]) => Promise<T>): (...given: string[]) => Promise<T> {
  const known = new Map<string, T>();
  return async (...given) => {
    const name = given.join('\n');
    const before = known.get(name);
    if (before !== undefined) return before;
    const value = await call(...given);
    if (value) known.set(name, value);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value as string);
    return value;
  };
}

let loaded: Promise<Crypto> | undefined;

/** Node's own cryptography where there is one, WebCrypto elsewhere. */
export function loadCrypto(): Promise<Crypto> {
  loaded ??= nodeCrypto().then((crypto) => {
    const { verify, sha256 } = crypto ?? webCrypto();
    return {
      verify: remembering(verify as (...given: string[]) => Promise<boolean>),
      sha256: remembering(sha256 as (...given: string[]) => Promise<string>),
    };
  });
  return loaded;
}
