import { PROBLEMS } from '@firebreak/contract';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadStream } from '../log.ts';
import { problemOf } from './problems.ts';

describe('the HTTP edge', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  const send = (method: string, path: string, init = {}) => world.send(method, path, init);
  const post = (body: string, type = 'application/json') =>
    send('POST', inventory.register.path, { headers: { cookie: world.ana.cookie, 'content-type': type }, body });

  it.each([
    ['{"key":', 'request.not-json', 400],
    ['[]', 'request.invalid', 400],
    [`{"key":"${'x'.repeat(300_000)}"}`, 'request.too-large', 413],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'request.invalid', 400],
  ])('answers a bad body with a problem that says what to do: %#', async (body, code, status) => {
    const answer = await post(body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({
      type: `/problems/${code}`,
      status,
      title: PROBLEMS[code as 'request.invalid'].title,
      detail: expect.stringMatching(/\w{3,}/),
      requestId: answer.headers.get('x-request-id'),
    });
  });

  it('refuses another media type, an unknown address and nobody', async () => {
    expect(await (await post('key: x', 'application/yaml')).json()).toMatchObject({
      type: '/problems/request.media-type',
      status: 415,
    });
    expect(await (await send('GET', '/api/v1/nothing')).json()).toMatchObject({
      type: '/problems/address.unknown',
      status: 404,
    });
    expect(await (await send('GET', '/api/v1/systems')).json()).toMatchObject({
      type: '/problems/session.missing',
      status: 401,
    });
    expect(
      await (await send('GET', '/api/v1/systems', { headers: { authorization: 'Bearer fbk_wrong' } })).json(),
    ).toMatchObject({ type: '/problems/key.refused' });
  });

  it('tells nothing about a fault but its id, and calls a lost database busy', () => {
    expect(problemOf(new Error('secret at /etc/x'))).toEqual({
      code: 'server.fault',
      detail: expect.not.stringContaining('secret'),
      errors: [],
    });
    expect(problemOf(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toMatchObject({
      code: 'server.busy',
    });
    expect(problemOf(Object.assign(new Error('terminating'), { code: '57P01' }))).toMatchObject({
      code: 'server.busy',
    });
    // The driver gives these no code.
    for (const said of ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])
      expect(problemOf(new Error(said))).toMatchObject({ code: 'server.busy' });
  });

  it('has a page for every problem, and describes every door in OpenAPI 3.1', async () => {
    for (const code of Object.keys(PROBLEMS))
      expect(await (await send('GET', `/problems/${code}`)).text()).toContain('What to do');
    const api = await (await send('GET', '/openapi.json')).json();
    expect(api.openapi).toBe('3.1.0');
    expect(Object.keys(api.paths)).toEqual(
      expect.arrayContaining(['/api/v1/incidents', '/api/v1/systems/{system}', '/api/v1/interactions']),
    );
  });

  it('believes nobody who says whom a request comes from, unless it is a proxy that was named', async () => {
    const named = await openWorld({ env: { FIREBREAK_TRUSTED_PROXIES: '10.0.0.0/8,127.0.0.1' } });
    const from = async (where: World) => {
      await where.send('POST', people.signIn.path, {
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7, 198.51.100.2, 10.1.2.3' },
        body: JSON.stringify({ email: 'nobody@example.test', password: 'wrong wrong wrong' }),
      });
      const facts = await loadStream(where.server.deps.db, `access_${where.now().slice(0, 13)}`);
      return facts.at(-1)!.data.from;
    };
    try {
      expect(await from(world)).toBe('127.0.0.1');
      // The last one that is no named proxy: what stands before it a client can make up.
      expect(await from(named)).toBe('198.51.100.2');
    } finally {
      await named.close();
    }
  });

  it('says whether it lives, can work, and what it counts', async () => {
    expect((await send('GET', '/healthz')).status).toBe(200);
    expect(await (await send('GET', '/readyz')).json()).toMatchObject({ ok: true, database: 'ok' });
    expect(await (await send('GET', '/metrics')).text()).toMatch(/firebreak_log_facts \d+/);
  });
});
