import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { candidates } from '@firebreak/contract/detect/candidates';
import { channels } from '@firebreak/contract/detect/channels';
import { type MonitorItem, monitors } from '@firebreak/contract/detect/monitors';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { records } from '@firebreak/contract/prepare/records';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { vendors } from '@firebreak/contract/prepare/vendors';
import { type Answered, isUnreadable, readItems } from '@firebreak/core/detect/monitors';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readAnswer } from './read-answer.ts';

const story = (guid: string, title: string, when = 'Fri, 20 Nov 2026 20:00:00 GMT') =>
  `<item><title>${title}</title><link>https://news.test/${guid}?utm_source=rss</link><guid isPermaLink="false">${guid}</guid><pubDate>${when}</pubDate><description><![CDATA[<p>What customers say.</p>]]></description></item>`;
const rss = (...items: string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${items.join('')}</channel></rss>`;

describe('monitors', () => {
  let world: World;
  let source: Server;
  let at: string;
  let vendor: `vnd_${string}`;
  const asked: { path: string; headers: IncomingHttpHeaders }[] = [];
  const pages = new Map<string, (response: ServerResponse, headers: IncomingHttpHeaders) => void>();
  const says = (path: string, body: string | object, headers: Record<string, string> = {}, status = 200) =>
    pages.set(path, (response) => {
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  /** The watch writes a job, and the next tick does it. */
  const later = async (by: `${number}${'s' | 'm' | 'h'}`) => {
    await world.advance(by);
    await world.settle();
  };
  const times = (path: string) => asked.filter((each) => each.path === path).length;

  beforeAll(async () => {
    source = createServer((request, response) => {
      asked.push({ path: request.url!, headers: request.headers });
      const page = pages.get(request.url!);
      if (page) page(response, request.headers);
      else response.writeHead(404).end();
    });
    await new Promise<void>((done) => source.listen(0, '127.0.0.1', done));
    at = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
    world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' } });
    const { client } = world.ana;
    for (const [key, by] of [
      ['bot', 'Contoso AI'],
      ['mailer', 'contoso-ai'],
      ['sorter', ''],
    ] as const)
      await client.call(inventory.register, { body: { key, name: key, type: 'generative', vendor: by } });
    await client.call(systemParts.routeChannel, {
      params: { system: 'bot' },
      body: { channel: 'external', to: 'On-call' },
    });
    const made = await client.call(vendors.register, {
      body: { name: 'Contoso', aliases: ['Contoso AI'], owner: world.ana.id as `usr_${string}` },
    });
    vendor = made.vendor.id as `vnd_${string}`;
  });
  afterEach(async () => {
    const { monitors: rows } = await world.ana.client.call(monitors.list, { query: {} });
    for (const { id } of rows)
      await world.ana.client.call(monitors.remove, { params: { monitor: id }, body: { reason: 'the test is over' } });
    // A host is left alone for a moment after every request.
    await later('10s');
  });
  afterAll(async () => {
    await world.close();
    source.closeAllConnections();
    source.close();
  });

  const body = (part: object = {}) => ({
    name: 'Press',
    kind: 'feed' as const,
    address: `${at}/feed`,
    system: 'bot',
    keywords: { brand: ['Northwind'] },
    ...part,
  });
  const add = async (part: object = {}) => (await world.ana.client.call(monitors.add, { body: body(part) })).monitor.id;
  const show = async (id: string) =>
    (await world.ana.client.call(monitors.list, { query: {} })).monitors.find((each) => each.id === id)!;
  const items = async (id: `mon_${string}`, query = {}): Promise<MonitorItem[]> =>
    (await world.ana.client.call(monitors.items, { params: { monitor: id }, query })).items;
  const raised = async (system: string) =>
    (await world.ana.client.call(signals.listSignals, { query: { system, channel: 'external' } })).items;

  it('raises a signal that quotes title and address, says why the rest was dropped, and tells nothing twice', async () => {
    says(
      '/feed',
      rss(
        story('1', 'Northwind chatbot invents a refund policy'),
        story('2', 'Northwind opens an office'),
        story('3', 'Northwind chatbot lied in spring', 'Fri, 01 May 2026 20:00:00 GMT'),
      ),
    );
    const id = await add();
    await later('6s');
    expect(await show(id)).toMatchObject({ kept: 1, dropped: 2, fault: null, goodAt: world.now(), toldTo: 'On-call' });
    const [signal] = await raised('bot');
    expect(signal).toMatchObject({
      kind: 'public-report',
      evidenceClass: 'weak',
      detector: 'monitor Press',
      lookedFor: ['Northwind'],
      at: '2026-11-20T20:00:00.000Z',
      text: '“Northwind chatbot invents a refund policy” What customers say. https://news.test/1?utm_source=rss',
    });
    const seen = await items(id);
    expect(Object.fromEntries(seen.map((it) => [it.title, it.reasons.join()]))).toMatchObject({
      'Northwind opens an office': 'no word of failure, or only negated ones',
      'Northwind chatbot lied in spring': 'older than 7 days when it was first seen',
    });
    expect(seen.find(({ kept }) => kept)!.signals).toEqual([signal!.id]);
    expect((await world.ana.client.call(candidates.listCandidates, { query: { system: 'bot' } })).items).toHaveLength(
      1,
    );

    says(
      '/feed',
      rss(
        story('1', 'Northwind chatbot invents a refund policy'),
        story('9', 'Northwind chatbot invents refund policy!'),
      ),
    );
    says(
      '/other',
      rss(story('77', 'Northwind: chatbot invents a refund policy'), story('78', 'Northwind AI bot leaks addresses')),
    );
    const other = await add({ name: 'Other press', address: `${at}/other` });
    await later('15m');
    await later('15m');
    // One host is asked one thing at a time: of two that are due together, the second is asked a moment later.
    await later('1m');
    expect((await raised('bot')).map(({ text }) => text.slice(0, 34))).toEqual([
      '“Northwind AI bot leaks addresses”',
      '“Northwind chatbot invents a refun',
    ]);
    expect((await items(other, { show: 'dropped' }))[0]!.reasons[0]).toMatch(
      'told already: the same story as “Northwind chatbot invents a refund policy”',
    );
    // Two stories about one product are two candidates.
    expect((await world.ana.client.call(candidates.listCandidates, { query: { system: 'bot' } })).items).toHaveLength(
      2,
    );
    const { systems } = await world.ana.client.call(channels.coverage, { query: { system: 'bot' } });
    expect(systems[0]!.channels).toContainEqual(
      expect.objectContaining({ channel: 'external', state: 'ready', routedTo: 'On-call' }),
    );
  });

  it('asks with the marks it was given, waits its interval, and judges again when the words change', async () => {
    pages.set('/etag', (response, headers) => {
      if (headers['if-none-match'] === '"v1"') response.writeHead(304).end();
      else
        response
          .writeHead(200, { etag: '"v1"', 'last-modified': 'Fri, 20 Nov 2026 20:00:00 GMT' })
          .end(rss(story('e1', 'Fabrikam bot leaks addresses')));
    });
    const id = await add({ address: `${at}/etag`, everyMinutes: 10 });
    await later('6s');
    await later('9m');
    expect(times('/etag')).toBe(1);
    await later('1m');
    expect(times('/etag')).toBe(2);
    expect(asked.at(-1)!.headers).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': 'Fri, 20 Nov 2026 20:00:00 GMT',
    });
    expect(await show(id)).toMatchObject({ fault: null, kept: 0, dropped: 1, goodAt: world.now() });
    const params = { monitor: id };
    await world.ana.client.call(monitors.describe, {
      params,
      body: body({ address: `${at}/etag`, everyMinutes: 10, keywords: { brand: ['Fabrikam'] } }),
    });
    await later('6s');
    expect(asked.at(-1)!.headers['if-none-match']).toBeUndefined();
    expect(await show(id)).toMatchObject({ kept: 1, dropped: 0 });
    await world.ana.client.call(monitors.pause, { params, body: { reason: 'too loud' } });
    await later('1h');
    expect(times('/etag')).toBe(3);
    expect(await show(id)).toMatchObject({ paused: 'too loud', nextAt: null });
    await world.ana.client.call(monitors.resume, { params });
    await later('6s');
    expect(times('/etag')).toBe(4);
  });

  it('waits as long as the host says, for every monitor of that host', async () => {
    says('/limited', 'slow down', { 'retry-after': '7200' }, 429);
    const id = await add({ address: `${at}/limited`, everyMinutes: 5 });
    await later('6s');
    expect(await show(id)).toMatchObject({ fault: 'It asks to be asked less often (429).', failures: 1 });
    says('/feed', rss());
    await add({ everyMinutes: 5 });
    const before = times('/feed');
    await later('1h');
    expect([times('/limited'), times('/feed')]).toEqual([1, before]);
    await expect(world.ana.client.call(monitors.test, { body: body() })).rejects.toMatchObject({
      code: 'monitor.host-waits',
      status: 429,
    });
    says('/limited', rss());
    await later('65m');
    await later('1m');
    expect([times('/limited'), times('/feed')]).toEqual([2, before + 1]);
    expect(await show(id)).toMatchObject({ fault: null, failures: 0 });
  });

  it('says what is wrong with an answer, backs off, falls silent after three, and is heard again', async () => {
    says('/html', '<!DOCTYPE html><html><body>Log in</body></html>', { 'content-type': 'text/html', etag: '"h"' });
    const id = await add({ address: `${at}/html`, everyMinutes: 5, system: 'sorter' });
    const external = async () => {
      const { systems } = await world.ana.client.call(channels.coverage, { query: { system: 'sorter' } });
      return systems[0]!.channels.find(({ channel }) => channel === 'external')!.state;
    };
    await later('6s');
    expect((await show(id)).fault).toMatch(/web page \(HTML\) where JSON or a feed is expected/);
    await later('6m');
    expect(times('/html')).toBe(1);
    await later('5m');
    expect(times('/html')).toBe(2);
    expect(asked.at(-1)!.headers['if-none-match']).toBeUndefined();
    expect(await external()).toBe('missing');
    await later('21m');
    expect(await show(id)).toMatchObject({ failures: 3, silent: { why: expect.stringContaining('HTML') } });
    expect(await external()).toBe('silent');
    says('/html', rss());
    await later('2h');
    expect(await show(id)).toMatchObject({ failures: 0, silent: null, fault: null });
    expect(await external()).toBe('unrouted');
  });

  it.each([
    ['/gone', /There is nothing at this address \(404\)/],
    ['/loop', /sent on more than 3 times/],
    ['/huge', /larger than 2048 KiB/],
    ['/garbage', /neither JSON nor XML/],
    ['/bomb', /entities of its own/],
    ['/broken', /XML is broken/],
    ['/json', /JSON where a feed/],
  ])('is not harmed by %s', async (path, fault) => {
    says('/loop', '', { location: '/loop' }, 302);
    says('/huge', '<'.padEnd(2_200_000, 'x'));
    says('/garbage', 'Service Temporarily OK');
    says(
      '/bomb',
      '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>',
    );
    says('/broken', '<rss><channel><item></rss>');
    says('/json', { hits: [] });
    const id = await add({ address: `${at}${path}` });
    await later('6s');
    expect(await show(id)).toMatchObject({ failures: 1, fault: expect.stringMatching(fault), kept: 0 });
  });

  it('makes incidents of a vendor signals of every system that depends on it, and again when they get worse', async () => {
    const incident = (part: object) => ({
      id: 'x1',
      name: 'Elevated error rates',
      status: 'investigating',
      impact: 'minor',
      shortlink: 'https://stspg.test/x1',
      started_at: world.now(),
      incident_updates: [{ body: 'We are looking into it.' }],
      components: [{ name: 'API' }],
      ...part,
    });
    says('/summary.json', { page: { name: 'Contoso' }, incidents: [incident({})] });
    const id = await add({
      name: 'Contoso status',
      kind: 'status-page',
      address: `${at}/summary.json`,
      system: null,
      vendor,
      keywords: {},
    });
    await later('6s');
    const of = async (system: string) => (await raised(system)).filter(({ kind }) => kind === 'vendor-incident');
    expect(await of('mailer')).toMatchObject([
      {
        archetype: 'vendor-outage',
        evidenceClass: 'strong',
        severityHint: 4,
        text: 'Contoso reports: “Elevated error rates” (investigating, impact minor, API) We are looking into it. https://stspg.test/x1',
      },
    ]);
    expect(await of('bot')).toHaveLength(1);
    expect(await of('sorter')).toEqual([]);
    expect(await show(id)).toMatchObject({ vendorName: 'Contoso', kept: 1 });
    says('/summary.json', { incidents: [incident({ impact: 'critical' })] });
    await later('16m');
    expect((await of('mailer')).map(({ severityHint }) => severityHint)).toEqual([2, 4]);
    says('/summary.json', { incidents: [incident({ impact: 'critical', status: 'resolved' })] });
    await later('16m');
    expect(await of('mailer')).toHaveLength(2);
  });

  it('reads Hacker News, Reddit, Atom, the incident database and polled JSON', async () => {
    const now = Math.floor(Date.parse(world.now()) / 1_000) - 3_600;
    says('/hn', {
      hits: [
        { objectID: '41', title: 'Adventure bot made up a discount', url: 'https://blog.test/1', created_at_i: now },
      ],
    });
    says('/reddit', {
      data: {
        children: [
          {
            data: {
              name: 't3_z',
              title: 'The Adventure assistant leaked my address',
              selftext: '',
              permalink: '/r/adventure/z',
              created_utc: now,
            },
          },
        ],
      },
    });
    says(
      '/atom',
      `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:1</id><title type="html">Adventure AI agent deleted orders</title><link href="https://atom.test/1"/><updated>${world.now()}</updated></entry></feed>`,
    );
    says(
      '/aiid',
      rss(
        `<item><title>Adventure and a customer</title><link>https://incidentdatabase.test/cite/9</link><guid>9</guid></item>`,
      ),
    );
    says('/json', {
      data: {
        posts: [{ key: 1, head: 'Adventure chatbot insults people, offensive answers', link: 'https://json.test/1' }],
      },
    });
    const keywords = { brand: ['Adventure'] };
    const paths = { items: 'data.posts', id: 'key', title: 'head', url: 'link' };
    for (const [kind, path] of [
      ['hacker-news', 'hn'],
      ['reddit', 'reddit'],
      ['feed', 'atom'],
      ['incident-database', 'aiid'],
      ['json', 'json'],
    ] as const)
      await add({
        name: path,
        kind,
        address: `${at}/${path}`,
        system: 'sorter',
        keywords,
        paths: kind === 'json' ? paths : null,
      });
    for (let n = 0; n < 8; n++) await later('6s');
    expect((await raised('sorter')).map(({ detector, kind }) => `${detector} ${kind}`).sort()).toEqual([
      'monitor aiid public-incident',
      'monitor atom public-report',
      'monitor hn public-report',
      'monitor json public-report',
      'monitor reddit public-report',
    ]);
  });

  it('shows what would be found before anything is saved, and keeps nothing', async () => {
    says('/feed', rss(story('t1', 'Tailspin bot invents fees'), story('t2', 'Tailspin wins a prize')));
    const { trial } = await world.ana.client.call(monitors.test, {
      body: body({ keywords: { brand: ['Tailspin'] } }),
    });
    expect(trial).toMatchObject({ status: 200, fault: null, wouldTell: ['bot'] });
    expect(trial.items.map(({ title, kept }) => [title, kept])).toEqual([
      ['Tailspin bot invents fees', true],
      ['Tailspin wins a prize', false],
    ]);
    await later('6s');
    expect((await world.ana.client.call(monitors.list, { query: {} })).monitors).toEqual([]);
    const { trial: hidden } = await world.ana.client.call(monitors.test, {
      body: body({ address: 'http://10.0.0.1/feed' }),
    });
    expect(hidden).toMatchObject({ status: null, items: [], fault: expect.stringContaining('private network') });
  });

  it('answers for what cannot be', async () => {
    const { client } = world.ana;
    const wrong = (part: object) => expect(client.call(monitors.add, { body: body(part) })).rejects;
    await wrong({ address: 'ftp://x.test' }).toMatchObject({ code: 'monitor.bad-address', status: 422 });
    await wrong({ keywords: {} }).toMatchObject({ code: 'monitor.no-words' });
    await wrong({ kind: 'json' }).toMatchObject({ code: 'monitor.bad-paths' });
    await wrong({ system: null }).toMatchObject({ code: 'monitor.about-nothing' });
    await wrong({ system: 'nobody' }).toMatchObject({ code: 'system.unknown' });
    await wrong({ vendor: 'vnd_none' }).toMatchObject({ code: 'vendor.unknown' });
    await expect(
      client.call(monitors.pause, { params: { monitor: 'mon_none' }, body: { reason: 'x' } }),
    ).rejects.toMatchObject({ code: 'monitor.unknown', status: 404 });
    const viewer = await world.person('Vera Wolff', ['viewer']);
    await expect(viewer.client.call(monitors.test, { body: body() })).rejects.toMatchObject({
      code: 'authority.missing',
    });
    for (let n = 0; n < 200; n++) await add({ name: `m${n}`, everyMinutes: 1_440 });
    await wrong({}).toMatchObject({ code: 'monitor.too-many' });
  });

  it('takes out of what it keeps what the rule of the system names, and out of the signal', async () => {
    const rule = (takesOut: 'EMAIL_ADDRESS'[]) =>
      world.ana.client.call(records.rule, { params: { system: 'bot' }, body: { takesOut, reason: 'Our rule' } });
    await rule(['EMAIL_ADDRESS']);
    says('/feed', rss(story('mail-1', 'Northwind chatbot leaked eva@customer.example')));
    const id = await add();
    await later('6s');
    const kept = (await items(id)).find((it) => it.kept);
    expect(kept!.title).toBe('Northwind chatbot leaked [EMAIL_ADDRESS taken out]');
    const signal = (await raised('bot')).find(({ text }) => text.includes('leaked'))!;
    expect(signal.text).toContain('leaked [EMAIL_ADDRESS taken out]');
    expect(signal.text).not.toContain('eva@');
    const words = await world.server.deps.db.query("select 1 from monitor_item where words ? 'eva'");
    expect(words.count).toBe(0);
    await rule([]);
  });
});

describe('an answer', () => {
  it('is known by its first sign', () => {
    expect(readAnswer('\uFEFF {"a":1}')).toEqual({ json: { a: 1 } });
    expect(readAnswer('')).toHaveProperty('unreadable');
    expect(readAnswer(`<a>${'<b>'.repeat(300)}`)).toHaveProperty('unreadable');
    expect(readAnswer(`<rss>${'<i/>'.repeat(250_000)}</rss>`)).toHaveProperty('unreadable');
  });

  it('means what its letters mean: references of XML once, HTML inside as words, addresses that can be opened', () => {
    const feed = `<?xml version="1.0"?><rss><channel>
      <item><title>R&amp;D: Soci&amp;eacute;t&amp;eacute; &#252;ber &lt;b&gt;all&lt;/b&gt;</title>
        <link>https://e.test/a?x=1&amp;y=2</link>
        <description>&lt;p&gt;Leaks &amp;mdash; &lt;a href="https://meridian.example"&gt;again&lt;/a&gt;&lt;/p&gt;</description></item>
      <item><title><![CDATA[Fish & Chips]]></title><link>https://e.test/b</link>
        <description><![CDATA[<p>1 &lt; 2</p>]]></description></item></channel></rss>`;
    const answered = readAnswer(feed);
    expect(isUnreadable(answered)).toBe(false);
    expect(readItems('feed', answered as Answered, null)).toMatchObject([
      { title: 'R&D: Société über all', url: 'https://e.test/a?x=1&y=2', text: 'Leaks — again' },
      { title: 'Fish & Chips', url: 'https://e.test/b', text: '1 < 2' },
    ]);
  });
});
