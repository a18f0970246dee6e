/** An address in an answer, and how it would be followed. */
export interface Link {
  readonly url: string;
  /** Fetched by the reader's program without a click: images, frames, styles, media. */
  readonly fetched: boolean;
  readonly how: 'image' | 'link' | 'reference' | 'autolink' | 'html' | 'style';
  readonly start: number;
  readonly end: number;
}

const MOST = 200;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&#38;': '&',
  '&#x26;': '&',
  '&quot;': '"',
  '&#x2f;': '/',
  '&#47;': '/',
  '&colon;': ':',
};
const decoded = (url: string): string =>
  url.replace(/&(?:amp|quot|colon|#38|#47|#x26|#x2f);/gi, (e) => ENTITIES[e.toLowerCase()] ?? e);

/** `![text](address "title")` and `[text](address)`; the text may hold anything but brackets. */
const INLINE =
  /(!?)\[[^[\]\n]{0,500}\]\(\s{0,5}<?((?:https?:)?\/\/[^\s<>()]{3,4000}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,2000})?)/gi;
/** `[id]: address`. */
const DEFINITION = /^[ \t]{0,3}\[([^[\]\n]{1,200})\]:[ \t]{0,5}<?((?:https?:)?\/\/[^\s<>]{3,4000})/gim;
const USED = /(!?)\[([^[\]\n]{0,200})\](?:\[([^[\]\n]{0,200})\])?/g;
const BARE = /(?:https?:\/\/|\bwww\.)[^\s<>"'`\])}|\\^]{3,4000}/gi;
const TAG =
  /<(img|iframe|script|link|source|video|audio|embed|object|input|image|a|form|svg|body|table|td|div|span|style|meta)\b([^>]{0,4000})>/gi;
const ATTRIBUTE =
  /\b(src|srcset|href|data|poster|action|background|xlink:href|style|content)\s{0,5}=\s{0,5}(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'>]{1,4000}))/gi;
const STYLE = /url\(\s{0,5}["']?((?:https?:)?\/\/[^\s"')]{3,4000})/gi;

/** Every address a renderer of Markdown or HTML would find, at most 200. Linear in the length of the text. */
export function linksIn(text: string): Link[] {
  const found: Link[] = [];
  const taken: { start: number; end: number }[] = [];
  const add = (link: Link): void => {
    if (found.length < MOST) found.push({ ...link, url: decoded(link.url) });
  };
  for (const m of text.matchAll(INLINE)) {
    if (found.length >= MOST) break;
    const end = m.index + m[0].length;
    add({ url: m[2]!, fetched: m[1] === '!', how: m[1] === '!' ? 'image' : 'link', start: m.index, end });
    taken.push({ start: m.index, end });
  }
  const definitions = new Map<string, { url: string; start: number; end: number }>();
  for (const m of text.matchAll(DEFINITION)) {
    if (definitions.size >= MOST) break;
    const place = { url: m[2]!, start: m.index, end: m.index + m[0].length };
    definitions.set(m[1]!.trim().toLowerCase(), place);
    taken.push(place);
  }
  if (definitions.size > 0) {
    const shown = new Set<string>();
    for (const m of text.matchAll(USED)) if (m[1] === '!') shown.add((m[3] || m[2]!).trim().toLowerCase());
    for (const [id, place] of definitions) add({ ...place, fetched: shown.has(id), how: 'reference' });
  }
  for (const m of text.matchAll(TAG)) {
    if (found.length >= MOST) break;
    const tag = m[1]!.toLowerCase();
    const end = m.index + m[0].length;
    for (const a of m[2]!.matchAll(ATTRIBUTE)) {
      const value = (a[2] ?? a[3] ?? a[4] ?? '').trim();
      const name = a[1]!.toLowerCase();
      if (name === 'style')
        for (const s of value.matchAll(STYLE)) add({ url: s[1]!, fetched: true, how: 'style', start: m.index, end });
      else
        for (const part of name === 'srcset' ? value.split(',') : [value.replace(/^\d{1,4};\s{0,5}url=/i, '')]) {
          const url = part.trim().split(/\s/)[0]!;
          if (/^(?:https?:)?\/\//i.test(decoded(url)))
            add({ url, fetched: !(tag === 'a' || tag === 'form'), how: 'html', start: m.index, end });
        }
    }
    taken.push({ start: m.index, end });
  }
  for (const m of text.matchAll(STYLE)) {
    if (taken.some((t) => m.index >= t.start && m.index < t.end)) continue;
    add({ url: m[1]!, fetched: true, how: 'style', start: m.index, end: m.index + m[0].length });
    taken.push({ start: m.index, end: m.index + m[0].length });
  }
  for (const m of text.matchAll(BARE)) {
    if (found.length >= MOST) break;
    if (taken.some((t) => m.index >= t.start && m.index < t.end)) continue;
    const url = m[0].replace(/[.,;:!?]+$/, '');
    add({ url, fetched: false, how: 'autolink', start: m.index, end: m.index + url.length });
  }
  return found;
}

export interface Address {
  readonly host: string;
  readonly path: string;
  /** Everything after `?` and `#`. */
  readonly rest: string;
}

/** Host, path and the rest of an address; `null` where it is none. */
export function addressOf(url: string): Address | null {
  const m = /^(?:https?:)?\/\/(?:[^@/?#]{0,200}@)?([^/?#:]{1,255})(?::\d{1,5})?([^?#]*)(.*)$/is.exec(
    url.startsWith('www.') ? `//${url}` : url,
  );
  if (m === null) return null;
  return { host: m[1]!.toLowerCase().replace(/\.$/, ''), path: m[2]!, rest: m[3]! };
}
