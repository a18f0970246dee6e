import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { createGuard, type Guard } from '@firebreak/guard';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { until } from '../../../conformance/stand-in-control-plane.ts';
import { openWorld, type World } from './index.ts';

let world: World;
let key: string;
let number = 0;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  world = await openWorld({ listen: true });
  key = (await world.program('guard')).key;
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
afterAll(() => world.close());

async function aSystem(): Promise<string> {
  number += 1;
  const body = { key: `frozen-${number}`, name: `Bot ${number}`, type: 'generative' as const, features: [] };
  await world.ana.client.call(inventory.register, { body });
  return body.key;
}
async function guardHere(system: string): Promise<Guard> {
  const guard = await createGuard({ url: world.url, key, system, bootFailMode: 'deny' });
  closing.push(() => guard.close());
  await guard.ready();
  return guard;
}
async function guardProcess(system: string, instance: string, skewMs = 0): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('./guard-process.fixture.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: {
      PATH: process.env.PATH ?? '',
      URL_: world.url,
      KEY: key,
      SYSTEM: system,
      INSTANCE: instance,
      SKEW_MS: String(skewMs),
    },
  });
  closing.push(() => child.kill('SIGKILL'));
  await once(child, 'message');
  return child;
}
async function disable(system: string) {
  const incident = (await world.ana.client.call(incidents.declare, { body: { title: 'it invents' } })).incident.id;
  const body = { system, what: { kind: 'disable' } as const, reason: 'it invents', typed: system };
  return world.ana.client.call(containment.order, { params: { incident }, body });
}
const shown = (hold: `hld_${string}`) => world.ana.client.call(containment.showHold, { params: { hold } });

it('a process that is stopped is named, never confirmed, and told what to do with', async () => {
  const system = await aSystem();
  await guardHere(system);
  const frozen = await guardProcess(system, 'bot-frozen');
  frozen.kill('SIGSTOP');
  const { hold } = await disable(system);
  const seen = new Set<string>();
  await until(
    'the proof is missing',
    async () => {
      const now = await shown(hold);
      seen.add(now.confirmation);
      return now.proofs?.acknowledged.state === 'missing';
    },
    25_000,
  );
  const { proofs, failure, level } = await shown(hold);
  expect(seen).not.toContain('confirmed');
  expect(failure?.instances.map(({ instance }) => instance)).toEqual(['bot-frozen']);
  expect(proofs!.acknowledged).toMatchObject({
    have: 1,
    of: 2,
    todo: [expect.stringMatching(/^Kill process bot-frozen on host /)],
  });
  expect(level!.at).toBe(1);
  // Its own guard answered for the surface, and that is shown apart.
  await until('the other one has tried it', async () => (await shown(hold)).proofs?.probe.state === 'have');
  frozen.kill('SIGCONT');
  await until('it is confirmed', async () => (await shown(hold)).confirmation === 'confirmed', 15_000);
  await until('the mark ends', async () => (await shown(hold)).proofs?.acknowledged.state === 'have');
}, 60_000);

it('a process whose event loop is blocked is named, and confirmed once it is free', async () => {
  const system = await aSystem();
  await guardHere(system);
  const blocked = await guardProcess(system, 'bot-blocked');
  blocked.send(9_000);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const { hold } = await disable(system);
  await until('it is named', async () => (await shown(hold)).failure !== null, 8_500);
  expect((await shown(hold)).failure?.instances).toMatchObject([{ instance: 'bot-blocked' }]);
  await until('it is confirmed', async () => (await shown(hold)).confirmation === 'confirmed', 15_000);
}, 60_000);

const HOUR_MS = 3_600_000;

it.each([-26 * HOUR_MS, 26 * HOUR_MS])(
  'a guard whose clock is wrong by %i ms obeys, is confirmed and lets go in time',
  async (skewMs) => {
    const system = await aSystem();
    const wrong = await guardProcess(system, `bot-wrong-${number}`, skewMs);
    const asked = async (): Promise<{ action: string; now: string }> => {
      wrong.send({ feature: 'answers' });
      return (await once(wrong, 'message'))[0];
    };
    expect(Math.abs(Date.parse((await asked()).now) - Date.now() - skewMs)).toBeLessThan(60_000);
    expect((await asked()).action).toBe('allow');
    const incident = (await world.ana.client.call(incidents.declare, { body: { title: 'it invents' } })).incident.id;
    const { hold } = await world.ana.client.call(containment.order, {
      params: { incident },
      body: {
        system,
        what: { kind: 'disable', feature: 'answers' },
        reason: 'it invents',
        expiry: { mode: 'auto', at: new Date(Date.now() + 4_000).toISOString() as never },
      },
    });
    await until('it is refused', async () => (await asked()).action === 'deny');
    await until('it is confirmed', async () => (await shown(hold)).confirmation === 'confirmed');
    // Milliseconds as the server saw them, and none of the clock that is wrong.
    expect((await shown(hold)).lastAckMs).toBeLessThan(60_000);
    await until('it ends by the clock of the server', async () => (await asked()).action === 'allow', 15_000);
    expect((await shown(hold)).state).toBe('expired');
  },
  60_000,
);
