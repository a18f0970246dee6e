export interface Sentence {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const SHORT = /(?:^|[\s(])(?:e\.g|i\.e|etc|mr|mrs|ms|dr|no|vs|approx|inc|ltd|st|u\.s|p\.m|a\.m)\.$/i;

/**
 * Splits at full stops, question and exclamation marks that end a sentence, and at line ends. Offsets are UTF-16 units of
 * the given text. Bullets and heading marks at the start of a line are left out.
 */
export function sentences(text: string, most = 2_000): Sentence[] {
  const found: Sentence[] = [];
  let start = 0;
  const close = (end: number) => {
    let from = start;
    let to = end;
    while (from < to && /[\s*#>|•·-]/.test(text[from]!)) from++;
    while (to > from && /\s/.test(text[to - 1]!)) to--;
    if (to > from && found.length < most) found.push({ text: text.slice(from, to), start: from, end: to });
    start = end;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\n' || c === '\r') {
      close(i);
      continue;
    }
    if (c !== '.' && c !== '!' && c !== '?' && c !== '。') continue;
    let end = i + 1;
    while (end < text.length && /[.!?"'”’)\]*_]/.test(text[end]!)) end++;
    const next = text[end];
    if (next !== undefined && !/\s/.test(next) && c !== '。') continue;
    if (c === '.' && SHORT.test(text.slice(Math.max(start, i - 8), i + 1))) continue;
    close(end);
    i = end - 1;
  }
  close(text.length);
  return found;
}
