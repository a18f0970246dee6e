import { type Instant, instant } from '../../kernel/index.ts';

/** One thing a source tells of: a post, an article, an incident of a vendor. */
export interface Item {
  /** The source's own id; where it has none, the address. */
  readonly guid: string;
  /** http(s) address a person can open; null: it has none. */
  readonly url: string | null;
  readonly title: string;
  /** Plain text, at most 4,000 characters. */
  readonly text: string;
  /** When it was published or began; null: not said. */
  readonly at: Instant | null;
  /** Only of status pages. */
  readonly status: VendorStatus | null;
}

export interface VendorStatus {
  /** As the page says it: `investigating`, `resolved` … */
  readonly state: string;
  readonly over: boolean;
  readonly impact: 'critical' | 'major' | 'minor' | 'none' | null;
  readonly components: readonly string[];
}

/** What a source said could not be read as what it should be: a sentence for the card of the monitor. */
export interface Unreadable {
  readonly unreadable: string;
}
export const isUnreadable = (it: object): it is Unreadable => 'unreadable' in it;

/** Items of one answer that are looked at. */
export const MOST_ITEMS = 200;
const MOST_TITLE = 300;
const MOST_TEXT = 4_000;
/** Read of a text before its marks are taken out. */
const MOST_RAW = 40_000;

/** Letters of Latin-1 from U+00C0 on, by the names HTML gives them; `times` and `divide` are at their places. */
const LATIN =
  'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
    .split(' ')
    .map((name, i) => [name, String.fromCodePoint(0xc0 + i)] as const);

const NAMED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(LATIN),
  euro: '€',
  pound: '£',
  laquo: '«',
  raquo: '»',
  bull: '•',
  trade: '™',
  reg: '®',
  copy: '©',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
};

const XML = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

/** Character references once, never what comes out of them: nothing can grow. */
function unescaped(text: string, named: (name: string) => string | undefined): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return named(name) ?? whole;
    const point = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff)
      ? String.fromCodePoint(point)
      : whole;
  });
}
const ofHtml = (name: string) => (Object.hasOwn(NAMED, name) ? NAMED[name] : NAMED[name.toLowerCase()]);

/** Text of XML as it was meant: the five names XML has and numbers, once. What it holds may still be HTML. */
export const xmlText = (text: string): string => unescaped(text, (name) => (XML.has(name) ? NAMED[name] : undefined));

/** Text that may hold HTML, as words a person can read. */
export function readableText(html: string, most = MOST_TEXT): string {
  const bare = unescaped(
    html
      .slice(0, MOST_RAW)
      .replace(/<(script|style)\b[\s\S]{0,20000}?<\/\1\s*>/gi, ' ')
      .replace(/<[^>]{0,2000}>/g, ' '),
    ofHtml,
  );
  return bare.replace(/\s+/g, ' ').trim().slice(0, most);
}

const ADDRESS = /^https?:\/\/([^\s/?#]{1,255})([^\s?#]*)(?:\?([^\s#]*))?(?:#\S*)?$/i;

/** The address where it is one that can be opened, else null. */
export function webAddress(said: unknown): string | null {
  if (typeof said !== 'string' || said.length > 2_000) return null;
  return ADDRESS.test(said.trim()) ? said.trim() : null;
}

/** A time as sources write it: ISO 8601, RFC 822, or seconds since the epoch. */
function timeSaid(said: unknown): Instant | null {
  try {
    if (typeof said === 'number' && said > 0) return instant(said < 1e11 ? said * 1_000 : said);
    if (typeof said === 'string' && /\d{4}|\d{2}:\d{2}/.test(said)) return instant(said.trim());
  } catch {
    return null;
  }
  return null;
}

interface Said {
  readonly guid: unknown;
  readonly url: unknown;
  readonly title: unknown;
  readonly text: unknown;
  readonly at: unknown;
  readonly status?: VendorStatus;
}
const wordsOf = (said: unknown): string =>
  typeof said === 'string' ? said : typeof said === 'number' ? `${said}` : '';

/** An item of what a source said, or null where there is nothing to recognise it by or to read. */
export function itemOf({ guid, url, title, text, at, status }: Said): Item | null {
  const address = webAddress(url);
  const body = readableText(wordsOf(text));
  const heading = readableText(wordsOf(title), MOST_TITLE) || body.slice(0, 120);
  const id = wordsOf(guid).trim().slice(0, 500) || address || '';
  if (id === '' || heading === '') return null;
  return { guid: id, url: address, title: heading, text: body, at: timeSaid(at), status: status ?? null };
}

/** What makes two addresses one page: no campaign marks, no fragment, no `www.`, one scheme. */
export function canonicalAddress(address: string): string {
  const [, host = '', path = '', query = ''] = ADDRESS.exec(address) ?? [];
  const kept = query
    .split('&')
    .filter((pair) => pair !== '' && !/^(utm_\w+|fbclid|gclid|mc_[ce]id|ref|ref_src|cmpid)(=|$)/i.test(pair))
    .sort();
  const place = host
    .toLowerCase()
    .replace(/^(www|old|m|amp)\./, '')
    .replace(/:(80|443)$/, '');
  return `${place}${path.replace(/\/+$/, '')}${kept.length === 0 ? '' : `?${kept.join('&')}`}`;
}
