import type { HarmSaid } from '../signals/index.ts';

/** Longest texts, in characters, and how many a source may send. */
export const REPORT_LIMITS = {
  what: 4_000,
  quote: 2_000,
  link: 500,
  when: 200,
  product: 200,
  contact: 254,
  answer: 2_000,
  intro: 1_000,
  organisation: 300,
  name: 80,
  names: 50,
  /** Reports kept in an hour, from everywhere. */
  anHour: 200,
  /** Of one address (IPv6: of one /64), and of its neighbourhood (IPv4 /24, IPv6 /48). */
  ofAddress: 10,
  ofNeighbourhood: 40,
  /** Looks at a reference from one address in ten minutes. */
  looks: 30,
} as const;

/** C0 and C1 but tab and line feed, and what turns or hides text: embeddings, isolates, zero width, tags. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** A text of a stranger as it may be shown: without characters that control, turn or hide, and trimmed. */
export const plainText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(UNSEEN, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** The same on one line. */
export const plainLine = (text: string): string => plainText(text).replace(/\s+/g, ' ');

/** A report without what only serves to answer it. */
export interface ReportWords {
  readonly what: string;
  readonly quote: string | null;
  readonly product: string | null;
  readonly link: string | null;
  readonly when: string | null;
  readonly harm: HarmSaid;
}

/** What happened and what was answered, as one text that groups with what others say. */
export const saidIn = ({ what, quote }: Pick<ReportWords, 'what' | 'quote'>): string =>
  quote === null ? what : `${what}\n\nIt answered: “${quote}”`;

/** The same words twice are one report, whoever sends them. */
export const wordsKey = ({ what, quote, product, link, when, harm }: ReportWords): string =>
  JSON.stringify([what, quote, product, link, when, harm]);
