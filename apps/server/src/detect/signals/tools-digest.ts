import { createHash } from 'node:crypto';
import { toolsText } from '@firebreak/core/detect/signals';

const MOST_KNOWN = 200;
const LONGEST_KNOWN = 256 * 1024;
const known = new Map<string, string>();

/** Digest of the tools a call offered, 32 hex digits; the same in whatever order they are listed. Most calls offer what the one before did. */
export function toolsDigest(offered: readonly string[]): string {
  const key = offered.length === 1 ? offered[0]! : JSON.stringify(offered);
  const held = known.get(key);
  if (held !== undefined) return held;
  const digest = createHash('sha256').update(toolsText(offered)).digest('hex').slice(0, 32);
  if (known.size >= MOST_KNOWN) known.clear();
  if (key.length <= LONGEST_KNOWN) known.set(key, digest);
  return digest;
}
