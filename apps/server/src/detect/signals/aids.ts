import { createHmac } from 'node:crypto';
import type { Aids } from '@firebreak/core/detect/detectors';

/** What the detectors are handed, with the salt of this installation. */
export const aidsWith = (salt: string): Aids => ({
  digest: (text) => createHmac('sha256', salt).update(text).digest('base64url').slice(0, 22),
  hosts: [],
});
