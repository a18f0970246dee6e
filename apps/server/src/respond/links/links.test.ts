import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const orderOf = ({ headers }: Heard): number => Number(String(headers['webhook-id']).split('-').at(-1));

describe('links and what other tools are told', () => {
  let world: World;
  let receiver: Server;
  let address: string;
  let answers: (path: string) => number;
  const heard: Heard[] = [];
  beforeAll(async () => {
    receiver = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      heard.push({ path: request.url!, headers: request.headers, body });
      response.statusCode = answers(request.url!);
      if (response.statusCode === 302) response.setHeader('location', '/elsewhere');
      response.end('thank you');
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    answers = () => 204;
    world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' } });
  });
  afterAll(async () => {
    await world.close();
    receiver.close();
  });
  const declare = async (title: string, body: object = {}) =>
    (await world.ana.client.call(incidents.declare, { body: { title, ...body } })).incident;
  const subscribe = (path: string, events: string[] = ['incident.declared']) =>
    world.ana.client.call(links.subscribe, { body: { name: path, url: `${address}${path}`, events: events as never } });
  const at = (path: string) => heard.filter((each) => each.path === path);
  const jira = { kind: 'ticket', tool: 'jira', url: 'https://example.test/browse/OPS-17', key: 'OPS-17' } as const;

  it('ties an incident to a ticket once, and finds it from there by address and by key', async () => {
    const { id, label } = await declare('The bot invents a fee');
    const params = { incident: label };
    const program = await world.program('respond');
    const { links: first } = await program.call(links.add, { params, body: { ...jira, title: 'Fees' } });
    expect(first).toMatchObject([{ incident: id, label, key: 'OPS-17', told: null, addedBy: { kind: 'key' } }]);
    const again = { ...jira, url: 'https://EXAMPLE.test/browse/OPS-17/' };
    expect((await program.call(links.add, { params, body: again })).links).toEqual(first);
    for (const query of [{ url: again.url }, { key: 'ops-17' }, { key: 'OPS-17', tool: 'Jira' }])
      expect((await program.call(links.find, { query })).links).toEqual(first);
    expect((await program.call(links.find, { query: { key: 'OPS-17', tool: 'github' } })).links).toEqual([]);
    await expect(program.call(links.find, { query: {} })).rejects.toMatchObject({ code: 'request.invalid' });
    await expect(
      program.call(links.add, { params, body: { ...jira, url: 'https://me:secret@example.test/x' } }),
    ).rejects.toMatchObject({ code: 'link.bad-address', status: 422 });
    await expect(program.call(links.add, { params: { incident: 'INC-1999-0001' }, body: jira })).rejects.toMatchObject({
      code: 'incident.unknown',
    });
    for (let n = 0; n < 99; n++)
      await program.call(links.add, { params, body: { kind: 'document', url: `https://example.test/${n}` } });
    await expect(
      program.call(links.add, { params, body: { kind: 'document', url: 'https://example.test/one-too-many' } }),
    ).rejects.toMatchObject({ code: 'link.too-many' });
  });

  it('records what the other tool says beside our state, once, and never closes ours', async () => {
    const program = await world.program('respond');
    const tell = (state: string, key = 'OPS-17') => program.call(links.told, { body: { tool: 'jira', key, state } });
    expect(await tell('Closed')).toMatchObject({ told: 1, links: [{ told: { state: 'Closed' } }] });
    expect(await tell('Closed')).toMatchObject({ told: 0 });
    const { incident } = await world.ana.client.call(incidents.show, { params: { incident: 'INC-2026-0001' } });
    expect(incident.state).toBe('open');
    const { facts } = await world.ana.client.call(warRoom.facts, { params: { incident: incident.id }, query: {} });
    expect(facts.filter(({ type }) => type === 'link.told')).toHaveLength(1);
    await expect(tell('Closed', 'OPS-99')).rejects.toMatchObject({ code: 'link.unknown', status: 404 });
    const [link] = (await program.call(links.find, { query: { key: 'OPS-17' } })).links;
    await program.call(links.remove, {
      params: { incident: incident.id, link: link!.id },
      body: { reason: 'a ticket of somebody else' },
    });
    expect((await program.call(links.find, { query: { key: 'OPS-17' } })).links).toEqual([]);
  });

  it('tells once of each change of the systems an incident is about, with the list as it then is', async () => {
    await subscribe('/systems', ['incident.systems-named']);
    const { label } = await declare('Something is wrong');
    const { label: drill } = await declare('Exercise', { drill: true });
    const name = (incident: string, ...systems: string[]) =>
      world.ana.client.call(incidents.systems, { params: { incident }, body: { systems } });
    await name(label, 'bot');
    await name(label, 'bot');
    await name(drill, 'bot');
    await name(label, 'shop', 'bot');
    await world.settle();
    const told = at('/systems').sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
    expect(told.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: 'incident.systems-named', data: { label, systems: ['bot'] } },
      { data: { label, systems: ['shop', 'bot'] } },
    ]);
  });

  it('tells a receiver that asked, with a signature it can verify, of what happens to incidents and not of near misses', async () => {
    await world.settle();
    const { secret: given, subscription } = await subscribe('/hook', [
      'incident.declared',
      'incident.severity-changed',
      'incident.contained',
      'incident.closed',
    ]);
    const secret = String(given);
    expect(secret).toMatch(/^whsec_/);
    const { id, axes, label } = await declare('The bot leaks addresses');
    await declare('Nearly', { kind: 'near-miss', miss: { stoppedBy: 'a test', wouldHave: 'leaked' } });
    await declare('Exercise', { drill: true });
    const params = { incident: id };
    await world.ana.client.call(incidents.severity, { params, body: { axes, to: 1, reason: 'it spreads' } });
    for (const to of ['contained', 'closed'] as const)
      await world.ana.client.call(incidents.move, { params, body: { to, reason: 'done' } });
    await world.settle();
    // Nobody promises an order; what is told says when it happened and how it was then.
    const told = at('/hook').sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
    expect(told.map(({ body }) => JSON.parse(body).type)).toEqual([
      'incident.declared',
      'incident.severity-changed',
      'incident.contained',
      'incident.closed',
    ]);
    expect(told.map(({ body }) => JSON.parse(body).data)).toMatchObject([
      { id, label, severity: 2, state: 'open', url: expect.stringContaining(`/incidents/${label}`) },
      { severity: 1, state: 'open' },
      { state: 'contained' },
      { state: 'closed' },
    ]);
    for (const { headers, body } of told) {
      const { 'webhook-id': message, 'webhook-timestamp': time, 'webhook-signature': signature } = headers;
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const own = createHmac('sha256', key).update(`${message}.${time}.${body}`).digest();
      const given = Buffer.from(String(signature).replace(/^v1,/, ''), 'base64');
      expect(timingSafeEqual(own, given)).toBe(true);
      expect(Math.abs(Number(time) - Date.parse(world.now()) / 1_000)).toBeLessThan(300);
    }
    expect(new Set(told.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
    const log = await world.server.deps.db.query<{ data: unknown }>('select data from fact');
    expect(JSON.stringify(log.rows)).not.toContain(secret.slice(6));
    await world.ana.client.call(links.unsubscribe, {
      params: { subscription: subscription.id },
      body: { reason: 'moved' },
    });
    await declare('After the end');
    await world.settle();
    expect(at('/hook')).toHaveLength(4);
  });

  it('tries again with longer waits, shows what was given up, and sends it once more when asked', async () => {
    const program = await world.program('admin');
    const { subscription } = await subscribe('/down');
    answers = () => 503;
    await declare('Nobody answers');
    await world.settle();
    expect(at('/down')).toHaveLength(1);
    await world.advance('4s');
    expect(at('/down')).toHaveLength(1);
    await world.advance('1s');
    expect(at('/down')).toHaveLength(2);
    expect(new Set(at('/down').map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    for (const wait of ['30s', '2m', '10m', '1h', '6h'] as const) await world.advance(wait);
    await world.advance('3h');
    expect(at('/down')).toHaveLength(7);
    await world.advance('9h');
    expect(at('/down')).toHaveLength(8);
    const list = (state: 'dead' | 'made') =>
      program.call(links.deliveries, { query: { subscription: subscription.id, state } });
    const [dead] = (await list('dead')).deliveries;
    expect(dead).toMatchObject({ attempts: 8, last: 'answered 503', event: 'incident.declared' });
    expect(
      (await program.call(links.subscriptions, {})).subscriptions.find((it) => it.id === subscription.id),
    ).toMatchObject({ dead: 1 });
    await world.advance('3d');
    expect(at('/down')).toHaveLength(8);
    answers = () => 200;
    await program.call(links.again, { params: { delivery: dead!.id } });
    await world.settle();
    expect((await list('made')).deliveries).toMatchObject([{ id: dead!.id, last: 'answered 200' }]);
    await expect(program.call(links.again, { params: { delivery: 'dlv_none' } })).rejects.toMatchObject({
      code: 'subscription.unknown',
    });
    await program.call(links.unsubscribe, { params: { subscription: subscription.id }, body: { reason: 'done' } });
    await expect(program.call(links.again, { params: { delivery: dead!.id } })).rejects.toMatchObject({
      code: 'subscription.ended',
      status: 409,
    });
  });
});

describe('where webhooks may not go', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  const subscribe = (url: string) =>
    world.ana.client.call(links.subscribe, { body: { name: 'x', url, events: ['incident.declared'] } });

  it.each([
    'http://127.0.0.1:9/x',
    'http://localhost/x',
    'http://[::1]/x',
    'http://[::ffff:10.0.0.1]/x',
    'http://10.1.2.3/x',
    'http://169.254.169.254/latest/meta-data',
    'http://192.168.0.1/x',
    'http://0.0.0.0/x',
  ])('%s lies in a private network', async (url) => {
    await expect(subscribe(url)).rejects.toMatchObject({
      code: 'subscription.private-address',
      detail: expect.stringContaining('FIREBREAK_OUTBOUND_PRIVATE'),
    });
  });

  it('ends a subscription whose receiver is gone, follows no redirect, and has at most a hundred', async () => {
    const gone = createServer((request, response) => {
      response.statusCode = request.url === '/gone' ? 410 : 302;
      response.setHeader('location', 'http://169.254.169.254/');
      response.end();
    });
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const own = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.0/8' } });
    const { client } = own.ana;
    const url = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
    const make = (path: string) =>
      client.call(links.subscribe, { body: { name: path, url: url + path, events: ['incident.declared'] } });
    await make('/gone');
    await make('/moved');
    await client.call(incidents.declare, { body: { title: 'Anything' } });
    await own.settle();
    const { subscriptions } = await client.call(links.subscriptions, {});
    expect(subscriptions.map(({ name, ended }) => [name, ended?.reason])).toEqual([
      ['/moved', undefined],
      ['/gone', 'the receiver answered 410 Gone'],
    ]);
    const { deliveries } = await client.call(links.deliveries, { query: {} });
    expect(deliveries.map(({ state, last }) => [state, last]).sort()).toEqual([
      ['dead', 'answered 410'],
      ['waiting', 'answered 302'],
    ]);
    for (let n = 0; n < 99; n++) await make(`/${n}`);
    await expect(make('/more')).rejects.toMatchObject({ code: 'subscription.too-many', status: 422 });
    await own.close();
    gone.close();
  });

  it('is for administrators', async () => {
    const rae = await world.person('Rae Responder', ['responder']);
    await expect(rae.client.call(links.subscriptions, {})).rejects.toMatchObject({ code: 'authority.missing' });
    await expect(
      world.ana.client.call(links.unsubscribe, { params: { subscription: 'sub_none' }, body: { reason: 'x' } }),
    ).rejects.toMatchObject({ code: 'subscription.unknown', status: 404 });
  });
});
