import type { Interaction } from '../signals/index.ts';

const READ = 1_200;
const MOST_WORDS = 120;
const FEWEST_WORDS = 4;
const NUMBER = /\d{3,15}/g;
const MOST_NUMBERS = 6;
const MOST_CALLS = 8;

/** What somebody asked: the last message of the user, and where it stands. */
export function questionOf({
  input,
}: Pick<Interaction, 'input'>): { readonly at: number; readonly text: string } | null {
  const at = input?.findLastIndex(({ role }) => role === 'user') ?? -1;
  return at < 0 ? null : { at, text: input![at]!.content };
}

const BASE_A = 0x811c9dc5 | 0;
const BASE_B = 0x9747b28c | 0;
/** FNV-1a over UTF-16 units, twice with different bases: 64 bits as two halves, each from where it stood. */
function hashA(from: number, text: string): number {
  let a = from;
  for (let i = 0; i < text.length; i++) a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
  return a;
}
function hashB(from: number, text: string): number {
  let b = from;
  for (let i = 0; i < text.length; i++) b = Math.imul(b ^ text.charCodeAt(i), 0x85ebca6b) ^ (b >>> 13);
  return b;
}

/** Close texts must not have close hashes: the finaliser of murmur3. */
function mix(x: number): number {
  let y = x ^ (x >>> 16);
  y = Math.imul(y, 0x85ebca6b);
  y ^= y >>> 13;
  y = Math.imul(y, 0xc2b2ae35);
  return y ^ (y >>> 16);
}

/** Binary digits of a count: words and pairs of words are fewer than 256. */
const DIGITS = 8;

/**
 * Adds one to the count of every place whose bit is set, 32 places at once: place k of `counts` holds digit k of all of them, and
 * what overflows is carried on.
 */
function count(counts: Int32Array, bits: number): void {
  let carried = bits;
  for (let k = 0; carried !== 0; k++) {
    const held = counts[k]!;
    counts[k] = held ^ carried;
    carried &= held;
  }
}

/** The bits that more than half of so many had. */
function majority(counts: Int32Array, of: number): number {
  let bits = 0;
  for (let bit = 0; bit < 32; bit++) {
    let ones = 0;
    for (let k = 0; k < DIGITS; k++) ones += ((counts[k]! >>> bit) & 1) << k;
    if (ones * 2 > of) bits |= 1 << bit;
  }
  return bits;
}

const hex = (x: number): string => (x >>> 0).toString(16).padStart(8, '0');

/**
 * SimHash (Charikar 2002) of a text over its words and pairs of words, numbers masked: 16 hex digits; texts that differ in little
 * differ in few bits. Null: fewer than four words, which everybody says.
 */
export function simHash(text: string): string | null {
  const words = text
    .slice(0, READ)
    .toLowerCase()
    .replace(/\d+/g, '0')
    .match(/[\p{L}\p{N}]+/gu)
    ?.slice(0, MOST_WORDS);
  if (words === undefined || words.length < FEWEST_WORDS) return null;
  const countsA = new Int32Array(DIGITS);
  const countsB = new Int32Array(DIGITS);
  let [beforeA, beforeB] = [0, 0];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const a = hashA(BASE_A, word);
    const b = hashB(BASE_B, word);
    count(countsA, mix(a));
    count(countsB, mix(b));
    if (i > 0) {
      count(countsA, mix(hashA(hashA(beforeA, ' '), word)));
      count(countsB, mix(hashB(hashB(beforeB, ' '), word)));
    }
    [beforeA, beforeB] = [a, b];
  }
  const all = words.length * 2 - 1;
  return hex(majority(countsA, all)) + hex(majority(countsB, all));
}

const ones = (x: number): number => {
  let y = x - ((x >>> 1) & 0x55555555);
  y = (y & 0x33333333) + ((y >>> 2) & 0x33333333);
  return Math.imul((y + (y >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/** Bits in which two of them differ, 0 to 64. */
export const distanceOf = (a: string, b: string): number =>
  ones(Number.parseInt(a.slice(0, 8), 16) ^ Number.parseInt(b.slice(0, 8), 16)) +
  ones(Number.parseInt(a.slice(8), 16) ^ Number.parseInt(b.slice(8), 16));

export interface NamedNumber {
  /** Where it stands: the question or a tool, and its place among the numbers there. */
  readonly slot: string;
  readonly digits: string;
}

/** Numbers of three digits and more that were asked for, in the question and in the arguments of tools. */
export function numbersOf(it: Pick<Interaction, 'input' | 'toolCalls'>): NamedNumber[] {
  const found: NamedNumber[] = [];
  const read = (place: string, text: string): void => {
    for (const [i, [digits]] of [...text.slice(0, READ).matchAll(NUMBER)].slice(0, MOST_NUMBERS).entries())
      found.push({ slot: `${place}#${i}`, digits });
  };
  const question = questionOf(it);
  if (question !== null) read('question', question.text);
  for (const call of it.toolCalls?.slice(0, MOST_CALLS) ?? [])
    if (call.arguments !== null) read(call.name.slice(0, 60), call.arguments);
  return found;
}
