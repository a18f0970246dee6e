import { randomBytes } from 'node:crypto';
import type { Id } from '@firebreak/core/kernel';
import { uuidv7 } from 'uuidv7';

/** UUIDv7 without hyphens: sorts by time of minting, never used again. */
export const mintId = <K extends string>(kind: K): Id<K> => `${kind}_${uuidv7().replaceAll('-', '')}`;

export const randomOf = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
