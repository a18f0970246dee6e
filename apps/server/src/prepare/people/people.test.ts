import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

describe('who is there', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  const json = (method: string, path: string, body: unknown, headers = {}) =>
    world.send(method, path, {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const code = async (response: Response) => (await response.json()).type.split('/').at(-1);

  it('lets the first administrator in once, by a link that then is used up', async () => {
    const again = await json('POST', people.welcome.path, {
      token: 'x'.repeat(40),
      name: 'Mallory',
      email: 'm@example.test',
      password: 'long enough password',
    });
    expect([again.status, await code(again)]).toEqual([410, 'link.used']);
    expect(await world.ana.client.call(people.setup, {})).toMatchObject({ needsAdministrator: false });
    expect(await world.ana.client.call(people.me, {})).toMatchObject({ kind: 'person', roles: ['administrator'] });
  });

  it('signs in with the password, out again, and records every refusal', async () => {
    const signIn = (email: string, password: string) => json('POST', people.signIn.path, { email, password });
    const good = await signIn(world.ana.email, world.ana.password);
    expect(good.status).toBe(200);
    expect((await good.json()).may).toContain('people.administer');
    expect(good.headers.getSetCookie()[0]).toMatch(/HttpOnly; SameSite=Lax/);
    const cookie = good.headers.getSetCookie()[0]!.split(';')[0]!;
    expect((await world.send('GET', people.me.path, { headers: { cookie } })).status).toBe(200);
    expect((await world.send('DELETE', people.signIn.path, { headers: { cookie } })).status).toBe(200);
    await world.server.deps.feed.settled();
    const gone = await world.send('GET', people.me.path, { headers: { cookie } });
    expect([gone.status, await code(gone)]).toEqual([401, 'session.missing']);

    for (const [email, password] of [
      [world.ana.email, 'wrong password'],
      ['nobody@example.test', 'whatever it is'],
    ] as const) {
      const bad = await signIn(email, password);
      expect([bad.status, await code(bad)]).toEqual([401, 'session.refused']);
    }
    const { rows } = await world.server.deps.db.query<{ because: string }>(
      "select data->>'because' as because from fact where type = 'session.refused' order by seq",
    );
    expect(rows.map(({ because }) => because)).toEqual(['wrong password', 'unknown address']);
  });

  it('stops guessing after ten tries a minute', async () => {
    const answers = [];
    for (let i = 0; i < 12; i++)
      answers.push(
        await code(
          await json('POST', people.signIn.path, { email: 'guess@example.test', password: `guess number ${i}` }),
        ),
      );
    expect(answers.slice(-2)).toEqual(['session.too-many-tries', 'session.too-many-tries']);
    await world.advance('61s');
    expect(await code(await json('POST', people.signIn.path, { email: 'guess@example.test', password: 'again' }))).toBe(
      'session.refused',
    );
  });

  it('gives rights by role, at once, and keeps the last administrator', async () => {
    const lee = await world.person('Lee Viewer', ['viewer']);
    const register = () =>
      lee.client.call(inventory.register, { body: { key: 'support-bot', name: 'Support bot', type: 'generative' } });
    await expect(register()).rejects.toMatchObject({ status: 403, code: 'authority.missing' });
    await world.ana.client.call(people.setRoles, {
      params: { person: lee.id as `usr_${string}` },
      body: { roles: ['lead'] },
    });
    await expect(register()).resolves.toMatchObject({ system: { key: 'support-bot' } });
    const ana = { params: { person: world.ana.id as `usr_${string}` } };
    await expect(world.ana.client.call(people.setRoles, { ...ana, body: { roles: ['viewer'] } })).rejects.toMatchObject(
      { code: 'person.last-administrator' },
    );
    await expect(
      world.ana.client.call(people.deactivate, { ...ana, body: { reason: 'holiday' } }),
    ).rejects.toMatchObject({ code: 'person.last-administrator' });
    await expect(
      world.ana.client.call(people.invite, { body: { name: 'Lee two', email: lee.email, roles: ['viewer'] } }),
    ).rejects.toMatchObject({ code: 'person.email-taken' });
    await world.ana.client.call(people.deactivate, {
      params: { person: lee.id as `usr_${string}` },
      body: { reason: 'left' },
    });
    await expect(lee.client.call(people.me, {})).rejects.toMatchObject({ code: 'session.missing' });
    await expect(
      world.ana.client.call(people.deactivate, { params: { person: 'usr_nobody' }, body: { reason: 'x' } }),
    ).rejects.toMatchObject({ code: 'person.unknown' });
  });

  it('takes keys by scope, shows the secret once, and refuses a revoked one at once', async () => {
    const { key, secret } = await world.ana.client.call(people.createKey, {
      body: { name: 'reader', scopes: ['read'] },
    });
    const with_ = { authorization: `Bearer ${secret}` };
    expect((await world.send('GET', inventory.list.path, { headers: with_ })).status).toBe(200);
    expect(await code(await json('POST', people.createKey.path, { name: 'more', scopes: ['admin'] }, with_))).toBe(
      'authority.missing',
    );
    expect(JSON.stringify(await world.ana.client.call(people.keys, {}))).not.toContain(secret);
    await world.ana.client.call(people.revokeKey, { params: { key: key.id }, body: { reason: 'leaked' } });
    await world.server.deps.feed.settled();
    expect(await code(await world.send('GET', inventory.list.path, { headers: with_ }))).toBe('key.refused');
    await expect(
      world.ana.client.call(people.revokeKey, { params: { key: 'key_none' }, body: { reason: 'x' } }),
    ).rejects.toMatchObject({ code: 'key.unknown' });
  });

  it('records who was refused what, and a flood as a number', async () => {
    const { secret, key } = await world.ana.client.call(people.createKey, {
      body: { name: 'curious', scopes: ['flags'] },
    });
    await world.advance('1m');
    for (let i = 0; i < 40; i++)
      await world.send('GET', people.keys.path, { headers: { authorization: `Bearer ${secret}` } });
    await world.advance('1m');
    await world.send('GET', people.keys.path, { headers: { authorization: 'Bearer fbk_made-up' } });
    // What is recorded after an answer was sent is not waited for by anybody.
    const rows = await vi.waitFor(async () => {
      const found = await world.server.deps.db.query<{ data: { leftOut: number } }>(
        "select data from fact where type = 'access.refused' and data->>'door' = 'GET /api/v1/keys' order by seq",
      );
      expect(found.rows.length).toBeGreaterThanOrEqual(31);
      return found.rows;
    });
    expect(rows.filter(({ data }) => data.leftOut === 10)).toMatchObject([
      { data: { status: 401, who: null, from: { $sealed: expect.any(String) } } },
    ]);
    expect(rows[0]!.data).toMatchObject({ status: 403, who: { kind: 'key', id: key.id }, leftOut: 0 });
    expect(rows).toHaveLength(31);
  });

  it('refuses what another site sends with the cookie', async () => {
    const body = { name: 'x', scopes: ['read'] };
    const evil = await json('POST', people.createKey.path, body, {
      cookie: world.ana.cookie,
      'sec-fetch-site': 'cross-site',
    });
    expect([evil.status, await code(evil)]).toEqual([403, 'request.cross-site']);
    const older = await json('POST', people.createKey.path, body, {
      cookie: world.ana.cookie,
      origin: 'https://evil.test',
      host: 'firebreak.test',
    });
    expect(await code(older)).toBe('request.cross-site');
  });
});
