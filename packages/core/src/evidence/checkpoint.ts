import { base64, concat, equal, fromBase64, fromHex, hex, utf8 } from './bytes.ts';
import type { Sha256 } from './tree.ts';

/** Ed25519, handed in. Keys and signatures are raw bytes (32 and 64). */
export type Sign = (message: Uint8Array) => Uint8Array;
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** C2SP tlog-checkpoint: origin, size and root of the log at one moment. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Uint8Array;
}

const ED25519 = 0x01;

export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${base64(root)}\n`;
}

/** The checkpoint a note's text says, or null. Extension lines are allowed and ignored, as the format asks. */
export function readCheckpoint(text: string): Checkpoint | null {
  const [origin, size, root64] = text.split('\n');
  const root = fromBase64(root64 ?? '');
  if (!origin || !/^(0|[1-9]\d{0,18})$/.test(size ?? '') || root?.length !== 32 || !text.endsWith('\n')) return null;
  return { origin, size: BigInt(size!), root };
}

/** C2SP signed-note key id: first four bytes of SHA-256(name || 0x0A || type || public key). */
function keyId(sha256: Sha256, name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(concat(utf8(`${name}\n`), Uint8Array.of(ED25519), publicKey)).subarray(0, 4);
}

/** The verifier key as text: `name+keyid+base64(type || public key)`. */
export function vkeyOf(sha256: Sha256, name: string, publicKey: Uint8Array): string {
  return `${name}+${hex(keyId(sha256, name, publicKey))}+${base64(concat(Uint8Array.of(ED25519), publicKey))}`;
}

export interface Verifier {
  readonly name: string;
  readonly id: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** Reads a verifier key; null when it is malformed, of another kind, or its key id is not its own. */
export function readVkey(sha256: Sha256, vkey: string): Verifier | null {
  const [name, id, key, more] = splitVkey(vkey.trim());
  const bytes = fromBase64(key);
  if (!name || more || /[\s+]/.test(name) || bytes?.length !== 33 || bytes[0] !== ED25519) return null;
  const publicKey = bytes.subarray(1);
  const stated = fromHex(id);
  const own = keyId(sha256, name, publicKey);
  return stated && equal(stated, own) ? { name, id: own, publicKey } : null;
}

function splitVkey(vkey: string): [string, string, string, boolean] {
  const first = vkey.indexOf('+');
  const second = vkey.indexOf('+', first + 1);
  if (first < 1 || second < 0) return ['', '', '', true];
  // Base64 itself may hold a plus sign, so only the first two separate.
  return [vkey.slice(0, first), vkey.slice(first + 1, second), vkey.slice(second + 1), false];
}

/** C2SP signed-note: the text, a blank line, a signature line. */
export function signNote(sha256: Sha256, text: string, name: string, publicKey: Uint8Array, sign: Sign): string {
  return `${text}\n— ${name} ${base64(concat(keyId(sha256, name, publicKey), sign(utf8(text))))}\n`;
}

const MOST_SIGNATURES = 100;

const hasControl = (text: string): boolean =>
  [...text].some((char) => (char < ' ' && char !== '\n') || char === '\ufffd');

/**
 * The text of a note that at least one known key has signed, or null. Signatures of unknown keys are ignored; a known
 * key whose signature fails spoils the whole note, and so does any malformed line.
 */
export function openNote(note: string, known: readonly Verifier[], verify: VerifySignature): string | null {
  if (hasControl(note) || !note.endsWith('\n')) return null;
  const split = note.lastIndexOf('\n\n');
  if (split < 0) return null;
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) return null;
  const seen = new Set<Verifier>();
  for (const line of lines) {
    const match = /^— ([^\s+]+) (\S+)$/u.exec(line);
    const bytes = match && fromBase64(match[2]!);
    if (!match || !bytes || bytes.length < 5) return null;
    const signer = known.find((key) => key.name === match[1] && equal(key.id, bytes.subarray(0, 4)));
    if (signer === undefined || seen.has(signer)) continue;
    if (!verify(signer.publicKey, utf8(text), bytes.subarray(4))) return null;
    seen.add(signer);
  }
  return seen.size > 0 ? text : null;
}
