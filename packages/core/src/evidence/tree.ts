import { concat, equal } from './bytes.ts';

/** SHA-256, handed in: the core has no crypto of its own. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** RFC 6962 section 2.1: SHA-256(0x00 || entry). */
export const leafHash = (sha256: Sha256, entry: Uint8Array): Uint8Array => sha256(concat(LEAF, entry));
const nodeHash = (sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concat(NODE, left, right));

/** A Merkle tree over leaf hashes (RFC 6962 section 2.1), kept as its levels so that a proof costs O(log n). */
export interface Tree {
  readonly size: number;
  readonly levels: readonly (readonly Uint8Array[])[];
}

export function treeOf(sha256: Sha256, leaves: readonly Uint8Array[]): Tree {
  const levels: (readonly Uint8Array[])[] = [leaves];
  let level = leaves;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) above.push(nodeHash(sha256, level[i]!, level[i + 1]!));
    if (level.length % 2 === 1) above.push(level.at(-1)!);
    levels.push(above);
    level = above;
  }
  return { size: leaves.length, levels };
}

export const rootOf = (sha256: Sha256, tree: Tree): Uint8Array => tree.levels.at(-1)![0] ?? sha256(new Uint8Array());

/** The roots of the perfect subtrees of a tree, largest first: all it takes to go on growing it. */
export interface Peaks {
  readonly size: number;
  readonly roots: readonly Uint8Array[];
}

export const NO_PEAKS: Peaks = { size: 0, roots: [] };

export function grow(sha256: Sha256, peaks: Peaks, leaves: readonly Uint8Array[]): Peaks {
  const roots = [...peaks.roots];
  let size = peaks.size;
  for (const leaf of leaves) {
    let node = leaf;
    for (let n = size; n % 2 === 1; n = Math.floor(n / 2)) node = nodeHash(sha256, roots.pop()!, node);
    roots.push(node);
    size += 1;
  }
  return { size, roots };
}

/** The same root that `rootOf` gives for the whole tree. */
export function rootOfPeaks(sha256: Sha256, { roots }: Peaks): Uint8Array {
  return roots.length === 0
    ? sha256(new Uint8Array())
    : roots.reduceRight((right, left) => nodeHash(sha256, left, right));
}

/** Audit path of leaf `index`, nearest sibling first. Throws RangeError outside the tree. */
export function inclusionProof(tree: Tree, index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= tree.size)
    throw new RangeError(`no leaf ${index} in a tree of ${tree.size}`);
  const path: Uint8Array[] = [];
  let at = index;
  for (const level of tree.levels.slice(0, -1)) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) path.push(sibling);
    at >>= 1;
  }
  return path;
}

/** RFC 6962 section 2.1.2: that the tree of `first` leaves is a prefix of this one. */
export function consistencyProof(sha256: Sha256, tree: Tree, first: number): Uint8Array[] {
  if (!Number.isInteger(first) || first < 0 || first > tree.size)
    throw new RangeError(`no tree of ${first} within one of ${tree.size}`);
  if (first === 0 || first === tree.size) return [];
  const path: Uint8Array[] = [];
  const rootBetween = (from: number, to: number): Uint8Array => {
    const width = to - from;
    const level = Math.log2(width);
    if (Number.isInteger(level) && from % width === 0) return tree.levels[level]![from / width]!;
    const split = from + splitOf(width);
    return nodeHash(sha256, rootBetween(from, split), rootBetween(split, to));
  };
  const descend = (m: number, from: number, to: number, whole: boolean): void => {
    if (m === to - from) {
      if (!whole) path.push(rootBetween(from, to));
      return;
    }
    const split = splitOf(to - from);
    if (m <= split) {
      descend(m, from, from + split, whole);
      path.push(rootBetween(from + split, to));
    } else {
      descend(m - split, from + split, to, false);
      path.push(rootBetween(from, from + split));
    }
  };
  descend(first, 0, tree.size, true);
  return path;
}

/** Largest power of two smaller than n. */
function splitOf(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}

export interface Inclusion {
  readonly index: bigint;
  readonly size: bigint;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** RFC 9162 section 2.1.3.2. */
export function isIncluded(sha256: Sha256, { index, size, leaf, proof, root }: Inclusion): boolean {
  if (index < 0n || index >= size || !hashes(leaf, root, ...proof)) return false;
  let [fn, sn, r] = [index, size - 1n, leaf];
  for (const p of proof) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      r = nodeHash(sha256, p, r);
      while ((fn & 1n) === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else r = nodeHash(sha256, r, p);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && equal(r, root);
}

export interface Consistency {
  readonly first: bigint;
  readonly second: bigint;
  readonly firstRoot: Uint8Array;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** RFC 9162 section 2.1.4.2. An empty first tree is consistent with everything, given its own root and an empty proof. */
export function isConsistent(sha256: Sha256, { first, second, firstRoot, secondRoot, proof }: Consistency): boolean {
  if (first < 0n || first > second) return false;
  if (first === second) return proof.length === 0 && equal(firstRoot, secondRoot);
  if (!hashes(firstRoot, secondRoot, ...proof)) return false;
  if (first === 0n) return proof.length === 0 && equal(firstRoot, sha256(new Uint8Array()));
  if (proof.length === 0) return false;
  const path = (first & (first - 1n)) === 0n ? [firstRoot, ...proof] : [...proof];
  let [fn, sn] = [first - 1n, second - 1n];
  while ((fn & 1n) === 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
  let [fr, sr] = [path[0]!, path[0]!];
  for (const c of path.slice(1)) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      [fr, sr] = [nodeHash(sha256, c, fr), nodeHash(sha256, c, sr)];
      while ((fn & 1n) === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else sr = nodeHash(sha256, sr, c);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && equal(fr, firstRoot) && equal(sr, secondRoot);
}

const hashes = (...all: readonly Uint8Array[]): boolean => all.every((one) => one.length === 32);
