import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, type Recorded } from '../../kernel/index.ts';
import {
  addMonitor,
  canonicalAddress,
  describeMonitor,
  foldMonitor,
  type Item,
  isSameStory,
  isUnreadable,
  itemKeys,
  type Keywords,
  looked,
  MONITOR_KINDS,
  type MonitorDescription,
  pauseMonitor,
  readableText,
  readItems,
  relevanceOf,
  removeMonitor,
  resumeMonitor,
  titleWords,
  tooOld,
  USUAL_THRESHOLD,
  usualAddress,
  waitAfter,
} from './index.ts';

const NOW = instant('2026-11-20T10:00:00Z');
const words = (part: Partial<Keywords> = {}): Keywords => ({
  brand: ['Northwind'],
  must: [],
  any: [],
  not: [],
  near: [],
  ...part,
});
const item = (title: string, text = '', part: Partial<Item> = {}): Item => ({
  guid: 'g1',
  url: 'https://example.test/a',
  title,
  text,
  at: NOW,
  status: null,
  ...part,
});
const judged = (it: Item, keywords = words()) => relevanceOf('feed', it, keywords, USUAL_THRESHOLD);

describe('relevance', () => {
  it.each([
    ['Northwind chatbot invents a refund policy', '', true],
    ['Northwind’s AI assistant leaked customer e-mails', '', true],
    ['What I saw today', 'The chat bot of Northwind told me something wrong about my bill.', true],
    ['Northwind Chatbot erfindet Rückgabefrist', '', true],
    ['Le chatbot de Northwind invente une politique', '', true],
    ['El asistente de Northwind inventó una norma', '', true],
    ['Northwindのチャットボットが誤情報を案内', '', true],
    ['Northwind opens an office in Oslo', 'They hire engineers for AI.', false],
    ['No outage at Northwind', 'The AI assistant was never down.', false],
    ['Contoso chatbot invents a refund policy', '', false],
    ['Northwindows are broken', 'AI model of a window.', false],
    ['A recipe for soup', 'Northwind once failed to deliver carrots.', false],
  ])('“%s” %s', (title, text, keep) => {
    const verdict = judged(item(title, text));
    expect(verdict.keep, verdict.reasons.join('; ')).toBe(keep);
    expect(verdict.reasons.length).toBeGreaterThan(0);
  });

  it('weighs a title more than a text', () => {
    const loud = judged(item('Northwind bot invents rules', 'x')).score;
    expect(loud).toBeGreaterThan(judged(item('A story', 'Northwind bot invents rules')).score);
  });

  it.each([
    [words({ must: ['refund'] }), /lacks “refund”/],
    [words({ any: ['login', 'sign in'] }), /none of “login”, “sign in”/],
    [words({ not: ['chatbot'] }), /“chatbot”, which is not wanted/],
    [words({ near: [{ one: 'northwind', other: 'policy', within: 2 }] }), /not within 2 words/],
    [words({ brand: ['Contoso'] }), /none of your words/],
  ])('says why it drops', (keywords, says) => {
    const verdict = judged(item('Northwind chatbot invents a new and strange policy'), keywords);
    expect(verdict).toMatchObject({ keep: false });
    expect(verdict.reasons.join()).toMatch(says);
  });

  it('takes near words, phrases, accents and width as they are meant', () => {
    const near = words({ brand: ['north wind'], near: [{ one: 'policy', other: 'invents', within: 3 }] });
    expect(judged(item('North Wind chatbot invents a policy'), near).keep).toBe(true);
    expect(judged(item('Ｎｏｒｔｈｗｉｎｄ bot: erreur, politique inventée'), words()).keep).toBe(true);
    expect(judged(item('Café bot lied'), words({ brand: ['cafe'] })).keep).toBe(true);
  });

  it('needs only the name in a list of AI incidents, and nothing on a status page', () => {
    expect(relevanceOf('incident-database', item('Northwind and a child'), words(), 0.6).keep).toBe(true);
    expect(relevanceOf('incident-database', item('Contoso and a child'), words(), 0.6).keep).toBe(false);
    const status = { state: 'investigating', over: false, impact: 'major', components: ['API'] } as const;
    const outage = item('Elevated errors', '', { status });
    expect(relevanceOf('status-page', outage, words({ brand: [] }), 0.6)).toMatchObject({
      keep: true,
      reasons: ['the vendor says investigating, impact major'],
    });
    expect(relevanceOf('status-page', outage, words({ brand: [], any: ['Billing'] }), 0.6).keep).toBe(false);
    expect(relevanceOf('status-page', outage, words({ brand: [], any: ['api'] }), 0.6).keep).toBe(true);
  });

  it('stays between 0 and 1 and says something, whatever it reads', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MONITOR_KINDS),
        fc.string(),
        fc.string(),
        fc.array(fc.string(), { maxLength: 3 }),
        (kind, title, text, brand) => {
          const verdict = relevanceOf(kind, item(title, text), words({ brand }), USUAL_THRESHOLD);
          expect(verdict.score).toBeGreaterThanOrEqual(0);
          expect(verdict.score).toBeLessThanOrEqual(1);
          expect(verdict.reasons.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('what is the same', () => {
  it('knows a page by any of its addresses', () => {
    const one = canonicalAddress('https://www.example.test/story/?utm_source=x&id=7#comments');
    for (const other of ['http://example.test/story?id=7', 'https://m.example.test/story/?fbclid=1&id=7'])
      expect(canonicalAddress(other)).toBe(one);
    expect(canonicalAddress('https://example.test/story?id=8')).not.toBe(one);
    expect(itemKeys(item('x'))).toEqual(['g:g1', 'u:example.test/a']);
  });

  it('knows a story by its title, and keeps short titles apart', () => {
    const same = (a: string, b: string) => isSameStory(titleWords(a), titleWords(b));
    expect(
      same(
        'Northwind chatbot invents refund policy for customers',
        'Northwind chatbot invents a refund policy for customers (2026)',
      ),
    ).toBe(true);
    expect(same('Northwind chatbot invents refund policy', 'Northwind chatbot leaks customer addresses')).toBe(false);
    expect(same('Northwind down', 'Northwind breach')).toBe(false);
    expect(same('', '')).toBe(false);
  });

  it('takes old things for no news at the first sight, except an outage that goes on', () => {
    const old = { at: instant('2026-11-01T00:00:00Z') };
    expect(tooOld('feed', item('x', '', old), NOW)).toMatch('7 days');
    expect(tooOld('incident-database', item('x', '', old), NOW)).toBeNull();
    const status = { state: 'monitoring', over: false, impact: null, components: [] };
    expect(tooOld('status-page', item('x', '', { ...old, status }), NOW)).toBeNull();
    expect(tooOld('status-page', item('x', '', { ...old, status: { ...status, over: true } }), NOW)).toMatch('a day');
    expect(tooOld('feed', item('x', '', { at: null }), NOW)).toBeNull();
  });
});

describe('reading sources', () => {
  it('reads the search of Hacker News, stories and comments', () => {
    const json = {
      hits: [
        { objectID: '1', title: 'A &amp; B', url: 'https://example.test/1', created_at_i: 1_795_000_000 },
        {
          objectID: '2',
          title: null,
          story_title: 'Story',
          comment_text: '<p>It&#x27;s <i>wrong</i></p>',
          created_at: '2026-11-20T09:00:00Z',
        },
        { title: 'no id and no address' },
        'nonsense',
      ],
    };
    const items = readItems('hacker-news', { json }, null) as Item[];
    expect(items.map(({ title, text, url }) => [title, text, url])).toEqual(
      [
        ['A & B', '', 'https://example.test/1'],
        ['Story', "It's wrong", 'https://news.ycombinator.com/item?id=2'],
        ['no id and no address', '', null],
      ].slice(0, 2),
    );
    expect(items[1]!.at).toBe('2026-11-20T09:00:00.000Z');
  });

  it('reads Reddit, status pages and any JSON by its paths', () => {
    const reddit = {
      data: {
        children: [
          { data: { name: 't3_a', title: 'T', selftext: 'S', permalink: '/r/x/1', created_utc: 1_795_000_000 } },
        ],
      },
    };
    expect(readItems('reddit', { json: reddit }, null)).toMatchObject([
      { guid: 't3_a', url: 'https://www.reddit.com/r/x/1', text: 'S' },
    ]);
    const page = {
      incidents: [
        {
          id: 'i1',
          name: 'Errors',
          status: 'resolved',
          impact: 'minor',
          shortlink: 'https://stspg.test/i1',
          started_at: '2026-11-20T09:00:00Z',
          incident_updates: [{ body: 'All is well.' }, { body: 'older' }],
          components: [{ name: 'API' }],
        },
      ],
    };
    expect(readItems('status-page', { json: page }, null)).toMatchObject([
      {
        guid: 'i1',
        text: 'All is well.',
        status: { state: 'resolved', over: true, impact: 'minor', components: ['API'] },
      },
    ]);
    const paths = { items: 'data.posts', id: 'key', title: 'head.0', url: 'link', text: '', at: 'when' };
    const any = { data: { posts: [{ key: 5, head: ['T'], link: 'javascript:alert(1)', when: 1_795_000_000_000 }] } };
    expect(readItems('json', { json: any }, paths)).toMatchObject([
      { guid: '5', title: 'T', url: null, at: instant(1_795_000_000_000) },
    ]);
    expect(readItems('json', { json: { data: { posts: [{ nothing: 1 }] } } }, paths)).toMatchObject({
      unreadable: /No entry/ as unknown,
    });
    expect(
      readItems('json', { json: JSON.parse('{"__proto__":{"x":[]}}') }, { ...paths, items: 'constructor' }),
    ).toSatisfy((it: object) => isUnreadable(it));
  });

  it('reads RSS 2.0, RSS 1.0 and Atom from their trees', () => {
    const entry = {
      title: { '#text': 'T', '@type': 'html' },
      link: [{ '@rel': 'self', '@href': 'https://e.test/self' }, { '@href': 'https://e.test/1' }],
      id: 'tag:1',
      updated: '2026-11-20T09:00:00+02:00',
      summary: '&lt;b&gt;bold&lt;/b&gt;',
    };
    expect(readItems('feed', { xml: { feed: { entry } } }, null)).toMatchObject([
      { guid: 'tag:1', url: 'https://e.test/1', title: 'T', at: '2026-11-20T07:00:00.000Z' },
    ]);
    const rss = {
      item: [
        {
          title: 'R',
          link: 'https://e.test/2',
          guid: { '#text': '2', '@isPermaLink': 'false' },
          pubDate: 'Fri, 20 Nov 2026 09:00:00 GMT',
        },
        { title: '' },
      ],
    };
    expect(readItems('feed', { xml: { rss: { channel: rss } } }, null)).toMatchObject([
      { guid: '2', at: '2026-11-20T09:00:00.000Z' },
    ]);
    expect(
      readItems('feed', { xml: { 'rdf:RDF': { item: { title: 'D', link: 'https://e.test/3' } } } }, null),
    ).toMatchObject([{ guid: 'https://e.test/3' }]);
    const history = {
      item: { title: 'Outage', link: 'https://e.test/4', description: '<strong>Resolved</strong> - fixed' },
    };
    expect(readItems('status-page', { xml: { rss: { channel: history } } }, null)).toMatchObject([
      { status: { over: true } },
    ]);
  });

  it.each([
    ['hacker-news', { json: { message: 'no' } }],
    ['reddit', { json: [] }],
    ['status-page', { json: 'x' }],
    ['feed', { xml: { html: {} } }],
    ['feed', { json: {} }],
    ['json', { xml: {} }],
    ['json', { json: {} }],
    ['hacker-news', { json: null }],
  ] as const)('says plainly what is wrong with an answer for %s', (kind, answered) => {
    const read = readItems(kind, answered, { items: 'a', id: 'b', title: 'c', url: '', text: '', at: '' });
    expect(isUnreadable(read) && read.unreadable).toMatch(/\.$/);
  });

  it('expands nothing and drops marks', () => {
    expect(readableText('&amp;lt;b&amp;gt; &#128512; &#xD800; &unknown; <script>x</script><p>a<br/>b')).toBe(
      '&lt;b&gt; 😀 &#xD800; &unknown; a b',
    );
  });
});

const description: MonitorDescription = {
  name: 'HN',
  kind: 'hacker-news',
  address: '',
  system: 'support-bot',
  vendor: null,
  keywords: words(),
  threshold: 0.6,
  everyMinutes: 15,
  paths: null,
};
const recorded = (type: string, data: object, seq = 1) =>
  ({ type, data, seq, stream: 'mon_1', version: seq, at: NOW, by: { kind: 'person', id: 'usr_1' } }) as Recorded;
const added = recorded('monitor.added', { monitor: 'mon_1', ...description });
const monitor = foldMonitor([added])!;

describe('a monitor', () => {
  it('is added, described, paused, resumed and removed', () => {
    expect(addMonitor(null, { monitor: 'mon_1', ...description }, 0)).toMatchObject([{ type: 'monitor.added' }]);
    expect(addMonitor(monitor, { monitor: 'mon_1', ...description }, 0)).toEqual([]);
    expect(addMonitor(null, { monitor: 'mon_1', ...description }, 200)).toMatchObject({ refused: 'monitor.too-many' });
    expect(describeMonitor(null, description)).toMatchObject({ refused: 'monitor.unknown' });
    expect(pauseMonitor(monitor, { reason: 'noise' })).toMatchObject([{ type: 'monitor.paused' }]);
    expect(resumeMonitor(monitor)).toEqual([]);
    const gone = foldMonitor([added, recorded('monitor.removed', { reason: 'x' }, 2)]);
    expect(removeMonitor(gone, { reason: 'again' })).toEqual([]);
    expect(pauseMonitor(gone, { reason: 'x' })).toMatchObject({ refused: 'monitor.unknown' });
  });

  it.each([
    [{ kind: 'feed' }, 'monitor.bad-address'],
    [{ address: 'ftp://example.test' }, 'monitor.bad-address'],
    [{ address: 'https://me:secret@example.test' }, 'monitor.bad-address'],
    [{ kind: 'feed', address: 'https://example.test', keywords: words({ brand: [] }) }, 'monitor.no-words'],
    [{ kind: 'json', address: 'https://example.test' }, 'monitor.bad-paths'],
    [{ system: null }, 'monitor.about-nothing'],
    [{ kind: 'status-page', address: 'https://example.test', system: null }, 'monitor.about-nothing'],
  ] as const)('refuses %o', (part, refused) => {
    expect(describeMonitor(monitor, { ...description, ...part } as MonitorDescription)).toMatchObject({ refused });
  });

  it('knows where its kind is found', () => {
    expect(usualAddress('hacker-news', words({ brand: ['North Wind'] }))).toContain('query=North%20Wind&');
    expect(usualAddress('feed', words())).toBeNull();
    expect(usualAddress('incident-database', words({ brand: [] }))).toMatch(/^https:/);
  });

  it('falls silent once after three failures, and is heard again once', () => {
    const want = { fault: 'no answer', failures: 3, lastGood: NOW };
    expect(looked(monitor, { ...want, failures: 2 })).toEqual([]);
    expect(looked(monitor, want)).toMatchObject([{ type: 'monitor.fell-silent', data: { why: 'no answer' } }]);
    const silent = foldMonitor([
      added,
      recorded('monitor.fell-silent', { why: 'no answer', failures: 3, since: NOW }, 2),
    ])!;
    expect(silent.silent).toEqual({ at: NOW, why: 'no answer' });
    expect(looked(silent, { ...want, failures: 4 })).toEqual([]);
    expect(looked(silent, { ...want, fault: null })).toMatchObject([{ type: 'monitor.heard-again' }]);
    expect(looked(null, want)).toEqual([]);
  });

  it('backs off up to six hours, never looks more often than asked, and waits as long as the host says', () => {
    const minutes = (ms: number) => ms / 60_000;
    expect([0, 1, 2, 3, 10].map((n) => minutes(waitAfter(15, n, null)))).toEqual([15, 30, 60, 120, 360]);
    expect(minutes(waitAfter(1_440, 3, null))).toBe(1_440);
    expect(minutes(waitAfter(15, 1, 7_200_000))).toBe(120);
    expect(minutes(waitAfter(15, 1, 1e12))).toBe(1_440);
  });
});
