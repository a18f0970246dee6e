import { connect, createServer, type Server as Listener, type Socket } from 'node:net';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { createGuard, type Guard } from '@firebreak/guard';
import { openPostgres, openServer, readConfig, type Server, slices } from '@firebreak/server';
import { openWorld, type Someone, type World } from '@firebreak/world';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../../../conformance/stand-in-control-plane.ts';

type Orders = { readonly client: Someone['client'] };
let world: World;
let key: string;
let incident: `inc_${string}`;
let number = 0;
const guards: Guard[] = [];

beforeAll(async () => {
  world = await openWorld({ listen: true });
  key = (await world.ana.client.call(people.createKey, { body: { name: 'guards', scopes: ['guard'] } })).secret;
});
afterEach(() => {
  for (const guard of guards.splice(0)) guard.close();
});
afterAll(() => world.close());

async function aSystem(): Promise<string> {
  number += 1;
  const system = `bot-${number}`;
  const features = ['one', 'two', 'three'].map((feature) => ({ key: feature, name: feature }));
  await world.ana.client.call(inventory.register, {
    body: { key: system, name: system, type: 'generative', features },
  });
  incident = (await world.ana.client.call(incidents.declare, { body: { title: 'it invents' } })).incident.id;
  return system;
}
async function guardAt(url: string, system: string): Promise<Guard> {
  const guard = await createGuard({ url, key, system, bootFailMode: 'deny' });
  guards.push(guard);
  await guard.ready();
  return guard;
}
const order = (system: string, feature: string, at: Orders = world.ana) =>
  at.client.call(containment.order, {
    params: { incident },
    body: { system, what: { kind: 'disable', feature }, reason: 'it invents' },
  });
const OUT_OF_REACH = {
  code: 'containment.out-of-reach',
  status: 503,
  detail: expect.stringMatching(/keep what they hold.*firebreak capsule apply/),
};
/** What stands in the log of the incident about orders, in order. */
const recorded = async () =>
  (await world.ana.client.call(warRoom.facts, { params: { incident }, query: {} })).facts
    .map(({ type }) => type)
    .filter((type) => type === 'evidence.preserved' || type === 'containment.ordered');
const BOTH = ['evidence.preserved', 'containment.ordered'];

it('a database that is down orders nothing and says what else there is; what holds goes on holding', async () => {
  const system = await aSystem();
  const guard = await guardAt(world.url, system);
  await order(system, 'one');
  await until('it is refused', () => guard.check({ feature: 'one' }).action === 'deny');

  const { db } = world.server.deps as unknown as { db: Record<string, unknown> };
  const { query, run, intake, transaction } = db as {
    transaction: (work: (tx: unknown) => unknown) => unknown;
  } & typeof db;
  const gone = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  try {
    // The connection breaks when everything is written, before the commit.
    db.transaction = (work: (tx: unknown) => Promise<unknown>) =>
      transaction.call(db, async (tx) => {
        await work(tx);
        return gone();
      });
    await expect(order(system, 'two')).rejects.toMatchObject(OUT_OF_REACH);
    Object.assign(db, { query: gone, run: gone, intake: gone, transaction: gone });
    await expect(order(system, 'two')).rejects.toMatchObject(OUT_OF_REACH);
    expect((await fetch(`${world.url}/readyz`)).status).toBe(503);
    await expect(world.ana.client.call(containment.listHolds, { query: {} })).rejects.toMatchObject({
      code: 'server.busy',
    });
    // Guards are served the last state, those that start now too.
    const late = await guardAt(world.url, system);
    expect([late.check({ feature: 'one' }).action, late.check({ feature: 'two' }).action]).toEqual(['deny', 'allow']);
    expect([guard.check({ feature: 'one' }).action, guard.check({ feature: 'two' }).action]).toEqual(['deny', 'allow']);
    expect(guard.stats()).toMatchObject({ stale: false, transport: 'socket' });
  } finally {
    Object.assign(db, { query, run, intake, transaction });
  }

  expect(await recorded()).toEqual(BOTH);
  const { hold } = await order(system, 'two');
  await until('it is refused', () => guard.check({ feature: 'two' }).action === 'deny');
  await until(
    'it is confirmed',
    async () => {
      const shown = await world.ana.client.call(containment.showHold, { params: { hold } });
      return shown.confirmation === 'confirmed' && shown.acknowledged === 2;
    },
    15_000,
  );
  expect(await recorded()).toEqual([...BOTH, ...BOTH]);
}, 60_000);

/** Between a server and its database: cut at a word that passes, or silent. */
class Wire {
  readonly sockets = new Set<Socket>();
  cutAt: string | undefined;
  down = false;
  silent = false;
  listener: Listener | undefined;

  async open(to: URL): Promise<string> {
    this.listener = createServer((near) => {
      if (this.down) return void near.destroy();
      const far = connect(Number(to.port || 5432), to.hostname);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      }
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
      near.on('data', (data) => {
        if (this.cutAt !== undefined && data.includes(this.cutAt)) this.cut();
        else if (!this.silent) far.write(data);
      });
      far.on('data', (data) => {
        if (!this.silent) near.write(data);
      });
    });
    await new Promise<void>((resolve) => this.listener!.listen(0, '127.0.0.1', resolve));
    const through = new URL(to);
    through.hostname = '127.0.0.1';
    through.port = String((this.listener.address() as { port: number }).port);
    return through.href;
  }

  cut(): void {
    this.down = true;
    for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.listener?.close();
  }
}

// The embedded database cannot be cut off: it is a thread of the server.
describe.runIf(process.env.FIREBREAK_TEST_DATABASE_URL)('PostgreSQL across a wire', () => {
  const wire = new Wire();
  let server: Server;
  let url: string;
  let ana: Orders;
  beforeAll(async () => {
    const through = await wire.open(new URL(world.databaseUrl!));
    const { dataFolder } = world.server.deps.config;
    const env = { FIREBREAK_DATA: dataFolder, FIREBREAK_PORT: '0', FIREBREAK_GATEWAY_PORT: '0' };
    server = await openServer(readConfig(env), slices, {
      db: await openPostgres(through),
      log: pino({ level: 'silent' }),
    });
    url = await server.listen();
    const { createClient } = await import('@firebreak/client');
    ana = { client: createClient({ baseUrl: url, headers: { cookie: world.ana.cookie } }) };
  });
  afterAll(async () => {
    wire.down = wire.silent = false;
    await server?.close();
    wire.close();
  });

  it('that is cut in the middle of an order leaves all of it or nothing, and is taken up again', async () => {
    const system = await aSystem();
    const guard = await guardAt(url, system);
    await order(system, 'one', ana);
    await until('it is refused', () => guard.check({ feature: 'one' }).action === 'deny');
    wire.cutAt = 'containment.ordered';
    await expect(order(system, 'two', ana)).rejects.toMatchObject(OUT_OF_REACH);
    wire.cutAt = undefined;
    await expect(order(system, 'two', ana)).rejects.toMatchObject(OUT_OF_REACH);
    expect(await recorded()).toEqual(BOTH);
    expect([guard.check({ feature: 'one' }).action, guard.check({ feature: 'two' }).action]).toEqual(['deny', 'allow']);
    // What others order meanwhile is caught up with when the wire is whole again.
    await order(system, 'three');
    wire.down = false;
    await until(
      'it is ordered',
      () =>
        order(system, 'two', ana).then(
          () => true,
          () => false,
        ),
      10_000,
    );
    await until(
      'both are refused',
      () => ['two', 'three'].every((it) => guard.check({ feature: it }).action === 'deny'),
      10_000,
    );
    expect(await recorded()).toEqual([...BOTH, ...BOTH, ...BOTH]);
  }, 60_000);

  it('that says nothing any more is said so in time, and an order given twice is one hold', async () => {
    const system = await aSystem();
    const guard = await guardAt(url, system);
    wire.silent = true;
    const began = performance.now();
    await expect(order(system, 'one', ana)).rejects.toMatchObject(OUT_OF_REACH);
    expect(performance.now() - began).toBeLessThan(15_000);
    wire.silent = false;
    // What was said into the silence is lost: connections are made anew.
    for (const socket of wire.sockets) socket.destroy();
    await until(
      'it is ordered',
      () =>
        order(system, 'one', ana).then(
          () => true,
          () => false,
        ),
      10_000,
    );
    await order(system, 'one', ana);
    await until('it is refused', () => guard.check({ feature: 'one' }).action === 'deny', 10_000);
    expect(await recorded()).toEqual(BOTH);
  }, 60_000);
});
