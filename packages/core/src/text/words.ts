export interface Word {
  /** As written. */
  readonly text: string;
  /** Lower case, apostrophes straightened. */
  readonly folded: string;
  readonly start: number;
  readonly end: number;
}

const WORD = /[\p{L}\p{N}]+(?:['’._-][\p{L}\p{N}]+)*/gu;
const PLAIN_WORD = /[a-z0-9]+(?:['._-][a-z0-9]+)*/gi;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is exactly ASCII
const ASCII = /^[\x00-\x7f]*$/;

/** The words of a text with their places (UTF-16 offsets), at most `most` of them. */
export function words(text: string, most = 20_000): Word[] {
  const found: Word[] = [];
  // The same words, found several times faster where the text is plain.
  const pattern = ASCII.test(text) ? PLAIN_WORD : WORD;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null && found.length < most; match = pattern.exec(text)) {
    found.push({
      text: match[0],
      folded: match[0].toLowerCase().replaceAll('’', "'"),
      start: match.index,
      end: match.index + match[0].length,
    });
  }
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

/** A cheap English stem: enough that `devices` meets `device` and `refunded` meets `refund`. */
export function stem(word: string): string {
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
  const stems: string[] = [];
  for (const { folded } of words(text)) if (folded.length > 1 && !STOP_WORDS.has(folded)) stems.push(stem(folded));
  return stems;
}
