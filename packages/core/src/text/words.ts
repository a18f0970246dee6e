export interface Word {
  /** As written. */
  readonly text: string;
  /** Lower case, apostrophes straightened. */
  readonly folded: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /[\p{L}\p{N}]+(?:['’._-][\p{L}\p{N}]+)*/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is exactly ASCII
const ASCII = /^[\x00-\x7f]*$/;

const LETTER = 1;
const JOINT = 2;
/** What `WORD` takes a character of plain text for. */
const KINDS = new Uint8Array(128);
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') KINDS[c.charCodeAt(0)] = LETTER;
for (const c of "'._-") KINDS[c.charCodeAt(0)] = JOINT;

/** Where the words of a plain text begin and end, one after the other: the same as `WORD` finds, several times faster. */
function plainPlaces(text: string, most: number): number[] {
  const places: number[] = [];
  for (let i = 0; i < text.length && places.length < 2 * most; i++) {
    if (KINDS[text.charCodeAt(i)] !== LETTER) continue;
    const start = i;
    for (i++; i < text.length; i++) {
      const kind = KINDS[text.charCodeAt(i)];
      if (kind === LETTER) continue;
      if (kind !== JOINT || KINDS[text.charCodeAt(i + 1)] !== LETTER) break;
    }
    places.push(start, i);
  }
  return places;
}

/** The words of a text with their places (UTF-16 offsets), at most `most` of them. */
export function words(text: string, most = 20_000): Word[] {
  const found: Word[] = [];
  if (ASCII.test(text)) {
    const low = text.toLowerCase();
    const places = plainPlaces(text, most);
    for (let i = 0; i < places.length; i += 2) {
      const start = places[i]!;
      const end = places[i + 1]!;
      found.push({ text: text.slice(start, end), folded: low.slice(start, end), start, end });
    }
    return found;
  }
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match !== null && found.length < most; match = WORD.exec(text)) {
    found.push({
      text: match[0],
      folded: match[0].toLowerCase().replaceAll('’', "'"),
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return found;
}

/** The words of a text, folded, where nobody asks for their places. */
export function foldedWords(text: string, most = 20_000): string[] {
  if (!ASCII.test(text)) return words(text, most).map(({ folded }) => folded);
  const low = text.toLowerCase();
  const places = plainPlaces(low, most);
  const found: string[] = [];
  for (let i = 0; i < places.length; i += 2) found.push(low.slice(places[i]!, places[i + 1]!));
  return found;
}

/** Words that carry no subject of their own. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after again all also am an and any are aren't as at be because been before being below between both but
  by can can't cannot could couldn't did didn't do does doesn't doing don't down during each either else ever every few
  for from further get gets getting got had has have having he her here hers him his how i i'd i'll i'm i've if in into is isn't it
  it's its itself just let let's like may me might more most much must my no nor not now of off on once one only or other
  our ours out over own please same shall she should so some such than thank thanks that that's the their theirs them
  then there these they this those through to too under until up us very was wasn't we we'll we're we've were weren't
  what when where which while who whom why will with won't would wouldn't yes you you'll you're you've your yours`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

const MOST_STEMS = 20_000;
/** Longer ones would hold the whole text they were cut from in memory. */
const LONGEST_KEPT = 12;
/** The same words come all day. */
const stems = new Map<string, string>();

/** A cheap English stem: enough that `devices` meets `device` and `refunded` meets `refund`. */
export function stem(word: string): string {
  const held = stems.get(word);
  if (held !== undefined) return held;
  const made = cutStem(word);
  if (word.length <= LONGEST_KEPT) {
    if (stems.size >= MOST_STEMS) stems.clear();
    stems.set(word, made);
  }
  return made;
}

function cutStem(word: string): string {
  let it = word.endsWith("'s") ? word.slice(0, -2) : word;
  if (it.length > 4 && it.endsWith('ies')) return `${it.slice(0, -3)}y`;
  if (it.length > 5 && it.endsWith('sses')) it = it.slice(0, -2);
  else if (it.length > 3 && it.endsWith('s') && !it.endsWith('ss') && !it.endsWith('us')) it = it.slice(0, -1);
  for (const ending of ['ations', 'ation', 'ings', 'ing', 'ed', 'ment', 'ly']) {
    if (it.length - ending.length >= 4 && it.endsWith(ending)) {
      it = it.slice(0, -ending.length);
      break;
    }
  }
  if (it.length > 4 && it.endsWith('e')) it = it.slice(0, -1);
  return it.length > 4 && it.at(-1) === it.at(-2) && !/[aeiousl]$/.test(it) ? it.slice(0, -1) : it;
}

/** Stems of the words that carry a subject, in order, repeats kept. */
export function contentStems(text: string): string[] {
  const found: string[] = [];
  for (const word of foldedWords(text)) if (word.length > 1 && !STOP_WORDS.has(word)) found.push(stem(word));
  return found;
}
