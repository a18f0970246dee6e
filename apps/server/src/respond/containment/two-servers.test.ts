import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import { createGuard, type Guard } from '@firebreak/guard';
import { openPostgres, openServer, readConfig, type Server, slices } from '@firebreak/server';
import { openWorld, type World } from '@firebreak/world';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../../../conformance/stand-in-control-plane.ts';

const OUTBOUND = { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' };

// The embedded database is opened by one process: two servers need PostgreSQL.
describe.runIf(process.env.FIREBREAK_TEST_DATABASE_URL)('two servers behind one database', () => {
  let world: World;
  let key: string;
  let incident: `inc_${string}`;
  const servers: Server[] = [];
  const guards: Guard[] = [];

  /** A further server with the same keys, which hears of what others commit, or does not. */
  async function another({ deaf = false, ticking = true } = {}): Promise<string> {
    const { dataFolder } = world.server.deps.config;
    const env = { ...OUTBOUND, FIREBREAK_DATA: dataFolder, FIREBREAK_PORT: '0', FIREBREAK_GATEWAY_PORT: '0' };
    const db = await openPostgres(world.databaseUrl!);
    const server = await openServer(readConfig(env), slices, {
      db: deaf ? { ...db, listen: async () => undefined } : db,
      log: pino({ level: 'error' }),
      ticking,
    });
    servers.push(server);
    return server.listen();
  }
  async function guardAt(url: string, instance: string): Promise<Guard> {
    const guard = await createGuard({ url, key, system: 'bot', instance, bootFailMode: 'allow' });
    await guard.ready();
    guards.push(guard);
    return guard;
  }
  const order = (feature: string, at = world.ana.client) =>
    at.call(containment.order, {
      params: { incident },
      body: { system: 'bot', what: { kind: 'disable', feature }, reason: 'it invents' },
    });
  /** How many instances obey an order that counts as confirmed. */
  async function confirmedBy(feature: string): Promise<number> {
    const { holds } = await world.ana.client.call(containment.listHoldsOfIncident, { params: { incident } });
    const found = holds.find(({ what }) => (what as { feature?: string }).feature === feature);
    if (found?.confirmation !== 'confirmed') return 0;
    const { acknowledgements } = await world.ana.client.call(containment.showHold, { params: { hold: found.hold } });
    return acknowledgements.length;
  }

  beforeAll(async () => {
    world = await openWorld({ listen: true, env: OUTBOUND });
    await world.ana.client.call(inventory.register, {
      body: {
        key: 'bot',
        name: 'Bot',
        type: 'generative',
        features: ['one', 'two', 'three', 'four'].map((feature) => ({ key: feature, name: feature })),
      },
    });
    incident = (await world.ana.client.call(incidents.declare, { body: { title: 'it invents' } })).incident.id;
    key = (await world.ana.client.call(people.createKey, { body: { name: 'guards', scopes: ['guard'] } })).secret;
  });
  afterAll(async () => {
    for (const guard of guards) guard.close();
    for (const server of servers) await server.close();
    await world?.close();
  });

  it('stop what is ordered at one everywhere, and confirm only when instances of both obey', async () => {
    const here = await guardAt(world.url, 'here');
    const there = await guardAt(await another(), 'there');
    await order('one');
    for (const guard of [here, there])
      await until('it is refused', () => guard.check({ feature: 'one' }).action === 'deny', 2_000);
    await until('confirmed by both', async () => (await confirmedBy('one')) === 2);
  });

  it('have an instance of the other try what has never worked, and do not wait for one that is not heard of', async () => {
    await world.ana.client.call(inventory.register, {
      body: { key: 'far', name: 'Far', type: 'generative', features: [{ key: 'one', name: 'one' }] },
    });
    const what = { kind: 'disable', feature: 'one' } as const;
    const first = async (over: object) =>
      (
        await world.ana.client.call(containment.order, {
          params: { incident },
          body: { system: 'far', what, reason: 'it invents', ...over },
        })
      ).canary;
    const at = async (url: string, instance: string) => {
      const guard = await createGuard({ url, key, system: 'far', instance, bootFailMode: 'allow' });
      await guard.ready();
      await until('it is on the roster', async () =>
        (await world.ana.client.call(containment.roster, { query: { system: 'far' } })).instances.some(
          (each) => each.instance === instance,
        ),
      );
      return guard;
    };
    const deaf = await at(await another({ deaf: true }), 'deaf');
    expect(await first({ what: { kind: 'review' }, typed: 'far' })).toEqual({
      instances: [],
      forced: false,
      unasked: 1,
    });
    deaf.close();
    await until('it is gone', async () =>
      (await world.ana.client.call(containment.roster, { query: { system: 'far' } })).instances.every(
        ({ live }) => !live,
      ),
    );
    const away = await at(await another(), 'far-away');
    expect(await first({})).toMatchObject({ forced: false, instances: [{ instance: 'far-away', ok: true }] });
    const { rows } = await world.server.deps.db.query('select trial from far_trial');
    expect(rows).toEqual([]);
    // Its server asks it, and it says nothing: that is no good sign, and not the same as a server nobody hears of.
    await world.server.deps.db.query(
      `create function silence() returns trigger as $$ begin new.answer = '{"silent": true}'; return new; end $$ language plpgsql`,
    );
    await world.server.deps.db.query(
      'create trigger silent before update on far_trial for each row execute function silence()',
    );
    await expect(first({ what: { kind: 'pause' }, typed: 'far' })).rejects.toMatchObject({
      code: 'hold.canary-failed',
      message: expect.stringContaining('far-away did not answer'),
    });
    await world.server.deps.db.query('drop function silence cascade');
    away.close();
  });

  it('reach guards of a server that no notification reaches, within seconds', async () => {
    const lonely = await guardAt(await another({ deaf: true }), 'lonely');
    await order('two');
    await until('it is refused', () => lonely.check({ feature: 'two' }).action === 'deny', 3_000);
    await until('confirmed by all three', async () => (await confirmedBy('two')) === 3);
  });

  it('go on hearing of each other after the database has cut them off', async () => {
    const root = await openPostgres(world.databaseUrl!);
    const { count } = await root.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await root.close();
    expect(count).toBeGreaterThanOrEqual(3);
    // A request that was under way when it was cut off is told so, and may be sent again.
    await until('it can be ordered', () =>
      order('three').then(
        () => true,
        () => false,
      ),
    );
    for (const guard of guards)
      await until('it is refused', () => guard.check({ feature: 'three' }).action === 'deny', 5_000);
  });

  it('tell others once, and give every hold a number of its own', async () => {
    const heard: string[] = [];
    const receiver = createServer((request, response) => {
      heard.push(String(request.headers['webhook-id']));
      request.resume();
      response.end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    const events = ['incident.declared' as const];
    await world.ana.client.call(links.subscribe, { body: { name: 'Jira', url, events } });
    for (const title of ['a', 'b', 'c', 'd', 'e'])
      await world.ana.client.call(incidents.declare, { body: { title: `it invents ${title}` } });
    await until('all are told', () => heard.length >= 5);
    await new Promise((resolve) => setTimeout(resolve, 500));
    receiver.close();
    expect(new Set(heard).size).toBe(5);
    expect(heard).toHaveLength(5);

    await Promise.all(Array.from({ length: 6 }, () => order('four')));
    const { holds } = await world.ana.client.call(containment.listHoldsOfIncident, { params: { incident } });
    expect(new Set(holds.map(({ label }) => label)).size).toBe(holds.length);
  });
});
