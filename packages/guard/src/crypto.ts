import type { Signed } from '@firebreak/core/respond/containment';
import { loadNode } from './node.ts';

export interface PublicKey {
  /** Id by which signed messages name it. */
  readonly key: string;
  /** Ed25519, raw 32 bytes, base64. */
  readonly publicKey: string;
}

export interface Crypto {
  verify(signed: Signed, key: PublicKey): boolean | Promise<boolean>;
  /** Hex. */
  sha256(text: string): string | Promise<string>;
}

const SPKI_PREFIX = '302a300506032b6570032100';

async function nodeCrypto(): Promise<Crypto | undefined> {
  const crypto = await loadNode('crypto');
  if (crypto === undefined) return undefined;
  return {
    verify(signed, key) {
      const der = Buffer.concat([Buffer.from(SPKI_PREFIX, 'hex'), Buffer.from(key.publicKey, 'base64')]);
      const publicKey = crypto.createPublicKey({ key: der, format: 'der', type: 'spki' });
      return crypto.verify(null, Buffer.from(signed.payload), publicKey, Buffer.from(signed.signature, 'base64'));
    },
    sha256: (text) => crypto.createHash('sha256').update(text).digest('hex'),
  };
}

const bytes = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

function webCrypto(): Crypto {
  const { subtle } = globalThis.crypto;
  return {
    async verify(signed, key) {
      const imported = await subtle.importKey('raw', bytes(key.publicKey), { name: 'Ed25519' }, false, ['verify']);
      const text = new TextEncoder().encode(signed.payload);
      return subtle.verify({ name: 'Ed25519' }, imported, bytes(signed.signature), text);
    },
    async sha256(text) {
      const digest = await subtle.digest('SHA-256', new TextEncoder().encode(text));
      return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    },
  };
}

const REMEMBERED = 16;

/** Several guards in one process get the same messages: each is verified and hashed once. Only good signatures are remembered. */
function remembering(inner: Crypto): Crypto {
  const verified = new Set<string>();
  const hashes = new Map<string, string>();
  const trim = (kept: Set<string> | Map<string, string>) => {
    if (kept.size > REMEMBERED) kept.delete(kept.keys().next().value as string);
  };
  return {
    verify(signed, key) {
      const name = `${key.publicKey}\n${signed.signature}\n${signed.payload}`;
      if (verified.has(name)) return true;
      const keep = (good: boolean) => {
        if (good) verified.add(name);
        trim(verified);
        return good;
      };
      const good = inner.verify(signed, key);
      return typeof good === 'boolean' ? keep(good) : good.then(keep);
    },
    sha256(text) {
      const known = hashes.get(text);
      if (known !== undefined) return known;
      const keep = (hash: string) => {
        hashes.set(text, hash);
        trim(hashes);
        return hash;
      };
      const hash = inner.sha256(text);
      return typeof hash === 'string' ? keep(hash) : hash.then(keep);
    },
  };
}

let loaded: Promise<Crypto> | undefined;

/** Node's own cryptography where there is one, WebCrypto elsewhere. */
export function loadCrypto(): Promise<Crypto> {
  loaded ??= nodeCrypto().then((crypto) => remembering(crypto ?? webCrypto()));
  return loaded;
}
