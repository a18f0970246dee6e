import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuard, type Guard } from '@firebreak/guard';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdOf, openStandIn, STAND_IN_KEY, until } from '../../../conformance/stand-in-control-plane.ts';
import { openStandInVendor, type StandInVendor } from '../../../conformance/stand-in-vendor.ts';
import { createGateway, type Gateway, type Interaction, type Setup } from './index.ts';

let server: Awaited<ReturnType<typeof openStandIn>>;
let guard: Guard;
let first: StandInVendor;
let second: StandInVendor;
let gateway: Gateway;
let records: Interaction[];
let setup: Setup;

async function order(...holds: ReturnType<typeof holdOf>[]): Promise<void> {
  server.hold(...holds);
  await until('applied', () => guard.stats().epoch === server.snapshot().epoch);
}

beforeEach(async () => {
  server = await openStandIn({ system: '*' });
  guard = await createGuard({ url: server.url, key: STAND_IN_KEY, system: '*', bootFailMode: 'deny' });
  await guard.ready();
  [first, second] = await Promise.all([openStandInVendor('first'), openStandInVendor('second')]);
  records = [];
  setup = {
    upstreams: {
      first: { url: first.url, credential: { name: 'first-prod', secret: 'sk-first' } },
      second: {
        url: second.url,
        credential: { name: 'second-prod', secret: 'sk-second' },
        models: { m1: 'm1-of-second' },
      },
    },
    routes: { chat: { upstreams: ['first', 'second'] } },
    clients: [
      { name: 'bot-prod', secret: 'fbg_bot', system: 'support-bot', feature: 'answers' },
      { name: 'clerk-prod', secret: 'fbg_clerk', system: 'support-bot', agent: 'clerk', routes: ['chat'] },
    ],
    limits: { answerMs: 300, bodyBytes: 10_000 },
    health: { failures: 2, ejectMs: 200, mostEjectMs: 1_000 },
  };
  gateway = await createGateway({ port: 0, guard, ...setup, record: (interaction) => records.push(interaction) });
});
afterEach(async () => {
  await gateway.close();
  guard.close();
  await Promise.all([server.close(), first.close(), second.close()]);
});

const client = (apiKey = 'fbg_bot', route = 'chat', headers: Record<string, string> = {}) =>
  new OpenAI({ apiKey, maxRetries: 0, baseURL: `${gateway.url}/${route}/v1`, defaultHeaders: headers });
const chat = { model: 'm1', messages: [{ role: 'user' as const, content: 'Hi' }] };
const says = async (of = client()) => (await of.chat.completions.create(chat)).choices[0]?.message.content;
const problem = async (asked: Promise<unknown>) => {
  const error = (await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as InstanceType<typeof OpenAI.APIError>;
  return [error.status, error.code];
};
const stateOf = (name: string) => gateway.report().upstreams.find((each) => each.name === name);

describe('failover', () => {
  it.each(['fail', 'limit', 'silent', 'unauthorized'] as const)(
    'goes to the next upstream when one says: %s',
    async (mode) => {
      first.mode = mode;
      expect(await says()).toBe('Hello from second');
      expect(second.asked[0]).toMatchObject({
        headers: { authorization: 'Bearer sk-second' },
        body: { model: 'm1-of-second' },
      });
      await until('it is recorded', () => records.length === 1);
      expect(records[0]).toMatchObject({ provider: 'second', system: 'support-bot', feature: 'answers' });
    },
  );

  it('goes on with a request that runs when an order lets what runs finish', async () => {
    first.mode = 'silent';
    const asked = says();
    await until('the first is asked', () => first.asked.length === 1);
    await order(holdOf({ kind: 'disable', feature: 'answers', inFlight: 'drain' }));
    expect(await asked).toBe('Hello from second');
    expect((await problem(says()))[0]).toBe(403);
  });

  it('leaves out what failed often enough, and finds out by one request when it is well again', async () => {
    first.mode = 'fail';
    await says();
    await says();
    expect(stateOf('first')).toMatchObject({ state: 'out', failures: 2, failed: 2, lastFailure: 'answered 500' });
    const asked = first.asked.length;
    await says();
    expect(first.asked).toHaveLength(asked);
    first.mode = 'answer';
    await until('it serves again', async () => (await says()) === 'Hello from first');
    expect(stateOf('first')).toMatchObject({ state: 'well', failures: 0 });
  });

  it('says what the last one said when all of them fail, and refuses while none is well', async () => {
    first.mode = 'fail';
    second.mode = 'fail';
    expect((await problem(says()))[0]).toBe(500);
    await problem(says());
    const refused = await client()
      .chat.completions.create(chat)
      .catch((reason: unknown) => reason as InstanceType<typeof OpenAI.APIError>);
    expect(refused).toMatchObject({ status: 503, code: 'gateway.no-upstream' });
    expect(Number((refused as InstanceType<typeof OpenAI.APIError>).headers?.get('retry-after'))).toBeGreaterThan(0);
  });

  it('never tries again what has begun to answer', async () => {
    first.mode = 'break';
    await expect(says()).rejects.toThrow();
    expect(second.asked).toHaveLength(0);
    expect(stateOf('first')?.failed).toBe(1);
  });

  it('never asks a vendor that a hold withdrew, nor goes back to it when the ordered one fails', async () => {
    await order(holdOf({ kind: 'route', from: { provider: 'second' }, to: { provider: 'first' } }));
    first.mode = 'fail';
    expect((await problem(says()))[0]).toBe(500);
    expect(second.asked).toHaveLength(0);
    await order(holdOf({ kind: 'route', from: { provider: 'first' }, to: { provider: 'second' } }));
    first.mode = 'answer';
    second.mode = 'fail';
    const asked = first.asked.length;
    expect((await problem(says()))[0]).toBe(500);
    expect(first.asked).toHaveLength(asked);
  });

  it('says how upstreams are, at its own doors and in its metrics', async () => {
    first.mode = 'fail';
    await says();
    const health = await (await fetch(`${gateway.url}/gateway/health`)).json();
    expect(health.upstreams).toMatchObject([
      { name: 'first', failures: 1 },
      { name: 'second', state: 'well' },
    ]);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain('firebreak_gateway_upstream_failures_total{upstream="first",vendor="first"} 1');
    expect(JSON.stringify([health, metrics, gateway.report()])).not.toMatch(/sk-first|sk-second|fbg_/);
  });
});

describe('keys', () => {
  it('are needed where the gateway holds one, and the client’s never goes further', async () => {
    expect(await problem(says(client('sk-of-somebody')))).toEqual([401, 'gateway.key-refused']);
    await says();
    expect(first.asked[0]?.headers.authorization).toBe('Bearer sk-first');
    expect(JSON.stringify(first.asked[0]?.headers)).not.toContain('fbg_bot');
  });

  it('are good for their system and their routes alone', async () => {
    expect(await problem(says(client('fbg_bot', 'chat', { 'x-firebreak-system': 'shop' })))).toEqual([
      403,
      'gateway.not-yours',
    ]);
    expect(await problem(says(client('fbg_clerk', 'first')))).toEqual([403, 'gateway.not-yours']);
    expect(await says(client('fbg_clerk'))).toBe('Hello from first');
  });

  it('stop at the next call when they are revoked by a hold, whatever the request says of itself', async () => {
    await order(holdOf({ kind: 'revoke', credential: 'bot-prod' }));
    const lying = client('fbg_bot', 'chat', { 'x-firebreak-credential': 'another' });
    expect((await problem(says(lying)))[0]).toBe(403);
    expect(await says(client('fbg_clerk'))).toBe('Hello from first');
    expect(first.asked).toHaveLength(1);
  });

  it('of a vendor stop at the next call too: another upstream serves, or nobody', async () => {
    await order(holdOf({ kind: 'revoke', credential: 'first-prod' }));
    expect(await says()).toBe('Hello from second');
    const hold = holdOf({ kind: 'revoke', credential: 'second-prod', message: 'The key was stolen.' });
    await order(holdOf({ kind: 'revoke', credential: 'first-prod', message: 'The key was stolen.' }), hold);
    const refused = (await client()
      .chat.completions.create(chat)
      .catch((reason: unknown) => reason)) as Error;
    expect(refused).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(refused.message).toContain('The key was stolen.');
    expect([first.asked.length, second.asked.length]).toEqual([0, 1]);
  });

  it('name the agent: it cannot say that it is another one', async () => {
    first.calls = 'refund';
    await order(holdOf({ kind: 'revoke', agent: 'clerk' }));
    expect((await problem(says(client('fbg_clerk', 'chat', { 'x-firebreak-agent': 'somebody-else' }))))[0]).toBe(403);
  });

  it('stop when they are taken out of the configuration', async () => {
    await says();
    gateway.reload({ ...setup, clients: [] });
    expect(await problem(says())).toEqual([401, 'gateway.key-refused']);
  });
});

describe('limits', () => {
  it('of how many at a time: the next one is told when to come again', async () => {
    gateway.reload({ ...setup, limits: { concurrent: 1, answerMs: 2_000 } });
    first.mode = 'endless';
    const controller = new AbortController();
    const stream = await client().chat.completions.create({ ...chat, stream: true }, { signal: controller.signal });
    expect(await problem(says())).toEqual([503, 'gateway.busy']);
    controller.abort();
    for await (const _ of stream);
    first.mode = 'answer';
    await until('there is room', () =>
      says().then(
        () => true,
        () => false,
      ),
    );
  });

  it('of how long a request may take: a stream ends with an error', async () => {
    gateway.reload({ ...setup, limits: { requestMs: 100 } });
    first.mode = 'endless';
    const error = await (async () => {
      for await (const _ of await client().chat.completions.create({ ...chat, stream: true }));
      return 'ended as if complete';
    })().catch((reason: unknown) => reason);
    expect(String(error)).toContain('as long as this gateway allows');
    await until('the vendor is let go', () => first.cutOff === 1);
  });

  it('of a limit hold are counted for each person', async () => {
    await order(holdOf({ kind: 'limit', requests: 1, seconds: 60, per: 'subject' }));
    const of = (user: string) => client('fbg_bot', 'chat', { 'x-firebreak-user': user });
    expect(await says(of('u1'))).toBe('Hello from first');
    const refused = (await of('u1')
      .chat.completions.create(chat)
      .catch((reason: unknown) => reason)) as InstanceType<typeof OpenAI.APIError>;
    expect([refused.status, refused.headers?.get('x-should-retry')]).toEqual([429, 'false']);
    expect(await says(of('u2'))).toBe('Hello from first');
  });

  it('of headers', async () => {
    const response = await fetch(`${gateway.url}/chat/v1/models`, { headers: { 'x-long': 'x'.repeat(20_000) } });
    expect(response.status).toBe(431);
  });
});

describe('another setup', () => {
  it('is worked by from the next request on, and what runs ends as it began', async () => {
    first.mode = 'endless';
    const stream = await client().chat.completions.create({ ...chat, stream: true });
    let words = 0;
    for await (const _ of stream) {
      words += 1;
      if (words === 2) {
        gateway.reload({ ...setup, upstreams: { ...setup.upstreams, first: { url: second.url } } });
        expect(await says()).toBe('Hello from second');
      }
      if (words === 10) break;
    }
    expect(words).toBe(10);
  });

  it('keeps the health of an upstream that has not changed', async () => {
    first.mode = 'fail';
    await says();
    gateway.reload({ ...setup, routes: { ...setup.routes, other: { upstreams: ['first'] } } });
    expect(stateOf('first')).toMatchObject({ failures: 1 });
  });

  const faulty: [string, Partial<Setup>, RegExp][] = [
    ['a route to nowhere', { routes: { chat: { upstreams: ['third'] } } }, /route chat: there is no upstream “third”/],
    ['a route without upstreams', { routes: { chat: { upstreams: [] } } }, /at least one/],
    [
      'two shapes in one route',
      { upstreams: { ...{}, first: 'http://a', second: { url: 'http://b', shape: 'anthropic' } } },
      /speaks/,
    ],
    ['a name of the gateway’s own', { routes: { metrics: { upstreams: ['first'] } } }, /own/],
    ['an address that is none', { upstreams: { first: 'nowhere', second: 'http://b' } }, /URL/],
    [
      'a client that is there twice',
      {
        clients: [
          { name: 'a', secret: 'x' },
          { name: 'a', secret: 'y' },
        ],
      },
      /twice/,
    ],
    ['a client of a route that is not there', { clients: [{ name: 'a', secret: 'x', routes: ['z'] }] }, /no route “z”/],
  ];
  it.each(faulty)('is refused whole, and the old one stays: %s', async (_, change, why) => {
    expect(() => gateway.reload({ ...setup, ...change })).toThrow(why);
    expect(await says()).toBe('Hello from first');
  });
});

it('an upstream without an alternative is asked however often it fails', async () => {
  const lonely = createServer().listen(0, '127.0.0.1');
  await once(lonely, 'listening');
  const { port } = lonely.address() as AddressInfo;
  lonely.close();
  gateway.reload({
    ...setup,
    upstreams: { ...setup.upstreams, first: `http://127.0.0.1:${port}` },
    routes: {},
    clients: [],
  });
  const ask = () => fetch(`${gateway.url}/first/v1/models`, { headers: { 'x-firebreak-system': 'support-bot' } });
  for (let tries = 0; tries < 4; tries += 1) expect((await ask()).status).toBe(502);
});
