import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { candidates } from '@firebreak/contract/detect/candidates';
import { channels } from '@firebreak/contract/detect/channels';
import { evals } from '@firebreak/contract/detect/evals';
import { measures } from '@firebreak/contract/detect/measures';
import { monitors } from '@firebreak/contract/detect/monitors';
import { paging } from '@firebreak/contract/detect/paging';
import { signals } from '@firebreak/contract/detect/signals';
import { watches } from '@firebreak/contract/detect/watches';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { sources } from '@firebreak/contract/prepare/sources';
import { links } from '@firebreak/contract/respond/links';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStandInModel, type StandInModel } from '../../../../../conformance/stand-in-model.ts';

const RIGHT = 'You may return it within 30 days.';
const WRONG = 'Our policy allows returns within 90 days.';
const story = (guid: string, title: string) =>
  `<item><title>${title}</title><link>https://news.test/${guid}</link><guid>${guid}</guid><pubDate>Fri, 20 Nov 2026 20:00:00 GMT</pubDate><description>What customers say.</description></item>`;
const rss = (...items: string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${items.join('')}</channel></rss>`;
const statusPage = (impact: string) => ({
  page: { id: 'p1', name: 'Contoso', url: 'https://status.test' },
  incidents: [
    {
      id: `inc-${impact}`,
      name: `Completions are slow (${impact})`,
      status: 'investigating',
      impact,
      created_at: '2026-11-20T20:00:00.000Z',
      updated_at: '2026-11-20T20:00:00.000Z',
      shortlink: `https://status.test/${impact}`,
      incident_updates: [],
      components: [],
    },
  ],
});

describe('a source that may page alone', () => {
  let world: World;
  let pager: Server;
  let model: StandInModel;
  let at: string;
  let sender: Awaited<ReturnType<World['program']>>;
  /** A key, since sessions end within half a day. */
  let admin: typeof sender;
  const pages: { readonly data: { readonly system: string; readonly severity: number } }[] = [];
  const said = new Map<string, string>();

  beforeAll(async () => {
    pager = createServer((request, reply) => {
      const answer = said.get(request.url!);
      if (answer !== undefined) return void reply.end(answer);
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        if (request.url === '/page') pages.push(JSON.parse(body));
        reply.end();
      });
    });
    await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve));
    at = `http://127.0.0.1:${(pager.address() as AddressInfo).port}`;
    model = await openStandInModel(() => RIGHT);
    world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.0/8' } });
    sender = await world.program('telemetry:write', 'feedback:write', 'read');
    admin = await world.program('admin');
    await world.ana.client.call(links.subscribe, {
      body: { name: 'Pager', url: `${at}/page`, events: ['candidate.paged'] },
    });
  });
  afterAll(async () => {
    await world.close();
    await model.close();
    await new Promise((resolve) => pager.close(resolve));
  });

  const register = (key: string, type: 'generative' | 'voice' = 'generative') =>
    admin.call(inventory.register, { body: { key, name: key, type } });
  const later = async (...by: `${number}${'s' | 'm' | 'h'}`[]) => {
    for (const each of by) await world.advance(each);
    await world.settle();
  };
  const of = async (system: string) => {
    const { items } = await admin.call(candidates.listCandidates, { query: { system, state: 'all' } });
    expect(items).toHaveLength(1);
    return items[0]!;
  };
  const whyOf = async (system: string) => admin.call(paging.why, { params: { candidate: (await of(system)).id } });
  const told = (system: string) => pages.filter(({ data }) => data.system === system).map(({ data }) => data.severity);
  /** It paged alone, a channel has the page, and the answer to “why” names the ground. */
  async function pagedAlone(system: string, ground: RegExp) {
    expect((await of(system)).pages[0]).toMatchObject({ cause: 'promised', because: expect.stringMatching(ground) });
    expect(told(system)).toHaveLength(1);
    const why = await whyOf(system);
    expect(why).toMatchObject({ paged: true, says: expect.stringMatching(ground) });
    expect(why.says).toContain('1 of 1 channel took it');
  }

  it('is a golden set that a change made worse, after a minute for companions; a run by hand pages nobody', async () => {
    await register('refunds');
    const deploy = (prompt: string) =>
      admin.call(inventory.deploy, { params: { system: 'refunds' }, body: { versions: { model: 'm1', prompt } } });
    await deploy('v1');
    const { target } = await admin.call(evals.addTarget, {
      body: { name: 'Bot', kind: 'openai', address: model.url, system: 'refunds', model: 'm1', secret: 'sk-1' },
    });
    const { suite } = await admin.call(evals.add, {
      body: { name: 'Returns', target: target.id, everyMinutes: 60, onChange: true },
    });
    const params = { suite: suite.id };
    await admin.call(evals.keepCases, {
      params,
      body: {
        cases: Array.from({ length: 30 }, (_, i) => ({
          id: `r${i}`,
          title: `Return of item ${i}`,
          input: [{ role: 'user' as const, content: `How many days may I keep item ${i}?` }],
          checks: [{ kind: 'numbers' as const, value: RIGHT }],
        })),
      },
    });
    await admin.call(evals.run, { params });
    await later('10s');
    model.says = (asked) => (/item [0-9]\?/.test(asked) ? WRONG : RIGHT);
    await deploy('v2');
    await later('40s');
    await later('10s');
    expect(await whyOf('refunds')).toMatchObject({
      paged: false,
      says: expect.stringContaining('companions are awaited'),
    });
    expect(told('refunds')).toEqual([]);
    await later('61s');
    await pagedAlone('refunds', /“Returns” calls a version worse by chance in one comparison of twenty at most/);
    const { budget } = await admin.call(watches.list, { query: {} });
    expect(budget).toMatchObject({ suites: 1, expected: expect.closeTo(7 / 60) });
    // A run by hand: somebody looks at it already.
    model.status = 401;
    await admin.call(evals.run, { params });
    await later('10s');
    const { items } = await sender.call(signals.listSignals, { query: { system: 'refunds', channel: 'golden-set' } });
    expect(items.map(({ kind, pagesAlone }) => `${kind} ${pagesAlone?.as ?? 'beside'}`)).toEqual([
      'golden-set-could-not-run beside',
      'golden-set-regressed promised',
    ]);
    model.status = 200;
  });

  it('is a golden set that should run by itself and cannot', async () => {
    await register('returns');
    const { target } = await admin.call(evals.addTarget, {
      body: { name: 'Bot 2', kind: 'openai', address: model.url, system: 'returns', model: 'm1', secret: 'sk-1' },
    });
    const { suite } = await admin.call(evals.add, { body: { name: 'Hourly', target: target.id, everyMinutes: 60 } });
    await admin.call(evals.keepCases, {
      params: { suite: suite.id },
      body: {
        cases: [
          {
            id: 'r',
            title: 'One',
            input: [{ role: 'user', content: 'How long?' }],
            checks: [{ kind: 'numbers', value: RIGHT }],
          },
        ],
      },
    });
    model.status = 401;
    await later('61m', '10s', '61s');
    model.status = 200;
    await pagedAlone('returns', /“Hourly” should run by itself, and could not/);
  });

  it('is a watch, and again when it says Sev 1', async () => {
    await register('phone', 'voice');
    for (let i = 0; i < 35; i++) {
      const count = i < 20 ? 64 : 0;
      await sender.call(measures.send, {
        body: [{ system: 'phone', name: 'task-completion', count, of: 80 }] as never,
      });
      await world.advance('1m');
    }
    await later('2m');
    const { pages: all } = await of('phone');
    expect(all.map(({ cause }) => cause).slice(0, 2)).toEqual(['promised', 'severity-rose']);
    expect(all[0]!.because).toContain('the watch “Voice tasks not completed” is wrong once in 180 days, on average');
    expect(told('phone').slice(0, 2)).toEqual([2, 1]);
  });

  it('is a promise to look at feedback within 24 hours', async () => {
    await register('desk');
    await sender.call(signals.sendFeedback, { body: [{ system: 'desk', kind: 'ticket', text: 'Wrong bill' }] });
    await later('12h', '12h');
    expect(told('desk')).toEqual([]);
    await later('2m', '61s');
    const { items } = await admin.call(candidates.listCandidates, { query: { system: 'desk', state: 'all' } });
    expect(items.flatMap((it) => it.pages)).toMatchObject([
      { cause: 'promised', because: expect.stringContaining('feedback is looked at within 24 h') },
    ]);
    expect(told('desk')).toHaveLength(1);
  });

  it('is an alert its sender calls critical, where the source was told to page, and no other', async () => {
    const send = async (system: string, pagesToo: boolean, severity: string) => {
      await register(system);
      const { source, key } = await admin.call(sources.add, {
        body: { product: 'custom', name: `Alerts of ${system}`, system, pages: pagesToo },
      });
      expect(source.pages).toBe(pagesToo);
      const answer = await world.send('POST', `/intake/hook/${source.id}`, {
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ title: 'Refunds fail', severity, status: 'firing', dedupKey: 'x' }),
      });
      expect(answer.status).toBe(200);
      await later('1s');
    };
    await send('shop', true, 'critical');
    await pagedAlone('shop', /“Alerts of shop” calls it critical, and was told to page with that/);
    expect(told('shop')).toEqual([1]);
    await send('shop-high', true, 'high');
    await send('shop-quiet', false, 'critical');
    await later('2m');
    expect([...told('shop-high'), ...told('shop-quiet')]).toEqual([]);
    expect(await whyOf('shop-quiet')).toMatchObject({ paged: false, hindrances: [{ kind: 'forming' }] });
  });

  it('is told again while its alert goes on, and no more once its sender says that it is over', async () => {
    await register('flap');
    const { source, key } = await admin.call(sources.add, {
      body: { product: 'custom', name: 'Flapping', system: 'flap', pages: true },
    });
    const send = async (status: 'firing' | 'resolved') => {
      await world.send('POST', `/intake/hook/${source.id}`, {
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ title: 'Refunds fail', severity: 'critical', status, dedupKey: 'flap' }),
      });
      await world.settle();
    };
    await send('firing');
    await later('6m');
    expect((await of('flap')).pages.map(({ cause }) => cause)).toEqual(['promised', 'not-acknowledged']);
    await send('resolved');
    const over = world.now().slice(0, 16).replace('T', ' ');
    await later('6m', '6m', '20m');
    expect((await of('flap')).pages).toHaveLength(2);
    expect(await of('flap')).toMatchObject({ state: 'paged', ended: null });
    expect(await whyOf('flap')).toMatchObject({
      paged: true,
      nextAt: null,
      hindrances: [{ kind: 'resolved', says: expect.stringContaining(`over since ${over} UTC`) }],
    });
    // It begins again, and nobody has looked yet.
    await send('firing');
    await later('2s');
    expect((await of('flap')).pages.map(({ cause }) => cause)).toEqual([
      'promised',
      'not-acknowledged',
      'not-acknowledged',
    ]);
  });

  it('is a monitor that was told to page; of a status page only what its vendor calls major', async () => {
    said.set('/feed', rss(story('1', 'Northwind chatbot invents a refund policy')));
    said.set('/minor.json', JSON.stringify(statusPage('minor')));
    said.set('/major.json', JSON.stringify(statusPage('major')));
    const watch = async (system: string, part: object) => {
      await register(system);
      const { monitor } = await admin.call(monitors.add, {
        body: { name: `Of ${system}`, kind: 'feed', address: `${at}/feed`, system, ...part } as never,
      });
      await later('6s', '10s', '20s');
      return monitor.id;
    };
    const keywords = { brand: ['Northwind'] };
    await watch('press', { keywords, pages: true });
    await watch('press-quiet', { keywords });
    await watch('status-minor', { kind: 'status-page', address: `${at}/minor.json`, pages: true });
    await watch('status-major', { kind: 'status-page', address: `${at}/major.json`, pages: true });
    await later('61s', '10s');
    await pagedAlone('press', /the monitor “Of press” was told to page with what it finds/);
    await pagedAlone('status-major', /the monitor “Of status-major” was told to page/);
    for (const system of ['press-quiet', 'status-minor']) {
      expect(told(system)).toEqual([]);
      expect(await whyOf(system)).toMatchObject({ paged: false, hindrances: [{ kind: 'forming' }] });
    }
  });

  it('is the silence of what a person expects, and not one that was only usual', async () => {
    await register('heard');
    const send = (id: string, system: string) =>
      sender.call(signals.sendInteractions, { body: [{ id, system, output: 'Hello to you there.' }] as never });
    await send('a', 'heard');
    await later('6s');
    await admin.call(channels.expect, { body: { key: 'telemetry heard', everyMinutes: 10 } });
    await later('30m', '2m', '1m', '61s');
    await pagedAlone('heard', /somebody said how often Telemetry of heard has to be heard/);
    await register('usual');
    await admin.call(monitors.add, {
      body: {
        name: 'Nowhere',
        kind: 'feed',
        address: 'http://127.0.0.1:9/feed',
        system: 'usual',
        keywords: { brand: ['Usual'] },
        everyMinutes: 15,
      },
    });
    await later('1h', '2m', '1m', '61s');
    expect(await whyOf('usual')).toMatchObject({ paged: false, hindrances: [{ kind: 'forming' }] });
    expect(told('usual')).toEqual([]);
  });
});
