import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { ofrep } from '@firebreak/contract/respond/ofrep';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MOST_PAGE_STREAMS, MOST_STREAMS_OF_PAGE_KEY } from './ofrep-streams.ts';

const SHOP = 'https://shop.example';
const HELP = 'https://help.example';
const EVIL = 'https://evil.example';
const FLAG = '/ofrep/v1/evaluate/flags/contain.shop.answers.allowed';
const DOORS = [ofrep.evaluateAll.path, FLAG, ofrep.eventsPath];
const FOREIGN = ['access-control-allow-origin', 'access-control-expose-headers', 'access-control-allow-credentials'];

let world: World;
let secret: string;
let shop: { readonly id: `key_${string}`; readonly key: string };
let help: { readonly id: `key_${string}`; readonly key: string };
let number = 0;

type Page = { origins?: string[]; systems?: string[] };
const create = (page: Page | undefined, scopes: ('flags' | 'read')[] = ['flags']) =>
  world.ana.client.call(people.createKey, { body: { name: `page ${++number}`, scopes, ...(page && { page }) } });
async function pageKey(origins: string[], systems: string[]) {
  const made = await create({ origins, systems });
  return { id: made.key.id as `key_${string}`, key: made.secret };
}
async function revoke(key: `key_${string}`) {
  await world.ana.client.call(people.revokeKey, { params: { key }, body: { reason: 'over' } });
  await world.server.deps.feed.settled();
}

beforeAll(async () => {
  world = await openWorld();
  secret = (await world.program('flags')).key;
  for (const key of ['shop', 'shop.eu', 'help', 'secret-plan'])
    await world.ana.client.call(inventory.register, {
      body: { key, name: `System ${key}`, type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
    });
  shop = await pageKey([SHOP, 'http://127.0.0.1:3000'], ['shop']);
  help = await pageKey([HELP], ['help', 'shop']);
});
afterAll(() => world.close());
afterEach(async () => {
  const ben = await world.person(`Ben ${++number}`, ['lead']);
  for (const { hold, incident } of (await world.ana.client.call(containment.listHolds, { query: {} })).holds)
    await ben.client.call(containment.lift, { params: { incident, hold }, body: { reason: 'over' } });
});

async function order(system: string, what: object = { kind: 'disable', feature: 'answers', message: 'Back soon.' }) {
  const { incident } = await world.ana.client.call(incidents.declare, { body: { title: 'it invents' } });
  return world.ana.client.call(containment.order, {
    params: { incident: incident.id },
    body: { system, what: what as { kind: 'disable' }, reason: 'it invents' },
  });
}
interface Asked {
  readonly key?: string;
  readonly origin?: string;
  readonly context?: object;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}
const ask = (path: string, { key, origin, context, headers, body }: Asked = {}) =>
  world.send('POST', path, {
    headers: {
      'content-type': 'application/json',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(origin !== undefined && { origin, 'sec-fetch-site': 'cross-site' }),
      ...headers,
    },
    body: body ?? JSON.stringify({ context }),
  });
const all = (asked: Asked) => ask(ofrep.evaluateAll.path, asked);
const preflight = (path: string, headers: Record<string, string>) =>
  world.send('OPTIONS', path, { headers: { 'access-control-request-method': 'POST', ...headers } });
const code = async (answer: Response) => (await answer.json()).type.split('/').at(-1);
const foreign = ({ headers }: Response) =>
  Object.fromEntries(FOREIGN.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)]] : [])));
const READABLE = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': 'etag, retry-after, x-request-id',
});

describe('a page key', () => {
  it('is kept and shown with its origins as browsers write them, and its systems', async () => {
    const { key, secret: made } = await create({ origins: ['HTTPS://Shop.Example:443/'], systems: ['shop'] });
    const page = { origins: [SHOP], systems: ['shop'] };
    expect(key.page).toEqual(page);
    const { keys } = await world.ana.client.call(people.keys, {});
    expect(keys.find(({ id }) => id === key.id)).toMatchObject({ page, scopes: ['flags'] });
    expect(keys.find(({ name }) => name === 'program flags')).toMatchObject({ page: null });
    expect(JSON.stringify(keys)).not.toContain(made);
    await revoke(key.id);
  });

  it.each([
    ['page-key.other-scopes', { origins: [SHOP], systems: ['shop'] }, ['flags', 'read'], '/scopes'],
    ['page-key.incomplete', { systems: ['shop'] }, ['flags'], '/page/origins'],
    ['page-key.incomplete', { origins: [SHOP] }, ['flags'], '/page/systems'],
    ['page-key.bad-origin', { origins: [`${SHOP}/cart`], systems: ['shop'] }, ['flags'], '/page/origins'],
    ['page-key.bad-origin', { origins: ['*', SHOP], systems: ['shop'] }, ['flags'], '/page/origins'],
    ['system.unknown', { origins: [SHOP], systems: ['shop', 'ghost'] }, ['flags'], '/page/systems'],
  ] as const)('is refused with %s', async (refused, page, scopes, pointer) => {
    const answer = await ask(people.createKey.path, {
      headers: { cookie: world.ana.cookie },
      body: JSON.stringify({ name: 'page', scopes, page }),
    });
    expect(await answer.json()).toMatchObject({ type: `/problems/${refused}`, errors: [{ pointer }] });
  });

  it('opens no other door', async () => {
    const answer = await world.send('GET', inventory.list.path, {
      headers: { authorization: `Bearer ${shop.key}`, origin: SHOP },
    });
    expect([answer.status, await code(answer), foreign(answer)]).toEqual([403, 'authority.missing', {}]);
  });

  it('does not tell its name to everybody who can read it', async () => {
    const me = await world.send('GET', people.me.path, { headers: { authorization: `Bearer ${shop.key}` } });
    expect(await me.json()).toMatchObject({ kind: 'key', id: shop.id, name: '', may: ['flags.read'] });
  });
});

describe('a browser that asks beforehand', () => {
  it.each(DOORS)('is let through to %s where a page key names its origin', async (door) => {
    const answer = await preflight(door, { origin: SHOP, 'access-control-request-headers': 'authorization' });
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': SHOP,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, if-none-match, last-event-id',
      'access-control-max-age': '600',
      vary: 'origin',
    });
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
  });

  it.each([
    ['an origin that no key names', FLAG, { origin: EVIL }],
    ['the end of a named one', FLAG, { origin: 'https://evilshop.example' }],
    ['the beginning of a named one', FLAG, { origin: `${SHOP}.evil.example` }],
    ['another port', FLAG, { origin: `${SHOP}:8443` }],
    ['another scheme', FLAG, { origin: 'http://shop.example' }],
    ['no origin', FLAG, {}],
    ['another door', inventory.list.path, { origin: SHOP }],
    ['the door where keys are made', people.createKey.path, { origin: SHOP }],
    ['an address beside', '/ofrep/v1/configuration', { origin: SHOP }],
  ])('gets no answer for %s', async (_, door, headers) => {
    const answer = await preflight(door, headers);
    expect([answer.status, await code(answer), foreign(answer)]).toEqual([404, 'address.unknown', {}]);
    expect(answer.headers.has('access-control-allow-methods')).toBe(false);
  });

  it('is answered as soon as a key names its origin, and no longer than the key is good', async () => {
    const NEW = 'https://new.example';
    expect((await preflight(FLAG, { origin: NEW })).status).toBe(404);
    const { id } = await pageKey([NEW], ['shop']);
    expect((await preflight(FLAG, { origin: NEW })).status).toBe(204);
    await revoke(id);
    expect((await preflight(FLAG, { origin: NEW })).status).toBe(404);
  });

  it('is answered wherever it stands while a key is for any page', async () => {
    const { id, key } = await pageKey(['*'], ['shop']);
    expect((await preflight(FLAG, { origin: EVIL })).status).toBe(204);
    const answer = await ask(FLAG, { key, origin: EVIL });
    expect([answer.status, foreign(answer)]).toEqual([200, READABLE(EVIL)]);
    // The key of the shop is not for any page by that.
    expect(await code(await ask(FLAG, { key: shop.key, origin: EVIL }))).toBe('page-key.other-origin');
    await revoke(id);
    expect((await preflight(FLAG, { origin: EVIL })).status).toBe(404);
  });
});

describe('what a page may read', () => {
  it('is the answer, and every failure', async () => {
    const answer = await all({ key: shop.key, origin: SHOP });
    expect([answer.status, foreign(answer), answer.headers.get('vary')]).toEqual([200, READABLE(SHOP), 'origin']);
    const etag = answer.headers.get('etag')!;
    const told: [Asked & { path?: string }, number, string | null][] = [
      [{ key: shop.key, headers: { 'if-none-match': etag } }, 304, null],
      [{ key: shop.key, path: '/ofrep/v1/evaluate/flags/contain.none.allowed' }, 404, null],
      [{ key: shop.key, body: '{"context":"u1"}' }, 400, 'request.invalid'],
      [{ key: shop.key, body: '{"con' }, 400, 'request.not-json'],
      [{ key: shop.key, body: JSON.stringify({ context: { text: 'x'.repeat(70_000) } }) }, 413, 'request.too-large'],
      [{ key: 'fbk_wrong' }, 401, 'key.refused'],
      [{}, 403, 'request.cross-site'],
      [{ key: help.key }, 403, 'page-key.other-origin'],
    ];
    for (const [{ path, ...asked }, status, problem] of told) {
      const failed = await ask(path ?? ofrep.evaluateAll.path, { origin: SHOP, ...asked });
      expect([failed.status, foreign(failed), failed.headers.get('vary')]).toEqual([status, READABLE(SHOP), 'origin']);
      if (problem !== null) expect(await code(failed)).toBe(problem);
    }
  });

  it('is nothing from an origin that no key names, nor with a key that is a secret', async () => {
    const elsewhere = await all({ key: shop.key, origin: EVIL });
    expect([elsewhere.status, foreign(elsewhere)]).toEqual([403, {}]);
    expect(await elsewhere.json()).toMatchObject({
      type: '/problems/page-key.other-origin',
      detail: expect.stringContaining(EVIL),
    });
    const leaked = await all({ key: secret, origin: SHOP });
    expect([leaked.status, foreign(leaked), leaked.headers.get('vary')]).toEqual([200, {}, 'origin']);
  });

  it('is asked for in vain, and who tried is recorded', async () => {
    await world.advance('1m');
    await all({ key: shop.key, origin: EVIL });
    // What is recorded after an answer was sent is not waited for by anybody.
    await expect
      .poll(async () => {
        const { rows } = await world.server.deps.db.query<{ data: object }>(
          "select data from fact where type = 'access.refused' order by seq desc limit 1",
        );
        return rows[0]?.data;
      })
      .toMatchObject({ door: `POST ${ofrep.evaluateAll.path}`, status: 403, who: { kind: 'key', id: shop.id } });
  });

  it('is asked for without an origin too, by whoever renders the page', async () => {
    const answer = await all({ key: shop.key });
    expect([answer.status, foreign(answer), answer.headers.get('vary')]).toEqual([200, {}, 'origin']);
  });
});

describe('what a page key sees', () => {
  const keysOf = async (answer: Response) => (await answer.json()).flags.map(({ key }: { key: string }) => key);
  const seen = (system: string) =>
    ['', '.answers'].flatMap((part) => ['allowed', 'review'].map((what) => `contain.${system}${part}.${what}`));

  it('are its systems, and of these what every visitor may know', async () => {
    expect(await keysOf(await all({ key: shop.key }))).toEqual(seen('shop'));
    expect(await keysOf(await all({ key: help.key }))).toEqual([...seen('help'), ...seen('shop')]);
    expect(await keysOf(await all({ key: help.key, context: { system: 'shop' } }))).toEqual(seen('shop'));
    expect((await keysOf(await all({ key: secret }))).length).toBeGreaterThan(50);
  });

  it('looks the same for what is not its own as for what does not exist', async () => {
    const told = async (key: string) => {
      const answer = await ask(`/ofrep/v1/evaluate/flags/contain.${key}`, { key: shop.key });
      return { status: answer.status, ...(await answer.json()), key: '' };
    };
    const none = await told('no-such-system.answers.allowed');
    expect(none).toMatchObject({ status: 404, errorCode: 'FLAG_NOT_FOUND' });
    expect(await told('secret-plan.answers.allowed')).toEqual(none);
    expect(await told('secret-plan.allowed')).toEqual(none);
    expect(await told('shop.answers.model')).toEqual(none);
    const bulk = async (system: string) => {
      const { eventStreams: _, ...rest } = await (await all({ key: shop.key, context: { system } })).json();
      return rest;
    };
    expect(await bulk('secret-plan')).toEqual(await bulk('no-such-system'));
    // `shop.eu` is a system, `shop.xx` is none: both are read as features of the shop.
    expect(await told('shop.eu.allowed')).toEqual(await told('shop.xx.allowed'));
  });

  it('is yes or no and the text for users: not which hold, incident or control, and no epoch of others', async () => {
    const before = (await (await all({ key: shop.key })).json()).metadata;
    await order('secret-plan');
    expect((await (await all({ key: shop.key })).json()).metadata).toEqual(before);
    const { incident } = await order('shop');
    const flag = await (await ask(FLAG, { key: shop.key })).json();
    expect(flag).toEqual({
      key: 'contain.shop.answers.allowed',
      value: false,
      variant: 'contained',
      reason: 'TARGETING_MATCH',
      metadata: { epoch: expect.any(Number), message: 'Back soon.' },
    });
    expect((await (await ask(FLAG, { key: secret })).json()).metadata).toMatchObject({ incident });
    const text = await (await all({ key: shop.key })).text();
    expect(text).not.toMatch(/inc_|hld_|ctl_|INC-|HLD-/);
    expect(text).toContain('Back soon.');
  });

  it('tells nothing of what is served instead', async () => {
    await order('shop', { kind: 'route', feature: 'answers', to: { model: 'm1' } });
    const { metadata: _, ...flag } = await (await ask(FLAG, { key: shop.key })).json();
    expect(flag).toEqual({ key: 'contain.shop.answers.allowed', value: true, variant: 'allowed', reason: 'STATIC' });
  });

  it('judges no text: everybody could find out which phrases are refused', async () => {
    await order('shop', { kind: 'block', feature: 'answers', phrases: ['one device'], direction: 'input' });
    const context = { text: 'only one device?' };
    expect(await (await ask(FLAG, { key: secret, context })).json()).toMatchObject({ value: false });
    expect(await (await ask(FLAG, { key: shop.key, context })).json()).toMatchObject({ value: true, reason: 'STATIC' });
  });

  it('is kept apart: the tag of one view is none of another', async () => {
    const tags = new Map<string, string>();
    const twin = await pageKey([SHOP], ['shop']);
    for (const key of [shop.key, help.key, twin.key, secret]) {
      const tag = (await all({ key })).headers.get('etag')!;
      expect([...tags.keys()]).not.toContain(tag);
      tags.set(tag, key);
    }
    for (const [tag, owner] of tags)
      for (const key of tags.values())
        expect((await all({ key, headers: { 'if-none-match': tag } })).status).toBe(key === owner ? 304 : 200);
    await revoke(twin.id);
  });

  it('proves of no system that anybody obeys flags', async () => {
    const { hold } = await order('help');
    const probe = async () =>
      (await world.ana.client.call(containment.showHold, { params: { hold } })).proofs!.probe.says;
    const nothing = 'Nothing is connected that could be tried.';
    expect(await probe()).toBe(nothing);
    await all({ key: help.key, context: { system: 'help' } });
    await ask('/ofrep/v1/evaluate/flags/contain.help.answers.allowed', { key: help.key });
    expect(await probe()).toBe(nothing);
    await all({ key: secret, context: { system: 'help' } });
    expect(await probe()).toContain('at 1 instance: OpenFeature');
  });
});

describe('pages that listen', () => {
  const opened: AbortController[] = [];
  afterEach(() => {
    for (const each of opened.splice(0)) each.abort();
  });
  async function listen(url: string, headers: Record<string, string> = {}) {
    const controller = new AbortController();
    const { signal } = controller;
    const answer = await world.server.app.inject({ method: 'GET', url, headers, payloadAsStream: true, signal });
    opened.push(controller);
    const heard: string[] = [];
    let over = false;
    answer
      .stream()
      .on('data', (part) => void heard.push(String(part)))
      .on('error', () => (over = true))
      .on('close', () => (over = true));
    return { answer, heard, isOver: () => over, stop: () => controller.abort() };
  }
  const addressFor = async (key: string): Promise<string> =>
    (await (await all({ key })).json()).eventStreams[0].endpoint.requestUri;
  const changes = (heard: readonly string[]) => heard.filter((part) => part.includes('refetchEvaluation')).length;

  it('hear of their own systems, from an origin that the key names', async () => {
    const own = await listen(await addressFor(shop.key), { origin: SHOP });
    const server = await listen(ofrep.eventsPath, { authorization: `Bearer ${secret}` });
    expect(own.answer.headers).toMatchObject({ ...READABLE(SHOP), vary: 'origin' });
    expect(own.answer.headers).not.toHaveProperty('access-control-allow-credentials');
    await order('secret-plan');
    await expect.poll(() => changes(server.heard)).toBe(2);
    expect(changes(own.heard)).toBe(1);
    await order('shop');
    await expect.poll(() => changes(own.heard), { timeout: 10_000 }).toBe(2);
  });

  it('hear nothing elsewhere, with the key or with its ticket, nor with the ticket of a secret key', async () => {
    const address = await addressFor(shop.key);
    for (const headers of [{ origin: EVIL }, { origin: HELP }] as const) {
      const { answer } = await listen(address, headers);
      expect(answer.statusCode).toBe(403);
      expect(answer.headers['access-control-allow-origin']).toBe(headers.origin === HELP ? HELP : undefined);
    }
    const own = await listen(ofrep.eventsPath, { origin: EVIL, authorization: `Bearer ${shop.key}` });
    expect(own.answer.statusCode).toBe(403);
    const leaked = await listen(await addressFor(secret), { origin: SHOP });
    expect([leaked.answer.statusCode, leaked.answer.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });

  it('are cut off when the key is revoked, and may not come back', async () => {
    const { id, key } = await pageKey([SHOP], ['shop']);
    const address = await addressFor(key);
    const page = await listen(address, { origin: SHOP });
    const other = await listen(await addressFor(shop.key), { origin: SHOP });
    await revoke(id);
    await expect.poll(page.isOver).toBe(true);
    expect(other.isOver()).toBe(false);
    expect((await listen(address, { origin: SHOP })).answer.statusCode).toBe(401);
  });

  it('are so many of one key at most, and leave room for others', async () => {
    const address = await addressFor(shop.key);
    const fill = async (from: string, count: number) => {
      const streams = [];
      for (let i = 0; i < count; i++) streams.push(await listen(from, {}));
      expect(streams.every(({ answer }) => answer.statusCode === 200)).toBe(true);
      return streams;
    };
    const [first] = await fill(address, MOST_STREAMS_OF_PAGE_KEY);
    const busy = await world.send('GET', address, { headers: { origin: SHOP } });
    expect([busy.status, foreign(busy), busy.headers.get('retry-after')]).toEqual([429, READABLE(SHOP), '5']);
    expect(await code(busy)).toBe('page-key.too-busy');
    const others = await fill(await addressFor(help.key), MOST_PAGE_STREAMS - MOST_STREAMS_OF_PAGE_KEY);
    expect(others.length).toBeGreaterThan(100);
    const third = await pageKey([SHOP], ['shop']);
    expect(await code(await world.send('GET', await addressFor(third.key)))).toBe('page-key.too-busy');
    await fill(await addressFor(secret), 1);
    first!.stop();
    await expect.poll(first!.isOver).toBe(true);
    await fill(address, 1);
    await revoke(third.id);
  });
});
