import { candidates } from '@firebreak/contract/detect/candidates';
import { fireDrills } from '@firebreak/contract/detect/fire-drills';
import { paging } from '@firebreak/contract/detect/paging';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import { tripwires } from '@firebreak/contract/respond/tripwires';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { addMs } from '@firebreak/core/kernel';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { look } from './pull.ts';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('signals:write', 'telemetry:write', 'read');
});
afterAll(() => world.close());

async function bot(key: string) {
  const { client } = world.ana;
  await client.call(inventory.register, {
    body: { key, name: key, type: 'agent', features: [{ key: 'answers', name: 'Answers' }] },
  });
  const { control } = await client.call(containment.declareControl, {
    params: { system: key },
    body: { name: 'Stop answers', what: { kind: 'disable', feature: 'answers' } },
  });
  return control;
}
const set = (system: string, control: `ctl_${string}`, over: object = {}) =>
  world.ana.client.call(tripwires.set, {
    body: {
      name: 'Leak',
      system,
      control,
      when: { kinds: ['secret-disclosed'], signals: 2 },
      reason: 'Nobody looks at night',
      ...over,
    } as never,
  });
let n = 0;
const leak = async (system: string, over: object = {}) => {
  n += 1;
  await sender.call(signals.sendSignals, {
    body: {
      system,
      feature: 'answers',
      kind: 'secret-disclosed',
      detector: 'secrets',
      channel: 'output-filter',
      evidenceClass: 'verified',
      archetype: 'data-exfiltration',
      text: `An answer held the key of the payment service, number ${n}.`,
      ...over,
    } as never,
  });
  await world.settle();
};
const one = async (system: string) =>
  (await world.ana.client.call(tripwires.list, { query: { system } })).tripwires[0]!;
const holdsOf = async (system: string) =>
  (await world.ana.client.call(containment.listHolds, { query: { system } as never })).holds;

it('pulls its control once two signals prove themselves, and asks a person to adopt it', async () => {
  const control = await bot('leaky');
  await set('leaky', control);
  expect(await one('leaky')).toMatchObject({
    state: 'armed',
    controlName: 'Stop answers',
    says: '2 signals that prove themselves (secret-disclosed) within 10 minutes',
  });
  await leak('leaky');
  expect(await holdsOf('leaky')).toEqual([]);
  await leak('leaky', { evidenceClass: 'strong' });
  expect(await holdsOf('leaky')).toEqual([]);
  await leak('leaky');
  const { state, trip } = await one('leaky');
  expect({ state, trip }).toMatchObject({ state: 'tripped', trip: { refused: null } });
  const [hold] = await holdsOf('leaky');
  expect(hold).toMatchObject({
    hold: trip!.hold,
    incident: trip!.incident,
    control,
    state: 'active',
    orderedBy: { kind: 'system', id: 'tripwires' },
    reason: expect.stringContaining('Tripwire “Leak”: 2 signals that prove themselves'),
  });
  const { incident } = await world.ana.client.call(incidents.show, { params: { incident: trip!.incident! } });
  expect(incident).toMatchObject({ systems: ['leaky'], candidate: trip!.candidate });
  const candidate = await sender.call(candidates.readCandidate, { params: { candidate: trip!.candidate } });
  expect(candidate).toMatchObject({ state: 'promoted', incident: trip!.incident });

  // Nobody adopts it: it ends, and the tripwire stays as it is until a person arms it again.
  await world.advance('16m');
  expect((await holdsOf('leaky'))[0]?.state).not.toBe('active');
  await leak('leaky');
  await leak('leaky');
  expect((await holdsOf('leaky')).filter((each) => each.state === 'active')).toEqual([]);
  await world.ana.client.call(tripwires.arm, {
    params: { tripwire: (await one('leaky')).id },
    body: { reason: 'The key was changed' },
  });
  await world.advance('1m');
  await leak('leaky');
  await leak('leaky');
  expect((await holdsOf('leaky')).filter((each) => each.state === 'active')).toHaveLength(1);
  expect(await one('leaky')).toMatchObject({ state: 'tripped', trips: 2 });
});

it('is not tripped by a simulation, by what is silenced or too weak, or by another system', async () => {
  const control = await bot('calm');
  await set('calm', control, { when: { kinds: [], evidence: 'strong', signals: 1 } });
  await bot('noisy');
  await leak('noisy');
  await leak('calm', { evidenceClass: 'weak' });
  await world.ana.client.call(fireDrills.simulate, {
    body: {
      system: 'calm',
      feature: 'answers',
      channel: 'output-filter',
      kind: 'secret-disclosed',
      detector: 'secrets',
      evidenceClass: 'verified',
      text: 'An answer held a key.',
    },
  });
  await world.ana.client.call(paging.silence, {
    body: { text: 'load test', reason: 'Saturday', owner: 'Ana', until: addMs(world.now(), 3_600_000) } as never,
  });
  await leak('calm', { evidenceClass: 'strong', text: 'The load test sent a planted key.' });
  await world.settle();
  expect(await one('calm')).toMatchObject({ state: 'armed', trips: 0 });
  await leak('calm', { evidenceClass: 'strong' });
  expect(await one('calm')).toMatchObject({ state: 'tripped' });
});

it('tells whoever is paged, once, what it did', async () => {
  const { client } = world.ana;
  const { subscription } = await client.call(links.subscribe, {
    body: { name: 'Pager', url: 'https://hooks.example.com/pager', events: ['candidate.paged'] } as never,
  });
  const control = await bot('told');
  await set('told', control, { when: { kinds: [], signals: 1 } });
  await leak('told');
  await leak('told');
  const { deliveries } = await client.call(links.deliveries, { query: { subscription: subscription.id } });
  expect(deliveries.filter(({ event }) => event === 'tripwire.tripped')).toHaveLength(1);
});

it('says in the room what it could not order, and trips on budgets of a session', async () => {
  const control = await bot('spender');
  await set('spender', control, { name: 'Spend', when: { kinds: ['budget-exceeded'], signals: 1 } });
  await world.ana.client.call(systemParts.setBudget, {
    params: { system: 'spender' },
    body: { measure: 'tokens', hard: 1_000 },
  });
  await world.ana.client.call(containment.retireControl, {
    params: { system: 'spender', control },
    body: { reason: 'wired anew' },
  });
  expect(await one('spender')).toMatchObject({ controlName: null });
  await sender.call(signals.sendInteractions, {
    body: { id: 'b-1', system: 'spender', session: 's', output: 'Yes.', tokens: { input: 9_000, output: 1 } },
  });
  await world.settle();
  const { trip } = await one('spender');
  expect(trip).toMatchObject({ hold: null, refused: expect.stringContaining('No such control is wired') });
  const { facts } = await world.ana.client.call(warRoom.facts, { params: { incident: trip!.incident! }, query: {} });
  expect(facts.filter(({ type }) => type === 'note.written').map(({ data }) => data.text)).toEqual([
    expect.stringContaining('Tripwire “Spend” could order nothing: No such control is wired'),
  ]);
});

it('is set for a control of the system alone, and by those who may wire controls', async () => {
  const control = await bot('own');
  await bot('foreign');
  await expect(set('foreign', control)).rejects.toMatchObject({ code: 'control.unknown' });
  await expect(set('nowhere', control)).rejects.toMatchObject({ code: 'system.unknown' });
  await expect(
    sender.call(tripwires.set, {
      body: { name: 'x', system: 'own', control, when: {}, reason: 'x' } as never,
    }),
  ).rejects.toMatchObject({ status: 403 });
  const { tripwire } = await set('own', control);
  await world.ana.client.call(tripwires.remove, { params: { tripwire: tripwire.id }, body: { reason: 'too eager' } });
  expect((await world.ana.client.call(tripwires.list, { query: { system: 'own' } })).tripwires).toEqual([]);
  await leak('own');
  await leak('own');
  expect(await holdsOf('own')).toEqual([]);
  await expect(
    world.ana.client.call(tripwires.arm, { params: { tripwire: tripwire.id }, body: { reason: 'x' } }),
  ).rejects.toMatchObject({ code: 'tripwire.unknown' });
});

it('orders once where two servers look at once, and where it died before it could say so', async () => {
  const control = await bot('twice');
  await leak('twice');
  await set('twice', control, { when: { kinds: [], signals: 1 } });
  const { items } = await sender.call(candidates.listCandidates, { query: { system: 'twice' } });
  const job = look as Extract<typeof look, { outside: unknown }>;
  const again = () => job.outside({ candidate: items[0]!.id } as never, world.server.deps);
  await Promise.all([again(), again(), again()]);
  expect(await holdsOf('twice')).toHaveLength(1);
  expect(await one('twice')).toMatchObject({ state: 'tripped', trips: 1 });
  // As if it had died between the order and the record of it.
  const { id } = await one('twice');
  await world.ana.client.call(tripwires.arm, { params: { tripwire: id }, body: { reason: 'again' } });
  await again();
  expect(await holdsOf('twice')).toHaveLength(1);
  const { incidents: all } = await world.ana.client.call(incidents.list, { query: { system: 'twice' } as never });
  expect(all.filter(({ systems }) => systems.includes('twice'))).toHaveLength(1);
});

it('looks at what was heard before this process knew of it', async () => {
  const control = await bot('late');
  await leak('late');
  await set('late', control, { when: { kinds: [], signals: 1 } });
  await world.settle();
  expect(await one('late')).toMatchObject({ state: 'tripped' });
});

it('is one of a hundred', async () => {
  const control = await bot('many');
  const there = (await world.ana.client.call(tripwires.list, { query: {} })).tripwires.length;
  for (let i = there; i < 100; i++) await set('many', control);
  await expect(set('many', control)).rejects.toMatchObject({ code: 'tripwire.too-many' });
});
