import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@firebreak/client';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { containment } from '@firebreak/contract/respond/containment';
import { guardChannel } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import { createGuard, type Guard } from '@firebreak/guard';
import { firstLink, openServer, readConfig, type Server, slices } from '@firebreak/server';
import { afterEach, expect, it } from 'vitest';
import { until } from '../../../conformance/stand-in-control-plane.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server on a folder of its own, an incident, and orders of one feature each. */
async function desk() {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-restart-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  let server: Server;
  const start = async (port: string): Promise<string> => {
    const config = { FIREBREAK_DATA: folder, FIREBREAK_PORT: port, FIREBREAK_LOG_LEVEL: 'error' };
    server = await openServer(readConfig(config), slices);
    closing.push(() => server.close());
    return server.listen();
  };
  const url = await start('0');
  const person = { name: 'Ana', email: 'ana@example.test', password: 'correct horse battery' };
  const welcome = await fetch(`${url}${people.welcome.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: (await firstLink(server!.deps))!.split('token=')[1], ...person }),
  });
  const ana = createClient({ baseUrl: url, headers: { cookie: welcome.headers.getSetCookie()[0]!.split(';')[0]! } });
  const { secret: key } = await ana.call(people.createKey, { body: { name: 'guard', scopes: ['guard'] } });
  await ana.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'generative', features: [] } });
  const { incident } = await ana.call(incidents.declare, { body: { title: 'it invents' } });
  const order = (feature: string, force?: true) =>
    ana.call(containment.order, {
      params: { incident: incident.id },
      body: { system: 'bot', what: { kind: 'disable', feature }, reason: 'it invents', force },
    });
  return { folder, url, ana, key, order, stop: () => server.close(), again: () => start(new URL(url).port) };
}

it('a guard goes on when the signing key is changed for the one in waiting, and not for another', async () => {
  const { folder, url, ana, key, order, stop, again } = await desk();
  const guards = { met: 'met.json', pinned: 'pinned.json' };
  const refuses = (guard: Guard) => guard.stats().lastFault?.includes('not signed by a trusted key') === true;
  const [{ publicKey }] = (await (await fetch(`${url}${guardChannel.keys.path}`)).json()).keys;
  const options = { url, key, system: 'bot', bootFailMode: 'allow', pollMs: 100 } as const;
  const met = await createGuard({ ...options, instance: 'a-met', stateFile: join(folder, guards.met) });
  const pinned = await createGuard({
    ...options,
    instance: 'a-pinned',
    stateFile: join(folder, guards.pinned),
    trustedKeys: [publicKey],
  });
  closing.push(
    () => met.close(),
    () => pinned.close(),
  );
  await Promise.all([met.ready(), pinned.ready()]);
  await stop();
  await rename(join(folder, 'keys/guard-next.pem'), join(folder, 'keys/guard.pem'));
  await again();
  const heard = async () => (await ana.call(containment.roster, { query: { system: 'bot' } })).instances;
  await until(
    'both are back, and one takes the state',
    async () => {
      const back = (await heard()).filter(({ live }) => live);
      return back.length === 2 && back.some(({ instance, current }) => instance === 'a-met' && current);
    },
    15_000,
  );
  // The one that refuses what the server signs is not asked to try an order, whichever came back first.
  expect((await order('first')).canary).toMatchObject({ forced: false, instances: [{ instance: 'a-met', ok: true }] });
  await until('the guard that met both keys obeys the second', () => met.check({ feature: 'first' }).action === 'deny');
  await until('the one that was given the old key only says why not', () => refuses(pinned), 15_000);
  expect(pinned.check({ feature: 'first' }).action).toBe('allow');

  await stop();
  await Promise.all(['guard.pem', 'guard-next.pub.pem'].map((file) => rm(join(folder, 'keys', file))));
  await again();
  // Nobody is left who could try it first.
  await order('second', true);
  await until('a key nobody met is refused', () => refuses(met), 15_000);
  expect(['first', 'second'].map((feature) => met.check({ feature }).action)).toEqual(['deny', 'allow']);
});

it('a guard enforces through a restart of the server, and of its own application without a server', async () => {
  const { folder, url, ana, key, order, stop, again: startAgain } = await desk();
  const options = {
    url,
    key,
    system: 'bot',
    bootFailMode: 'allow',
    stateFile: join(folder, 'app/state.json'),
  } as const;
  const guard = await createGuard(options);
  closing.push(() => guard.close());
  await guard.ready();
  await order('first');
  await until('the first is refused', () => guard.check({ feature: 'first' }).action === 'deny');
  const before = guard.stats();

  await stop();
  expect(guard.check({ feature: 'first' }).action).toBe('deny');
  await startAgain();
  const { hold } = await order('second');
  await until('the second is refused', () => guard.check({ feature: 'second' }).action === 'deny');
  expect(guard.check({ feature: 'first' }).action).toBe('deny');
  expect(guard.stats().generation).toBe(before.generation);
  expect(guard.stats().epoch).toBeGreaterThan(before.epoch!);
  await until(
    'it is confirmed',
    async () => {
      const shown = await ana.call(containment.showHold, { params: { hold } });
      return shown.confirmation === 'confirmed';
    },
    15_000,
  );

  guard.close();
  await stop();
  const again = await createGuard(options);
  closing.push(() => again.close());
  expect(['first', 'second', 'third'].map((feature) => again.check({ feature }).action)).toEqual([
    'deny',
    'deny',
    'allow',
  ]);
});
