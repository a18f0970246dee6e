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

const REMEMBERED = 16;
/** By signature. */
const verified = new Map<string, readonly string[]>();

/** Several guards in one process get the same messages: each is verified once. Only good signatures are remembered. */
function remembering({ verify, sha256 }: Crypto): Crypto {
  return {
    sha256,
    async verify(...given) {
      const [, signature] = given;
      if (verified.get(signature)?.every((each, i) => each === given[i])) return true;
      const good = await verify(...given);
      if (good) verified.set(signature, given);
      if (verified.size > REMEMBERED) verified.delete(verified.keys().next().value as string);
      return good;
    },
  };
}

let loaded: Promise<Crypto> | undefined;

/** Node's own cryptography where there is one, WebCrypto elsewhere. */
export function loadCrypto(): Promise<Crypto> {
  loaded ??= nodeCrypto().then(async (crypto) => remembering(crypto ?? (await import('./web.ts')).webCrypto()));
  return loaded;
}
