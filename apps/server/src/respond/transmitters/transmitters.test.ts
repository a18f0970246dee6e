import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { agentTokens } from '@firebreak/contract/respond/agent-tokens';
import { links } from '@firebreak/contract/respond/links';
import { transmitters } from '@firebreak/contract/respond/transmitters';
import { openWorld, type World } from '@firebreak/world';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ISSUER = 'https://idp.example';
const AUDIENCE = 'https://firebreak.example';
const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let world: World;
let app: Awaited<ReturnType<World['program']>>;
let rsa: Pair;
let ec: Pair;
let other: Pair;
let published: { keys: JWK[] };
let asked = 0;
let up = true;
let jwks: Server;
let address: string;
let at: string;
let ours: string;

beforeAll(async () => {
  [rsa, ec, other] = await Promise.all([
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('ES256', { extractable: true }),
    generateKeyPair('RS256', { extractable: true }),
  ]);
  published = { keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'a', alg: 'RS256', use: 'sig' }] };
  jwks = createServer((_request, response) => {
    asked += 1;
    response.statusCode = up ? 200 : 503;
    response.end(JSON.stringify(published));
  });
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/jwks`;
  world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' } });
  app = await world.program('guard');
  for (const key of ['bot', 'shop'])
    await world.ana.client.call(inventory.register, { body: { key, name: key, type: 'agent' } });
  at = (await make({ keysUrl: address })).id;
  ours = (await app.call(agentTokens.metadata, {})).issuer;
});
afterAll(async () => {
  await world.close();
  jwks.close();
});

const make = async (over: object = {}) =>
  (
    await world.ana.client.call(transmitters.make, {
      body: { name: 'IdP', issuer: ISSUER, audience: AUDIENCE, ...over } as never,
    })
  ).transmitter;
const shown = async (id = at) =>
  (await world.ana.client.call(transmitters.list, {})).transmitters.find((each) => each.id === id)!;
const heard = async (transmitter = at) =>
  (await world.ana.client.call(transmitters.heard, { query: { transmitter: transmitter as never } })).events;

let number = 0;
async function token(
  subject: object,
  {
    type = 'session-revoked',
    says = {},
    header = {},
    key = rsa.privateKey,
    ...over
  }: { type?: string; says?: object; header?: object; key?: Pair['privateKey']; [claim: string]: unknown } = {},
): Promise<string> {
  number += 1;
  const iat = Math.floor(Date.parse(world.now()) / 1_000);
  return new SignJWT({
    iss: ISSUER,
    aud: AUDIENCE,
    jti: `set-${number}`,
    iat,
    sub_id: subject,
    events: { [`${CAEP}${type}`]: { event_timestamp: iat, ...says } },
    ...over,
  } as never)
    .setProtectedHeader({ alg: 'RS256', typ: 'secevent+jwt', kid: 'a', ...header })
    .sign(key);
}
async function push(body: string, to = at, type = 'application/secevent+jwt') {
  const response = await world.send('POST', `/ssf/events/${to}`, { headers: { 'content-type': type }, body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? '' : JSON.parse(text) };
}
const issue = async (agent: string, system = 'bot') =>
  (await app.call(agentTokens.issue, { body: { system, agent } })).access_token;
const idOf = (access: string) => JSON.parse(Buffer.from(access.split('.')[1]!, 'base64url').toString()).jti as string;
const active = async (access: string) => (await app.call(agentTokens.introspect, { body: { token: access } })).active;
const revocations = async () => {
  const { rows } = await world.server.deps.db.query<{ data: Record<string, unknown>; by: { id: string } }>(
    "select data, by from fact where type = 'token.revoked' order by seq",
  );
  return rows;
};
const clerk = { format: 'iss_sub', iss: ISSUER, sub: 'clerk' };

it('ends every living token of an agent whose session was revoked elsewhere, once, and says who said so', async () => {
  const [first, second, others] = [await issue('clerk'), await issue('clerk', 'shop'), await issue('other')];
  const said = await token(clerk);
  const answer = await push(said);
  expect([answer.status, answer.body]).toEqual([202, '']);
  expect([await active(first), await active(second), await active(others)]).toEqual([false, false, true]);
  const facts = await revocations();
  expect(facts.map(({ data }) => data.token).sort()).toEqual([idOf(first), idOf(second)].sort());
  for (const { data, by } of facts) {
    expect(by).toMatchObject({ kind: 'system', id: 'transmitters' });
    expect(data.said).toEqual({ transmitter: at, issuer: ISSUER, event: 'session-revoked', jti: 'set-1' });
  }
  // The same token again, and at the same moment: taken, and nothing more.
  const again = await issue('clerk');
  expect((await Promise.all([push(said), push(said)])).map(({ status }) => status)).toEqual([202, 202]);
  expect(await active(again)).toBe(true);
  expect(await revocations()).toHaveLength(2);
  expect(await heard()).toMatchObject([
    { token: 'set-1', type: 'session-revoked', subject: 'clerk', revoked: 2, why: '' },
  ]);
  expect(await shown()).toMatchObject({ revoked: 2, lastAt: world.now(), refused: null });
});

it('takes an event that comes twice at the same moment once', async () => {
  const access = await issue('twin');
  const before = (await revocations()).length;
  const said = await token({ format: 'opaque', id: 'twin' });
  expect((await Promise.all([push(said), push(said), push(said)])).map(({ status }) => status)).toEqual([
    202, 202, 202,
  ]);
  expect(await active(access)).toBe(false);
  expect(await revocations()).toHaveLength(before + 1);
});

it('ends one token by its id, and what a changed credential stood for', async () => {
  const [one, two, three] = [await issue('payer'), await issue('payer'), await issue('mailer')];
  expect((await push(await token({ format: 'jwt_id', iss: ours, jti: idOf(one) }))).status).toBe(202);
  expect([await active(one), await active(two)]).toEqual([false, true]);
  const mailer = { format: 'iss_sub', iss: ours, sub: 'mailer' };
  await push(await token(mailer, { type: 'credential-change', says: { change_type: 'create' } }));
  expect(await active(three)).toBe(true);
  await push(await token(mailer, { type: 'credential-change', says: { change_type: 'revoke' } }));
  expect(await active(three)).toBe(false);
});

it('keeps what did nothing, with why, and never gives anything back', async () => {
  const ended = await issue('gone');
  await push(await token({ format: 'opaque', id: 'gone' }));
  expect(await active(ended)).toBe(false);
  const why = async (...given: Parameters<typeof token>) => {
    await world.advance('1s');
    expect((await push(await token(...given))).status).toBe(202);
    return (await heard())[0]!;
  };
  expect(await why({ format: 'opaque', id: 'nobody' })).toMatchObject({
    revoked: 0,
    why: expect.stringMatching(/no token was issued here/),
  });
  expect(await why({ format: 'jwt_id', iss: ours, jti: 'tok_x' })).toMatchObject({
    why: expect.stringMatching(/no living token/),
  });
  expect(await why({ format: 'opaque', id: 'gone' })).toMatchObject({ why: expect.stringMatching(/./) });
  for (const type of ['session-established', 'risk-level-change', 'credential-change'])
    expect(
      await why({ format: 'opaque', id: 'gone' }, { type, says: { current_level: 'LOW', change_type: 'create' } }),
    ).toMatchObject({ type, revoked: 0, why: expect.stringMatching(/nothing follows/) });
  expect(
    await why(
      { format: 'opaque', id: 's' },
      { events: { 'https://schemas.openid.net/secevent/ssf/event-type/verification': {} } },
    ),
  ).toMatchObject({ type: 'verification', why: 'a test' });
  expect(await active(ended)).toBe(false);
  await world.advance('301s');
  expect(await why({ format: 'opaque', id: 'gone' })).toMatchObject({
    why: expect.stringMatching(/no token that still lives/),
  });
});

it('believes nothing that is not signed by the key it names, for here, and now', async () => {
  const access = await issue('safe');
  const safe = { format: 'opaque', id: 'safe' };
  const now = Math.floor(Date.parse(world.now()) / 1_000);
  const [head, body] = (await token(safe)).split('.') as [string, string];
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'secevent+jwt' })).toString('base64url');
  const hmac = new SignJWT(JSON.parse(Buffer.from(body, 'base64url').toString()))
    .setProtectedHeader({ alg: 'HS256', typ: 'secevent+jwt', kid: 'a' })
    .sign(Buffer.from(JSON.stringify(published.keys[0])));
  const wrong: [Promise<string> | string, string][] = [
    [token(safe, { key: other.privateKey }), 'authentication_failed'],
    [token(safe, { header: { alg: 'ES256' }, key: ec.privateKey }), 'invalid_key'],
    [token(safe, { header: { kid: 'z' } }), 'invalid_key'],
    [token(safe, { header: { typ: 'JWT' } }), 'invalid_request'],
    [token(safe, { iss: 'https://evil.example' }), 'invalid_issuer'],
    [token(safe, { aud: 'https://else.example' }), 'invalid_audience'],
    [token(safe, { iat: now - 3 * 86_400 }), 'invalid_request'],
    [hmac, 'invalid_key'],
    [`${none}.${body}.`, 'invalid_request'],
    [`${none}.${body}.AA`, 'invalid_key'],
    [`${head}.${body}.AA`, 'authentication_failed'],
    ['nonsense', 'invalid_request'],
    ['x'.repeat(17_000), 'invalid_request'],
  ];
  for (const [text, err] of wrong) {
    const answer = await push(await text);
    expect([answer.status, answer.body]).toEqual([400, { err, description: expect.any(String) }]);
    expect(answer.headers.get('content-language')).toBe('en');
  }
  expect(await push(await token(safe), at, 'application/json')).toMatchObject({
    status: 400,
    body: { err: 'invalid_request' },
  });
  expect(await push(await token(safe), 'trm_none')).toMatchObject({ status: 400, body: { err: 'access_denied' } });
  expect(await active(access)).toBe(true);
  expect((await shown()).refused).toMatchObject({ err: expect.any(String) });
});

it('asks for keys again for a name it does not know, once a minute, and says when they cannot be read', async () => {
  await world.advance('61s');
  published.keys.push({ ...(await exportJWK(ec.publicKey)), kid: 'b' });
  const before = asked;
  const access = await issue('turner');
  const es = { header: { alg: 'ES256', kid: 'b' }, key: ec.privateKey };
  expect((await push(await token({ format: 'opaque', id: 'turner' }, es))).status).toBe(202);
  expect(await active(access)).toBe(false);
  for (const kid of ['x', 'y', 'z']) expect((await push(await token(clerk, { header: { kid } }))).status).toBe(400);
  expect(asked).toBe(before + 1);
  up = false;
  await world.advance('2h');
  const answer = await push(await token(clerk));
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60']);
  expect(answer.body.description).toMatch(/cannot be read at the moment/);
  up = true;
  await world.advance('61s');
  expect((await push(await token(clerk))).status).toBe(202);
});

it('lets a transmitter speak of its own systems alone, with keys that were pasted, until it ends', async () => {
  const keys = { keys: [{ ...(await exportJWK(other.publicKey)), kid: 'own' }] };
  const { id, endpoint, keysUrl, systems } = await make({ keys, systems: ['shop'] });
  expect([endpoint, keysUrl, systems]).toEqual([`${ours}/ssf/events/${id}`, null, ['shop']]);
  const [bot, shop] = [await issue('both'), await issue('both', 'shop')];
  const by = { header: { kid: 'own' }, key: other.privateKey };
  expect((await push(await token({ format: 'opaque', id: 'both' }, by), id)).status).toBe(202);
  expect([await active(bot), await active(shop)]).toEqual([true, false]);
  // The key of another transmitter opens nothing here.
  expect((await push(await token({ format: 'opaque', id: 'both' }), id)).body).toMatchObject({ err: 'invalid_key' });
  await world.ana.client.call(transmitters.end, { params: { transmitter: id }, body: { reason: 'moved' } });
  expect((await shown(id)).ended).toMatchObject({ reason: 'moved' });
  expect(await push(await token({ format: 'opaque', id: 'both' }, by), id)).toMatchObject({
    status: 400,
    body: { err: 'access_denied' },
  });
});

it('understands what another Firebreak sends', async () => {
  const keys = await world.ana.client.call(links.transmitterKeys, {});
  const { id } = await make({ issuer: ours, keys });
  const { kid, sign } = await world.server.deps.keys.events();
  const access = await issue('peer');
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'RS256', typ: 'secevent+jwt', kid })}.${part({
    iss: ours,
    aud: AUDIENCE,
    jti: 'dlv_1',
    iat: Math.floor(Date.parse(world.now()) / 1_000),
    sub_id: { format: 'iss_sub', iss: ours, sub: 'peer' },
    events: { [`${CAEP}session-revoked`]: {} },
  })}`;
  const said = `${input}.${Buffer.from(sign(Buffer.from(input))).toString('base64url')}`;
  expect((await push(said, id)).status).toBe(202);
  expect(await active(access)).toBe(false);
});

it('refuses what could verify nothing, or lies where nobody may reach, and remembers no longer than it has to', async () => {
  const refused = (over: object) => expect(make(over)).rejects;
  await refused({ keys: { keys: [] } }).toMatchObject({ code: 'transmitter.bad-keys', status: 422 });
  await refused({ keysUrl: 'http://10.1.2.3/jwks' }).toMatchObject({ code: 'subscription.private-address' });
  await refused({ keysUrl: 'nonsense' }).toMatchObject({ code: 'link.bad-address' });
  await refused({ keysUrl: address, systems: ['nowhere'] }).toMatchObject({ code: 'system.unknown' });
  await refused({}).toMatchObject({ code: 'request.invalid' });
  await expect(
    world.ana.client.call(transmitters.end, { params: { transmitter: 'trm_none' }, body: { reason: 'x' } }),
  ).rejects.toMatchObject({ code: 'transmitter.unknown', status: 404 });
  const ben = await world.person('Ben Lead', ['lead']);
  await expect(ben.client.call(transmitters.list, {})).rejects.toMatchObject({ code: 'authority.missing' });
  for (
    let n = (await world.ana.client.call(transmitters.list, {})).transmitters.filter((it) => !it.ended).length;
    n < 20;
    n++
  )
    await make({ keysUrl: address });
  await refused({ keysUrl: address }).toMatchObject({ code: 'transmitter.too-many' });
  await world.advance('31d');
  await world.settle();
  const { rows } = await world.server.deps.db.query(
    'select 1 from heard_event union all select 1 from agent_token_live',
  );
  expect(rows).toEqual([]);
});
