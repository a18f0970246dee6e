import { oversight } from '@firebreak/contract/detect/oversight';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { guardChannel } from '@firebreak/contract/respond/guard-channel';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

let world: World;
let guard: Awaited<ReturnType<World['program']>>;
let sender: typeof guard;
beforeAll(async () => {
  world = await openWorld();
  guard = await world.program('guard');
  sender = await world.program('telemetry:write', 'read');
  await world.ana.client.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'generative' } });
});
afterAll(() => world.close());

let checks = 0;
let refused = 0;
const judged = async (more: number, refusals = 0) => {
  checks += more + refusals;
  refused += refusals;
  await guard.call(guardChannel.ack, {
    body: { system: 'bot', instance: 'bot-1', counters: { checks, refused, rerouted: 0, holds: {} } },
  });
};
let n = 0;
const send = () =>
  sender.call(signals.sendInteractions, { body: { id: `r-${n++}`, system: 'bot', output: 'Hello there.' } });
const told = async () =>
  (await sender.call(signals.listSignals, { query: { system: 'bot', detector: 'oversight' } })).items;
const hole = async () => (await sender.call(oversight.list, {})).agreements[0]!.hole;

it('tells when guards let requests through and nothing is recorded, and shows it until something is', async () => {
  await judged(10_000);
  await world.advance('61s');
  for (let minute = 0; minute < 5; minute++) {
    await judged(10);
    await send();
    await world.advance('61s');
  }
  expect(await hole()).toBeNull();
  for (let minute = 0; minute < 9; minute++) {
    await judged(10);
    await world.advance('61s');
  }
  expect(await told()).toEqual([]);
  expect(await hole()).toMatchObject({ through: 90 });
  for (let minute = 0; minute < 30; minute++) {
    await judged(1);
    await world.advance('61s');
  }
  expect(await told()).toMatchObject([
    {
      kind: 'telemetry-missing',
      evidenceClass: 'strong',
      archetype: 'control-failure',
      text: expect.stringMatching(/^Guards of bot have let \d+ requests through since .* nothing of them was recorded/),
    },
  ]);
  await send();
  await world.advance('61s');
  expect(await hole()).toBeNull();
});

it('does not miss what guards refused', async () => {
  for (let minute = 0; minute < 15; minute++) {
    await judged(0, 10);
    await world.advance('61s');
  }
  expect(await hole()).toBeNull();
  expect(await told()).toHaveLength(1);
});
