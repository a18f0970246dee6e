import { createHash } from 'node:crypto';
import { Problem } from '@firebreak/client';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { guardChannel } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { type Snapshot, stateText } from '@firebreak/core/respond/containment';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** A clock that stands still, and instances that poll. */
let world: World;
let ana: Someone;
let ben: Someone;
let guards: Awaited<ReturnType<World['program']>>;
let number = 0;

beforeAll(async () => {
  world = await openWorld({});
  ana = world.ana;
  ben = await world.person('Ben Lead', ['lead']);
  guards = await world.program('guard');
});
afterAll(() => world.close());

async function aSystem(): Promise<string> {
  number += 1;
  const system = `left-${number}`;
  const features = ['answers', 'search'].map((key) => ({ key, name: key }));
  await ana.client.call(inventory.register, { body: { key: system, name: system, type: 'generative', features } });
  return system;
}
async function ordered(system: string, feature = 'answers') {
  const { incident } = await ana.client.call(incidents.declare, { body: { title: 'it invents', systems: [system] } });
  const body = { system, what: { kind: 'disable', feature } as const, reason: 'it invents' };
  return ana.client.call(containment.order, { params: { incident: incident.id }, body });
}
/** One poll, with an acknowledgement or without. */
async function poll(system: string, instance: string, takes = true): Promise<void> {
  const about = { system, instance, host: 'rack-9', kind: 'guard' } as const;
  const { payload } = await guards.call(guardChannel.snapshot, { query: about });
  const snapshot = JSON.parse(payload) as Snapshot;
  const { generation, epoch } = snapshot;
  const stateHash = createHash('sha256').update(stateText(snapshot)).digest('hex');
  const times = { receivedAt: world.now(), appliedAt: world.now() };
  const ack = { generation, epoch, stateHash, unsupported: [], ...times };
  await guards.call(guardChannel.ack, { body: { ...about, checks: false, ...(takes && { ack }) } });
}
const code = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error) => (error instanceof Problem ? error.code : String(error)),
  );
type Held = Awaited<ReturnType<typeof ordered>>;
const shown = ({ hold }: Held) => ana.client.call(containment.showHold, { params: { hold } });
const reason = 'The provider deleted the machine';
const say = ({ incident, hold }: Held, instance: string, who: Pick<Someone, 'client'> = ana) =>
  who.client.call(containment.sayGone, { params: { incident, hold }, body: { instance, reason } });
async function facts({ incident }: Held) {
  const told = await ana.client.call(warRoom.facts, { params: { incident }, query: { after: 0 } });
  return told.facts.filter(({ type }) => /confirmed$|written-off$|heard-again$|contradiction-told$/.test(type));
}

/** An order that one of two instances does not obey. */
async function deafened(system: string): Promise<Held> {
  await poll(system, 'good');
  await poll(system, 'deaf');
  const held = await ordered(system);
  await poll(system, 'good');
  await poll(system, 'deaf', false);
  await world.advance('6s');
  expect(await shown(held)).toMatchObject({ confirmation: 'failed', acknowledged: 1, live: 2, level: { at: 1 } });
  return held;
}

it('an instance that does not answer holds up no order once a person says that it is gone, and is never counted as obeying', async () => {
  const system = await aSystem();
  const held = await deafened(system);
  await say(held, 'deaf');
  await say(held, 'deaf', ben);
  await poll(system, 'good');
  await world.advance('1s');
  const now = await shown(held);
  const gone = [
    {
      instance: 'deaf',
      host: 'rack-9',
      reason,
      at: expect.any(String),
      by: { kind: 'person', id: ana.id },
      backAt: null,
    },
  ];
  expect(now).toMatchObject({ confirmation: 'confirmed', acknowledged: 1, live: 1, gone, level: { at: 2 } });
  expect(now.gone).toHaveLength(1);
  expect(now.acknowledgements.map(({ instance }) => instance)).toEqual(['good']);
  expect(now.proofs!.acknowledged.says).toBe(`1 of 1 acknowledged. 1 instance is said to be gone: deaf (“${reason}”).`);
  expect(now.level!.says).toContain('Not counted, as said to be gone: 1.');
  expect((await facts(held)).map(({ type, by, data }) => [type, by.kind, data.instances ?? data.instance])).toEqual([
    ['containment.written-off', 'person', 'deaf'],
    ['containment.confirmed', 'system', 1],
  ]);
  expect((await facts(held))[1]!.data.gone).toMatchObject([{ instance: 'deaf', reason }]);
  const { instances } = await ana.client.call(containment.roster, { query: { system } });
  expect(instances.map(({ instance, live, gone }) => [instance, live, gone]).sort()).toEqual([
    ['deaf', false, true],
    ['good', true, false],
  ]);

  const later = await ordered(system, 'search');
  await poll(system, 'good');
  await world.advance('6s');
  expect(await shown(later)).toMatchObject({ confirmation: 'confirmed', live: 1, gone: [{ instance: 'deaf' }] });
});

it('one that is heard again counts again at once, and that is said aloud, once', async () => {
  const system = await aSystem();
  const held = await deafened(system);
  await say(held, 'deaf');
  await poll(system, 'good');
  await world.advance('1s');
  expect(await shown(held)).toMatchObject({ confirmation: 'confirmed', live: 1 });

  await poll(system, 'deaf', false);
  await poll(system, 'deaf', false);
  expect(await shown(held)).toMatchObject({ acknowledged: 1, live: 2, level: { at: 1 } });
  await world.advance('1s');
  await world.settle();
  const now = await shown(held);
  expect(now.gone).toMatchObject([{ instance: 'deaf', backAt: expect.any(String), told: [] }]);
  expect(now.proofs!.acknowledged).toMatchObject({ state: 'waiting', missing: [{ instance: 'deaf' }] });
  expect((await facts(held)).map(({ type, by }) => `${type} ${by.kind}`)).toEqual([
    'containment.written-off person',
    'containment.confirmed system',
    'containment.heard-again system',
    'containment.contradiction-told system',
  ]);
});

it('a program may not say so, nor anybody of an instance that obeys or that nobody knows', async () => {
  const system = await aSystem();
  const held = await deafened(system);
  expect(await code(say(held, 'good'))).toBe('instance.not-awaited');
  expect(await code(say(held, 'nobody'))).toBe('instance.not-awaited');
  const program = { client: await world.program('respond') };
  expect(await code(say(held, 'deaf', program as never))).toBe('hold.person-needed');
  const { incident, hold } = held;
  await ben.client.call(containment.lift, { params: { incident, hold }, body: { reason: 'mended' } });
  expect(await code(say(held, 'deaf'))).toBe('hold.already-lifted');
});
