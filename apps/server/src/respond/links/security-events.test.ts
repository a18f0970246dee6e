import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { agentTokens } from '@firebreak/contract/respond/agent-tokens';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const AUDIENCE = 'https://idp.example/ssf';

interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let world: World;
let ben: Someone;
let receiver: Server;
let address: string;
let answer: { status: number; body: string };
let incident: `inc_${string}`;
const heard: Heard[] = [];

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    heard.push({ path: request.url!, headers: request.headers, body });
    response.statusCode = answer.status;
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  answer = { status: 202, body: '' };
  world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' } });
  ben = await world.person('Ben Lead', ['lead']);
  await world.ana.client.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'agent' } });
  const declared = await world.ana.client.call(incidents.declare, { body: { title: 'hijacked', systems: ['bot'] } });
  incident = declared.incident.id;
});
afterAll(async () => {
  await world.close();
  receiver.close();
});

const subscribe = (path: string, over: object = {}) =>
  world.ana.client.call(links.subscribe, {
    body: {
      name: `receiver ${path}`,
      url: `${address}${path}`,
      as: 'set',
      audience: AUDIENCE,
      events: ['agent.revoked', 'agent.restored', 'token.revoked'],
      ...over,
    },
  });
const revoke = async (what: object) => {
  const body = { system: 'bot', what: { kind: 'revoke', ...what }, reason: 'hijacked' } as never;
  const { hold } = await world.ana.client.call(containment.order, { params: { incident }, body });
  await world.settle();
  return hold;
};
/** As a receiver does it: the key from where the transmitter says, and nothing else believed. */
async function verified(path: string) {
  const metadata = await world.ana.client.call(links.transmitter, {});
  expect(metadata.jwks_uri).toBe(`${metadata.issuer}${links.transmitterKeys.path}`);
  const keys = createLocalJWKSet(await world.ana.client.call(links.transmitterKeys, {}));
  return Promise.all(
    heard
      .filter((each) => each.path === path)
      .map(async ({ body }) => {
        expect(decodeProtectedHeader(body)).toMatchObject({ alg: 'RS256', typ: 'secevent+jwt' });
        const { payload } = await jwtVerify(body, keys, {
          issuer: metadata.issuer,
          audience: AUDIENCE,
          algorithms: ['RS256'],
          currentDate: new Date(world.now()),
        });
        return payload as { jti: string; txn: string; sub_id: object; events: Record<string, Record<string, unknown>> };
      }),
  );
}
const typesOf = (tokens: readonly { events: object }[]) =>
  tokens.map(({ events }) => Object.keys(events)[0]!.replace(CAEP, '')).sort();

it('tells an identity provider that an agent was revoked, in tokens it can verify, and that it may again', async () => {
  const { secret, subscription } = await subscribe('/caep', { authorization: 'Bearer of-the-receiver' });
  expect([secret, subscription.as, subscription.audience]).toEqual([null, 'set', AUDIENCE]);
  expect(JSON.stringify(await world.ana.client.call(links.subscriptions, {}))).not.toContain('of-the-receiver');
  const hold = await revoke({ agent: 'clerk', credential: 'ops' });
  expect(heard[0]!.headers).toMatchObject({
    'content-type': 'application/secevent+jwt',
    accept: 'application/json',
    authorization: 'Bearer of-the-receiver',
  });
  const told = await verified('/caep');
  expect(typesOf(told)).toEqual(['credential-change', 'risk-level-change', 'session-revoked']);
  const { issuer } = await world.ana.client.call(links.transmitter, {});
  expect(told.map(({ sub_id }) => sub_id)).toEqual(Array(3).fill({ format: 'iss_sub', iss: issuer, sub: 'clerk' }));
  expect(new Set(told.map(({ txn }) => txn)).size).toBe(1);
  expect(new Set(told.map(({ jti }) => jti)).size).toBe(3);
  for (const token of told) {
    expect(token).not.toHaveProperty('sub');
    expect(token).not.toHaveProperty('exp');
  }

  await world.advance('10s');
  await ben.client.call(containment.lift, { params: { incident, hold }, body: { reason: 'mended' } });
  await world.settle();
  const last = (await verified('/caep')).at(-1)!;
  expect(last.events[`${CAEP}risk-level-change`]).toMatchObject({ previous_level: 'HIGH', current_level: 'LOW' });
  await world.ana.client.call(links.unsubscribe, {
    params: { subscription: subscription.id },
    body: { reason: 'another' },
  });
});

it('says nothing of other holds, and one thing of one tool and of one token', async () => {
  await subscribe('/some');
  await world.ana.client.call(containment.order, {
    params: { incident },
    body: { system: 'bot', what: { kind: 'disable', feature: 'refunds' }, reason: 'wrong' } as never,
  });
  await revoke({ agent: 'clerk', tools: ['pay'] });
  const app = await world.program('guard');
  const { access_token } = await app.call(agentTokens.issue, { body: { system: 'bot', agent: 'other' } });
  await app.call(agentTokens.revoke, { body: { token: access_token } });
  await world.settle();
  const told = await verified('/some');
  expect(typesOf(told)).toEqual(['session-revoked', 'token-claims-change']);
  expect(told.flatMap(({ events }) => Object.values(events)).find((it) => it.claims)).toMatchObject({
    claims: { system: 'bot', denied_tools: ['pay'] },
  });
  expect(told.find(({ sub_id }) => 'jti' in sub_id)!.sub_id).toMatchObject({ format: 'jwt_id' });
});

it('keeps why a receiver refused, tries again with the same token, and proves on request that it arrives', async () => {
  answer = { status: 400, body: JSON.stringify({ err: 'invalid_audience', description: 'not for us' }) };
  const { subscription } = await subscribe('/strict');
  const verify = () =>
    world.ana.client.call(links.verify, { params: { subscription: subscription.id }, body: { state: 'abc' } });
  const { delivery } = await verify();
  await world.settle();
  const state = async () => {
    const query = { subscription: subscription.id };
    return (await world.ana.client.call(links.deliveries, { query })).deliveries[0];
  };
  expect(await state()).toMatchObject({
    id: delivery.id,
    event: 'verification',
    state: 'waiting',
    last: 'answered 400: invalid_audience, not for us',
  });
  answer = { status: 202, body: '' };
  await world.advance('6s');
  await world.settle();
  expect(await state()).toMatchObject({ state: 'made', attempts: 2 });
  const [first, second] = await verified('/strict');
  expect(second).toEqual(first);
  expect(first!.events).toEqual({
    'https://schemas.openid.net/secevent/ssf/event-type/verification': { state: 'abc' },
  });
  expect(first!.sub_id).toEqual({ format: 'opaque', id: subscription.id });
});

it('refuses what tokens cannot tell of, and a receiver that does not name itself', async () => {
  await expect(subscribe('/x', { events: ['incident.declared'] })).rejects.toMatchObject({
    code: 'subscription.not-as-token',
    status: 422,
  });
  await expect(subscribe('/x', { audience: undefined })).rejects.toMatchObject({ code: 'request.invalid' });
  await expect(subscribe('/x', { authorization: 'Bearer a\r\nX-Other: b' })).rejects.toMatchObject({
    code: 'request.invalid',
  });
});

it('tells webhooks of the same, and tests them with something that says nothing', async () => {
  const { subscription } = await subscribe('/hook', { as: 'webhook', audience: undefined });
  const hold = await revoke({ agent: 'third' });
  await world.ana.client.call(links.verify, { params: { subscription: subscription.id }, body: {} });
  await world.settle();
  const told = heard.filter(({ path }) => path === '/hook').map(({ body }) => JSON.parse(body));
  expect(told).toMatchObject([
    { type: 'agent.revoked', data: { id: incident, system: 'bot', agent: 'third', tools: null, hold } },
    { type: 'verification', data: { state: '' } },
  ]);
});
