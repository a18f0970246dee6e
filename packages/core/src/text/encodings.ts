const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;
VALUES['-'.charCodeAt(0)] = 62;
VALUES['_'.charCodeAt(0)] = 63;

/** Base64 or base64url to bytes; `null` where it is neither. */
export function fromBase64(text: string): Uint8Array | null {
  const body = text.replace(/=+$/, '');
  if (body.length % 4 === 1) return null;
  const bytes = new Uint8Array((body.length * 3) >> 2);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < body.length; i++) {
    const value = VALUES[body.charCodeAt(i) & 127]!;
    if (value < 0 || body.charCodeAt(i) > 127) return null;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 255;
    }
  }
  return bytes;
}

/** Hexadecimal digits to bytes; `null` where it is not that. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 === 1 || !/^[0-9a-f]*$/i.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}

/** Bytes as text (UTF-8); `null` unless at least 85 % of the characters can be read. */
export function readable(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return null;
  const text = utf8(bytes);
  let good = 0;
  let all = 0;
  for (const c of text) {
    all++;
    const point = c.codePointAt(0)!;
    if ((point >= 32 && point !== 127 && point !== 0xfffd) || point === 10 || point === 13 || point === 9) good++;
  }
  return good / all >= 0.85 ? text : null;
}

/** UTF-8 bytes as text; a byte that does not belong reads U+FFFD. */
export function utf8(bytes: Uint8Array, from = 0, to = bytes.length): string {
  const parts: string[] = [];
  let units: number[] = [];
  for (let i = from; i < to; ) {
    const a = bytes[i]!;
    const long = a < 0x80 ? 0 : a >= 0xc2 && a < 0xe0 ? 1 : a >= 0xe0 && a < 0xf0 ? 2 : a >= 0xf0 && a < 0xf5 ? 3 : -1;
    let point = long === 0 ? a : long === 1 ? a & 31 : long === 2 ? a & 15 : a & 7;
    let used = 1;
    let broken = long < 0;
    for (let k = 0; k < long; k++) {
      const b = i + used < to ? bytes[i + used]! : 0;
      const low = k === 0 && a === 0xe0 ? 0xa0 : k === 0 && a === 0xf0 ? 0x90 : 0x80;
      const high = k === 0 && a === 0xed ? 0x9f : k === 0 && a === 0xf4 ? 0x8f : 0xbf;
      if (b < low || b > high) {
        broken = true;
        break;
      }
      point = (point << 6) | (b & 63);
      used++;
    }
    if (broken) point = 0xfffd;
    if (point > 0xffff) units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
    else units.push(point);
    if (units.length > 4_000) {
      parts.push(String.fromCharCode(...units));
      units = [];
    }
    i += used;
  }
  parts.push(String.fromCharCode(...units));
  return parts.join('');
}
