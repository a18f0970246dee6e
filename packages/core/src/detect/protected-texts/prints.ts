import { foldedWords, plain } from '../../text/index.ts';

/** Words that have to be the same in a row for one print to be the same. */
const PRINT_WORDS = 25;
/** One print is chosen among so many neighbours: a run of 50 words always shares one (Schleimer, Wilkerson, Aiken 2003). */
const WINDOW = 26;
const PRINT_LENGTH = 14;
export const TEXT_LIMIT = 200_000;
const MOST_WORDS = 40_000;

/** One chosen stretch of a text, as a digest that says nothing of its words. */
export interface Print {
  /** Place of its first word. */
  readonly at: number;
  readonly print: string;
}

/** A cheap number for each run of words: only which of them are chosen depends on it. */
function hashes(words: readonly string[]): number[] {
  const each = words.map((word) => {
    let h = 0x811c9dc5;
    for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), 0x01000193);
    return h;
  });
  const found: number[] = [];
  for (let i = 0; i + PRINT_WORDS <= each.length; i++) {
    let h = 0;
    for (let k = 0; k < PRINT_WORDS; k++) h = (Math.imul(h, 31) + each[i + k]!) | 0;
    found.push(h >>> 0);
  }
  return found;
}

/** The chosen prints of a text, in order: the least hash of each window, the last of equal ones. `digest` keeps no words. */
export function printsOf(text: string, digest: (text: string) => string): Print[] {
  const words = foldedWords(plain(text.slice(0, TEXT_LIMIT)).text, MOST_WORDS);
  const all = hashes(words);
  const prints: Print[] = [];
  let last = -1;
  for (let from = 0; from === 0 ? all.length > 0 : from + WINDOW <= all.length; from++) {
    let least = from;
    for (let i = from; i < Math.min(all.length, from + WINDOW); i++) if (all[i]! <= all[least]!) least = i;
    if (least === last) continue;
    last = least;
    const said = words.slice(least, least + PRINT_WORDS).join(' ');
    prints.push({ at: least, print: digest(`protected text|${said}`).slice(0, PRINT_LENGTH) });
  }
  return prints;
}

/** Words in a row that count as given away. */
const LONG = 50;

/**
 * How many words in a row of a protected text an answer holds at least; null: fewer than 50. `held`: prints of that text. Every
 * run of 100 words is found, and shorter ones as the choice of prints has it.
 */
export function verbatimOf(answer: readonly Print[], held: ReadonlySet<string>): number | null {
  let longest = 0;
  let from: number | null = null;
  for (const { at, print } of answer) {
    if (!held.has(print)) {
      from = null;
      continue;
    }
    from ??= at;
    longest = Math.max(longest, at + PRINT_WORDS - from);
  }
  return longest >= LONG ? longest : null;
}
