import { createPublicKey, verify } from 'node:crypto';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { agentTokens } from '@firebreak/contract/respond/agent-tokens';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

let world: World;
let ben: Someone;
let app: Awaited<ReturnType<World['program']>>;
let incident: `inc_${string}`;

beforeAll(async () => {
  world = await openWorld();
  ben = await world.person('Ben Lead', ['lead']);
  app = await world.program('guard');
  await world.ana.client.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'agent' } });
  incident = (await world.ana.client.call(incidents.declare, { body: { title: 'hijacked', systems: ['bot'] } }))
    .incident.id;
});
afterAll(() => world.close());

const issue = (agent = 'clerk', over: object = {}) =>
  app.call(agentTokens.issue, { body: { system: 'bot', agent, ...over } });
/** As an OAuth client does it: a form, and the answer as it comes. */
async function oauth(
  path: string,
  form: Record<string, string> | string,
  authorization: string | null = `Bearer ${app.key}`,
) {
  const response = await world.send('POST', path, {
    headers: { ...(authorization !== null && { authorization }), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as Record<string, unknown> };
}
const basic = (secret: string) => `Basic ${Buffer.from(`api:${secret}`).toString('base64')}`;
const introspect = async (token: string) => (await oauth('/oauth/introspect', { token })).body;
const code = (call: Promise<unknown>) =>
  call.then(
    () => 'nothing was refused',
    (problem: { code?: string }) => problem.code ?? String(problem),
  );

it('issues a token that others verify by its signature, and ends it within five minutes', async () => {
  const { access_token, expires_in } = await issue();
  expect(expires_in).toBe(300);
  const [header, body, signature] = access_token.split('.') as [string, string, string];
  const { keys } = await app.call(agentTokens.keys, {});
  const key = createPublicKey({ key: keys[0] as never, format: 'jwk' });
  expect(verify(null, Buffer.from(`${header}.${body}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
    alg: 'EdDSA',
    typ: 'at+jwt',
    kid: keys[0]!.kid,
  });
  expect(await introspect(access_token)).toMatchObject({
    active: true,
    sub: 'clerk',
    client_id: 'clerk',
    system: 'bot',
  });
  expect(await introspect(`${header}.${body}x.${signature}`)).toEqual({ active: false });
  expect(await introspect('nonsense')).toEqual({ active: false });
  await world.advance('301s');
  expect(await introspect(access_token)).toEqual({ active: false });
  expect(await code(issue('clerk', { system: 'nobody' }))).toBe('guard.unknown-system');
  const metadata = await app.call(agentTokens.metadata, {});
  expect(metadata.introspection_endpoint).toMatch(/\/oauth\/introspect$/);
});

it('says whom a token is for, as RFC 9068 asks', async () => {
  const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
  const { access_token: own } = await issue();
  expect(claimsOf(own)).toMatchObject({ iss: expect.any(String), client_id: 'clerk' });
  expect(claimsOf(own).aud).toBe(claimsOf(own).iss);
  const { access_token: other } = await issue('clerk', { audience: 'https://ledger.example' });
  expect(await introspect(other)).toMatchObject({ active: true, aud: 'https://ledger.example', client_id: 'clerk' });
});

it('takes OAuth clients as they come, and refuses as OAuth says', async () => {
  const { access_token: token } = await issue();
  for (const path of ['/oauth/introspect', '/oauth/revoke']) {
    const good = await oauth(path, { token }, basic(app.key));
    expect(good.status).toBe(200);
    expect(good.headers.get('cache-control')).toBe('no-store');

    const wrong = await oauth(path, { token }, basic('fbk_wrong'));
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client']);
    expect(wrong.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(wrong.headers.get('content-type')).toMatch(/^application\/json/);
    expect(String(wrong.body.error_description)).toMatch(/^[\x20-\x7e]+$/);

    const bearer = await oauth(path, { token }, 'Bearer fbk_wrong');
    expect([bearer.status, bearer.body.error]).toEqual([401, 'invalid_client']);
    expect(bearer.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
    const nobody = await oauth(path, { token }, null);
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="Firebreak"');

    const flags = await world.program('flags');
    const other = await oauth(path, { token }, `Bearer ${flags.key}`);
    expect([other.status, other.body.error]).toEqual([403, 'unauthorized_client']);
    expect(other.headers.get('www-authenticate')).toContain('error="insufficient_scope"');

    for (const form of [{}, `token=${token}&token=${token}`]) {
      const { status, body } = await oauth(path, form);
      expect([status, body.error]).toEqual([400, 'invalid_request']);
    }
  }
  // Only these doors: elsewhere a password is nobody.
  const elsewhere = await world.send('GET', '/api/v1/holds', { headers: { authorization: basic(app.key) } });
  expect(elsewhere.status).toBe(401);
});

it('revokes one token (RFC 7009), says 200 to every other, and leaves the others of the agent', async () => {
  const { access_token: first } = await issue();
  const { access_token: second } = await issue();
  expect(await oauth('/oauth/revoke', { token: first, token_type_hint: 'access_token' })).toMatchObject({
    status: 200,
  });
  expect((await oauth('/oauth/revoke', { token: first })).status).toBe(200);
  expect((await oauth('/oauth/revoke', { token: 'of somebody else' })).status).toBe(200);
  expect(await introspect(first)).toEqual({ active: false });
  expect(await introspect(second)).toMatchObject({ active: true });
});

it('ends every token of an agent with its revocation, also after it is lifted, and says what is left', async () => {
  const { access_token: clerk } = await issue();
  const { access_token: other } = await issue('other');
  const { hold } = await world.ana.client.call(containment.order, {
    params: { incident },
    body: { system: 'bot', what: { kind: 'revoke', agent: 'clerk' }, reason: 'hijacked' } as never,
  });
  expect(await introspect(clerk)).toEqual({ active: false });
  expect(await introspect(other)).toMatchObject({ active: true });
  expect(await code(issue())).toBe('token.agent-revoked');
  const { agents } = await world.ana.client.call(agentTokens.residual, { params: { system: 'bot' } });
  expect(agents).toMatchObject([
    { agent: 'clerk', revoked: true, lastEndsAt: expect.any(String) },
    { agent: 'other', revoked: false },
  ]);
  await world.advance('10s');
  await ben.client.call(containment.lift, { params: { incident, hold }, body: { reason: 'mended' } });
  expect(await introspect(clerk)).toEqual({ active: false });
  expect(await introspect((await issue()).access_token)).toMatchObject({ active: true });
  expect(await code(world.ana.client.call(agentTokens.residual, { params: { system: 'nobody' } }))).toBe(
    'system.unknown',
  );
  await world.advance('25h');
  await world.settle();
  const { rows } = await world.server.deps.db.query('select agent from agent_token_end');
  expect(rows).toEqual([]);
});
