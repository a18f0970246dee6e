export const FOLDS = 10;

/** A stable number of how a prompt begins, so that paraphrases of one stay together. */
export function foldOf(text: string): number {
  let hash = 7;
  for (const letter of text.toLowerCase().replace(/\W+/g, '').slice(0, 30))
    hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 12)) >>> 0) % FOLDS;
}
