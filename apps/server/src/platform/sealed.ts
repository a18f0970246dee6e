import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Deps } from './slice.ts';

const keys = new WeakMap<Deps, Map<string, Buffer>>();

/** Derived from the private key of this installation, which lies outside the database: a copy of the database opens nothing. */
function keyFor(deps: Deps, purpose: string): Buffer {
  const held = keys.get(deps) ?? new Map<string, Buffer>();
  keys.set(deps, held);
  const known = held.get(purpose);
  if (known !== undefined) return known;
  const root = deps.keys.log.sign(Buffer.from('firebreak: secrets that other products sign with, version 1'));
  const key = Buffer.from(hkdfSync('sha256', root, '', purpose, 32));
  held.set(purpose, key);
  return key;
}

/** What only this installation can say of a text: HMAC-SHA-256, base64url. The same each time. */
export const vouched = (deps: Deps, purpose: string, text: string): string =>
  createHmac('sha256', keyFor(deps, purpose)).update(text).digest('base64url');

/** A secret that has to be said again in clear, as it may lie in the database: AES-256-GCM, base64, bound to whom it belongs to. */
export function sealSecret(deps: Deps, purpose: string, owner: string, secret: string): string {
  const nonce = deps.random(12);
  const cipher = createCipheriv('aes-256-gcm', keyFor(deps, purpose), nonce).setAAD(Buffer.from(owner));
  return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Null: it was sealed by another installation, for another owner, or is broken. */
export function openSecret(deps: Deps, purpose: string, owner: string, text: string): string | null {
  const sealed = Buffer.from(text, 'base64');
  try {
    const cipher = createDecipheriv('aes-256-gcm', keyFor(deps, purpose), sealed.subarray(0, 12));
    cipher.setAAD(Buffer.from(owner)).setAuthTag(sealed.subarray(-16));
    return Buffer.concat([cipher.update(sealed.subarray(12, -16)), cipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
