import { type Item, isUnreadable, itemOf, MOST_ITEMS, type Unreadable, type VendorStatus } from './item.ts';

/** What is watched, and with that the format it speaks. */
export const MONITOR_KINDS = ['hacker-news', 'reddit', 'feed', 'incident-database', 'status-page', 'json'] as const;
export type MonitorKind = (typeof MONITOR_KINDS)[number];

/** Where in polled JSON things stand: member names joined by dots, `items`, `data.posts`, `author.name`, `tags.0`. */
export interface JsonPaths {
  /** Where the list is; empty: the answer itself is the list. */
  readonly items: string;
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly text: string;
  readonly at: string;
}

/** What came over the wire, parsed: JSON, or XML as a tree of names (attributes as `@name`, text as `#text`). */
export type Answered = { readonly json: unknown } | { readonly xml: unknown };

type Members = Readonly<Record<string, unknown>>;
const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);
const listOf = (it: unknown): readonly unknown[] =>
  Array.isArray(it) ? it : it === undefined || it === null || it === '' ? [] : [it];
const member = (it: unknown, name: string): unknown =>
  isMembers(it) && Object.hasOwn(it, name) ? it[name] : undefined;

/** Text of an XML element: it may carry attributes, or stand more than once. */
function textOf(it: unknown): string {
  if (typeof it === 'string') return it;
  if (Array.isArray(it)) return textOf(it[0]);
  const inner = member(it, '#text');
  return typeof inner === 'string' ? inner : '';
}
const attribute = (it: unknown, name: string): string => {
  const said = member(it, `@${name}`);
  return typeof said === 'string' ? said : '';
};

const found = (items: readonly (Item | null)[]): Item[] => items.filter((it) => it !== null);

/** RSS 2.0 and RSS 1.0 (RDF), Atom (RFC 4287). */
function readFeed(xml: unknown): Item[] | Unreadable {
  const rss = member(member(xml, 'rss'), 'channel');
  const rdf = member(xml, 'rdf:RDF');
  const atom = member(xml, 'feed');
  if (rss !== undefined || rdf !== undefined)
    return found(
      listOf(member(rss ?? rdf, 'item'))
        .slice(0, MOST_ITEMS)
        .map((it) =>
          itemOf({
            guid: textOf(member(it, 'guid')),
            url: textOf(member(it, 'link')),
            title: textOf(member(it, 'title')),
            text: textOf(member(it, 'content:encoded')) || textOf(member(it, 'description')),
            at: textOf(member(it, 'pubDate')) || textOf(member(it, 'dc:date')),
          }),
        ),
    );
  if (atom !== undefined)
    return found(
      listOf(member(atom, 'entry'))
        .slice(0, MOST_ITEMS)
        .map((it) => {
          const links = listOf(member(it, 'link'));
          const best = links.find((link) => ['', 'alternate'].includes(attribute(link, 'rel'))) ?? links[0];
          return itemOf({
            guid: textOf(member(it, 'id')),
            url: attribute(best, 'href') || textOf(best),
            title: textOf(member(it, 'title')),
            text: textOf(member(it, 'content')) || textOf(member(it, 'summary')),
            at: textOf(member(it, 'published')) || textOf(member(it, 'updated')),
          });
        }),
    );
  return { unreadable: 'It is XML, and neither RSS nor Atom.' };
}

const noList = (what: string, where: string): Unreadable => ({
  unreadable: `It is JSON, and not an answer of ${what}: there is no list “${where}”.`,
});

/** Algolia's search of Hacker News: stories and comments. */
function readHackerNews(json: unknown): Item[] | Unreadable {
  const hits = member(json, 'hits');
  if (!Array.isArray(hits)) return noList('the Hacker News search', 'hits');
  return found(
    hits.slice(0, MOST_ITEMS).map((hit) => {
      const id = member(hit, 'objectID');
      const thread = typeof id === 'string' ? `https://news.ycombinator.com/item?id=${encodeURIComponent(id)}` : null;
      return itemOf({
        guid: id,
        url: member(hit, 'url') ?? thread,
        title: member(hit, 'title') ?? member(hit, 'story_title'),
        text: member(hit, 'story_text') ?? member(hit, 'comment_text'),
        at: member(hit, 'created_at_i') ?? member(hit, 'created_at'),
      });
    }),
  );
}

/** Reddit's listings: `search.json`, `new.json`. */
function readReddit(json: unknown): Item[] | Unreadable {
  const children = member(member(json, 'data'), 'children');
  if (!Array.isArray(children)) return noList('Reddit', 'data.children');
  return found(
    children.slice(0, MOST_ITEMS).map((child) => {
      const post = member(child, 'data');
      const permalink = member(post, 'permalink');
      return itemOf({
        guid: member(post, 'name') ?? member(post, 'id'),
        url: typeof permalink === 'string' ? `https://www.reddit.com${permalink}` : member(post, 'url'),
        title: member(post, 'title') ?? member(post, 'link_title'),
        text: member(post, 'selftext') ?? member(post, 'body'),
        at: member(post, 'created_utc'),
      });
    }),
  );
}

const IMPACTS = ['critical', 'major', 'minor', 'none'] as const;

/** Atlassian Statuspage: `summary.json` and `incidents.json`, both with a list `incidents`. */
function readStatusPage(json: unknown): Item[] | Unreadable {
  const incidents = member(json, 'incidents');
  if (!Array.isArray(incidents)) return noList('a status page', 'incidents');
  return found(
    incidents.slice(0, MOST_ITEMS).map((it) => {
      const state = member(it, 'status');
      const impact = member(it, 'impact');
      const newest = member(listOf(member(it, 'incident_updates'))[0], 'body');
      return itemOf({
        guid: member(it, 'id'),
        url: member(it, 'shortlink'),
        title: member(it, 'name'),
        text: newest,
        at: member(it, 'started_at') ?? member(it, 'created_at'),
        status: {
          state: typeof state === 'string' ? state : 'unknown',
          over: state === 'resolved' || state === 'postmortem' || state === 'completed',
          impact: IMPACTS.find((each) => each === impact) ?? null,
          components: listOf(member(it, 'components'))
            .map((each) => member(each, 'name'))
            .filter((name) => typeof name === 'string')
            .slice(0, 50),
        },
      });
    }),
  );
}

/** History feeds of status pages say how it stands in their text. */
function withStatus(item: Item): Item {
  const over = /\b(resolved|completed|postmortem)\b/i.test(item.text.slice(0, 400));
  const status: VendorStatus = { state: over ? 'resolved' : 'unknown', over, impact: null, components: [] };
  return { ...item, status };
}

const MOST_STEPS = 20;
function follow(json: unknown, path: string): unknown {
  let at = json;
  for (const step of path === '' ? [] : path.split('.').slice(0, MOST_STEPS))
    at = Array.isArray(at) && /^\d{1,4}$/.test(step) ? at[Number(step)] : member(at, step);
  return at;
}

function readJson(json: unknown, paths: JsonPaths): Item[] | Unreadable {
  const list = follow(json, paths.items);
  if (!Array.isArray(list))
    return {
      unreadable:
        paths.items === ''
          ? 'The answer is no list. Say under which member the list stands.'
          : `There is no list at “${paths.items}”.`,
    };
  const items = found(
    list.slice(0, MOST_ITEMS).map((it) =>
      itemOf({
        guid: follow(it, paths.id),
        url: paths.url === '' ? null : follow(it, paths.url),
        title: follow(it, paths.title),
        text: paths.text === '' ? null : follow(it, paths.text),
        at: paths.at === '' ? null : follow(it, paths.at),
      }),
    ),
  );
  return list.length > 0 && items.length === 0
    ? { unreadable: `No entry of the list has both an id at “${paths.id}” and a title at “${paths.title}”.` }
    : items;
}

/** What a source told of, newest as the source orders it, at most 200; or why its answer is not what it should be. */
export function readItems(kind: MonitorKind, answered: Answered, paths: JsonPaths | null): Item[] | Unreadable {
  if ('xml' in answered) {
    if (kind === 'json' || kind === 'hacker-news')
      return { unreadable: 'It is XML where JSON is expected. Watch it as a feed instead.' };
    const items = readFeed(answered.xml);
    return kind !== 'status-page' || isUnreadable(items) ? items : items.map(withStatus);
  }
  const { json } = answered;
  if (kind === 'hacker-news') return readHackerNews(json);
  if (kind === 'reddit') return readReddit(json);
  if (kind === 'status-page') return readStatusPage(json);
  if (kind === 'json')
    return paths === null ? { unreadable: 'Nobody has said where in it things stand.' } : readJson(json, paths);
  return { unreadable: 'It is JSON where a feed (RSS or Atom) is expected. Watch it as polled JSON instead.' };
}
