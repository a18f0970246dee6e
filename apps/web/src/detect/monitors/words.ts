import type { Monitor } from '@firebreak/contract/detect/monitors';
import type { Keywords, MonitorKind } from '@firebreak/core/detect/monitors';

export const KIND_WORDS: Readonly<Record<MonitorKind, string>> = {
  'hacker-news': 'Hacker News',
  reddit: 'Reddit',
  feed: 'Feed (RSS or Atom)',
  'incident-database': 'AI Incident Database',
  'status-page': 'Status page of a vendor',
  json: 'Polled JSON',
};

export const KIND_HINTS: Readonly<Record<MonitorKind, string>> = {
  'hacker-news': 'Left empty: the public search, for the first name below.',
  reddit: 'Left empty: the public search, for the first name below. A subreddit’s new.json or .rss works as well.',
  feed: 'The address of an RSS or Atom feed, for example of a newspaper or a forum.',
  'incident-database': 'Left empty: the feed of the public database.',
  'status-page': 'Most status pages answer at /api/v2/summary.json; their history feed works as well.',
  json: 'An address that answers JSON with a list in it.',
};

/** Words between commas or on lines of their own. */
export const wordsIn = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** Lines such as `refund, policy, 8`; a line without both words is left out. */
export function pairsIn(text: string): { one: string; other: string; within: number }[] {
  return text.split('\n').flatMap((line) => {
    const [one, other, within] = wordsIn(line);
    const count = Number(within);
    return one && other
      ? [{ one, other, within: Number.isInteger(count) && count > 0 ? Math.min(50, count) : 10 }]
      : [];
  });
}
export const sayPairs = (near: Keywords['near']): string =>
  near.map(({ one, other, within }) => `${one}, ${other}, ${within}`).join('\n');

/** What a monitor looks for, in a phrase. */
export function sayWords({ brand, must, any, not, near }: Keywords): string {
  const parts = [
    brand.length > 0 && brand.join(' or '),
    must.length > 0 && `with ${must.join(' and ')}`,
    any.length > 0 && `one of ${any.join(', ')}`,
    near.length > 0 && near.map(({ one, other, within }) => `${one} within ${within} words of ${other}`).join(', '),
    not.length > 0 && `without ${not.join(', ')}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'everything it shows' : parts.join('; ');
}

/** How a monitor stands: one word, and its colour. */
export function standingOf({
  paused,
  silent,
  fault,
  lookedAt,
}: Pick<Monitor, 'paused' | 'silent' | 'fault' | 'lookedAt'>): {
  word: string;
  tone: 'moss' | 'amber' | 'plain' | 'ember';
} {
  if (paused !== null) return { word: 'paused', tone: 'plain' };
  if (silent !== null) return { word: 'silent', tone: 'ember' };
  if (fault !== null) return { word: 'failing', tone: 'amber' };
  return lookedAt === null ? { word: 'not looked yet', tone: 'plain' } : { word: 'listening', tone: 'moss' };
}
