/** A text made comparable, with the way back: `offsets[i]` is where unit `i` of `text` stood in the original. */
export interface Plain {
  readonly text: string;
  /** `null` where nothing moved. One longer than `text`: the last one is the end. */
  readonly offsets: Uint32Array | null;
  /** How many invisible characters were dropped: zero-width, bidirectional controls, tags. */
  readonly hidden: number;
}

const isInvisible = (c: number): boolean =>
  (c >= 0x200b && c <= 0x200f) ||
  (c >= 0x202a && c <= 0x202e) ||
  (c >= 0x2060 && c <= 0x2069) ||
  c === 0xfeff ||
  c === 0xad ||
  (c >= 0xe0000 && c <= 0xe007f);

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is exactly ASCII
const ASCII = /^[\x00-\x7f]*$/;

/** NFKC per character, invisible characters dropped. Linear in the length. */
export function plain(original: string): Plain {
  if (ASCII.test(original)) return { text: original, offsets: null, hidden: 0 };
  const parts: string[] = [];
  const offsets: number[] = [];
  let hidden = 0;
  for (let i = 0; i < original.length; ) {
    const point = original.codePointAt(i)!;
    const width = point > 0xffff ? 2 : 1;
    if (isInvisible(point)) hidden++;
    else {
      const folded = point < 0x80 ? original[i]! : original.slice(i, i + width).normalize('NFKC');
      parts.push(folded);
      for (let k = 0; k < folded.length; k++) offsets.push(i);
    }
    i += width;
  }
  offsets.push(original.length);
  return { text: parts.join(''), offsets: Uint32Array.from(offsets), hidden };
}

/** A place in the plain text, as a place in the original. */
export function originalSpan(it: Plain, start: number, end: number): { start: number; end: number } {
  if (it.offsets === null) return { start, end };
  const last = it.offsets.length - 1;
  return { start: it.offsets[Math.min(start, last)]!, end: it.offsets[Math.min(end, last)]! };
}
