import { randomBytes } from 'node:crypto';
import type { Id } from '@firebreak/core/kernel';
import { uuidv7obj } from 'uuidv7';

/** UUIDv7 without hyphens: sorts by time of minting, never used again. */
export const mintId = <K extends string>(kind: K): Id<K> => `${kind}_${uuidv7obj().toHex()}`;

export const randomOf = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
