import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { chmod, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readVkey, type Verifier, vkeyOf } from '@firebreak/core/evidence';
import { sha256 } from './log.ts';

/** An Ed25519 key of this installation. */
export interface SigningKey {
  readonly name: string;
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Public half as C2SP text. */
  readonly vkey: string;
  readonly verifier: Verifier;
  sign(message: Uint8Array): Uint8Array;
}

/** An RSA key of this installation, for what others verify who know no Ed25519: RS256 of RFC 7518. */
export interface TokenKey {
  /** Thumbprint of RFC 7638. */
  readonly kid: string;
  readonly n: string;
  readonly e: string;
  sign(message: Uint8Array): Uint8Array;
}

export interface Keys {
  /** Signs checkpoints and bundles. */
  readonly log: SigningKey;
  /** Signs what guards obey. */
  readonly guard: SigningKey;
  /** Signs it next: guards learn it beside the first, so that the key can be changed without touching any of them. Raw, 32 bytes. */
  readonly nextGuard: Uint8Array;
  /** Signs Security Event Tokens; made when it is first asked for. */
  events(): Promise<TokenKey>;
}

/** Reads the keys of this installation, making them at the first start. They live outside the database. */
export async function loadKeys(folder: string, origin: string): Promise<Keys> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const load = async (file: string, name: string) => signingKey(name, await privateKeyIn(join(folder, `${file}.pem`)));
  let events: Promise<TokenKey> | null = null;
  const guard = await load('guard', `${origin}/guard`);
  return {
    log: await load('log', origin),
    guard,
    nextGuard: await nextKeyIn(folder, guard.publicKey),
    events() {
      events ??= privateKeyIn(join(folder, 'events.pem'), newRsaKey).then(tokenKey);
      events.catch(() => {
        events = null;
      });
      return events;
    },
  };
}

const RSA_BITS = 2_048;
const newRsaKey = async (): Promise<KeyObject> =>
  (await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS })).privateKey;
const newEd25519Key = async (): Promise<KeyObject> => generateKeyPairSync('ed25519').privateKey;

async function privateKeyIn(path: string, make = newEd25519Key): Promise<KeyObject> {
  try {
    return createPrivateKey(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new Error(`the signing key ${path} cannot be read`, { cause: error });
  }
  const privateKey = await make();
  const file = await open(path, 'wx', 0o600);
  await file.writeFile(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  await file.sync();
  await file.close();
  await chmod(path, 0o600);
  return privateKey;
}

/**
 * Public half of the key in waiting. The private half is made beside it, is never used here, and may be kept elsewhere. Once it has
 * become the key that signs, another one is made.
 */
async function nextKeyIn(folder: string, current: Uint8Array): Promise<Uint8Array> {
  const halves = { own: join(folder, 'guard-next.pem'), shown: join(folder, 'guard-next.pub.pem') };
  const known = await readFile(halves.shown).then(createPublicKey, (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new Error(`the key ${halves.shown} cannot be read`, { cause: error });
  });
  if (known !== null && !Buffer.from(rawOf(known)).equals(current)) return rawOf(known);
  if (known !== null) await Promise.all([halves.own, halves.shown].map((path) => rm(path, { force: true })));
  const made = createPublicKey(await privateKeyIn(halves.own));
  await writeFile(halves.shown, made.export({ format: 'pem', type: 'spki' }), { mode: 0o600, flush: true });
  return rawOf(made);
}

const rawOf = (publicKey: KeyObject): Uint8Array =>
  new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));

function signingKey(name: string, privateKey: KeyObject): SigningKey {
  const publicKey = rawOf(createPublicKey(privateKey));
  const vkey = vkeyOf(sha256, name, publicKey);
  return {
    name,
    publicKey,
    vkey,
    verifier: readVkey(sha256, vkey)!,
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

function tokenKey(privateKey: KeyObject): TokenKey {
  const { n, e } = createPublicKey(privateKey).export({ format: 'jwk' }) as { n: string; e: string };
  return {
    kid: createHash('sha256')
      .update(JSON.stringify({ e, kty: 'RSA', n }))
      .digest('base64url'),
    n,
    e,
    sign: (message) => new Uint8Array(sign('RSA-SHA256', message, privateKey)),
  };
}

export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  return verify(
    null,
    message,
    createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
      format: 'jwk',
    }),
    signature,
  );
}
