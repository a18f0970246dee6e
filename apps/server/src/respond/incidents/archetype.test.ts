import { similar } from '@firebreak/contract/detect/similar';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { tasks } from '@firebreak/contract/respond/tasks';
import { triagePack } from '@firebreak/contract/respond/triage-pack';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const TITLE = 'Bot invents a refund rule for customers';

describe('the archetype of an incident', () => {
  let world: World;
  let rae: Someone;
  beforeAll(async () => {
    world = await openWorld();
    rae = await world.person('Rae Responder', ['responder']);
    await world.ana.client.call(inventory.register, { body: { key: 'desk', name: 'Desk', type: 'voice' } });
  });
  afterAll(() => world.close());
  const declare = async (body: object) => {
    const { incident } = await rae.client.call(incidents.declare, { body: { title: TITLE, ...body } });
    await world.settle();
    return incident;
  };
  const call = async (incident: string, body: object, who = rae) => {
    const answer = await who.client.call(incidents.archetype, { params: { incident }, body: body as never });
    await world.settle();
    return answer.incident;
  };
  const labels = async (archetype: 'quality-drift' | 'vendor-outage' | 'outside' | 'unknown') =>
    (await rae.client.call(incidents.list, { query: { archetype } })).incidents.map((row) => row.label);
  const followed = async (incident: string) =>
    (await rae.client.call(tasks.list, { params: { incident } })).playbook?.key ?? null;

  it('is called by who writes in the room, again when they know better, and the register follows', async () => {
    const { label } = await declare({});
    expect(await labels('unknown')).toEqual([label]);
    const sam = await world.person('Sam Reporter', ['reporter']);
    await expect(call(label, { to: 'outside' }, sam)).rejects.toMatchObject({ code: 'authority.missing' });
    await expect(call(label, { to: 'outside', also: ['vendor-outage'] })).rejects.toMatchObject({
      code: 'archetype.also-unfit',
      status: 422,
    });
    await expect(call(label, { to: 'gremlins' })).rejects.toMatchObject({ code: 'request.invalid' });
    await expect(call('INC-1999-0001', { to: 'outside' })).rejects.toMatchObject({ code: 'incident.unknown' });
    expect(await call(label, { to: 'outside' })).toMatchObject({ archetype: 'outside', also: [] });
    expect(await labels('outside')).toEqual([label]);
    expect(await call(label, { to: 'quality-drift', also: ['vendor-outage'], reason: 'new model' })).toMatchObject({
      archetype: 'quality-drift',
      also: ['vendor-outage'],
    });
    expect(await labels('quality-drift')).toEqual([label]);
    expect(await labels('vendor-outage')).toEqual([label]);
    expect(await labels('outside')).toEqual([]);
    await rae.client.call(incidents.list, { query: {} }).then(({ incidents: [row] }) => {
      expect(row).toMatchObject({ label, archetype: 'quality-drift' });
    });
    expect(await call(label, { to: 'unknown' })).toMatchObject({ archetype: null, also: [] });
    expect(await labels('unknown')).toEqual([label]);
  });

  it('brings the playbook that fits where the room follows none, and leaves the one it follows', async () => {
    const { label } = await declare({ systems: ['desk'] });
    expect(await followed(label)).toBeNull();
    await call(label, { to: 'outside' });
    expect(await followed(label)).toBeNull();
    await call(label, { to: 'prompt-injection' });
    expect(await followed(label)).toBe('prompt-injection.voice');
    await call(label, { to: 'data-exfiltration' });
    expect(await followed(label)).toBe('prompt-injection.voice');
    const { archetype, playbook } = await rae.client.call(triagePack.ofIncident, { params: { incident: label } });
    expect(archetype).toBe('data-exfiltration');
    expect(playbook?.id).toBe('data-exfiltration.voice');
    const { label: named } = await declare({ systems: ['desk'], archetype: 'prompt-injection' });
    expect(await followed(named)).toBe('prompt-injection.voice');
  });

  it('brings none to a near miss, until it turns out to have reached people', async () => {
    const miss = { stoppedBy: 'A reviewer', wouldHave: 'Paid twice' };
    const { label } = await declare({
      ...{ systems: ['desk'], kind: 'near-miss', miss, archetype: 'control-failure' },
    });
    expect(await followed(label)).toBeNull();
    await rae.client.call(incidents.refile, {
      params: { incident: label },
      body: { to: 'normal', reason: 'two were' },
    });
    await world.settle();
    expect(await followed(label)).toMatch(/^control-failure/);
  });

  it('goes before the words where incidents are compared', async () => {
    const { label } = await declare({ title: 'Invented parking rule told to drivers', archetype: 'outside' });
    const past = await declare({ title: 'Invented parking rule told to residents' });
    const alike = async () => {
      const { items } = await rae.client.call(similar.findSimilar, { query: { incident: label } });
      return items.find((it) => it.label === past.label)!.sameArchetype;
    };
    await call(label, { to: 'vendor-outage' });
    expect(await alike()).toBe(false);
    await call(past.label, { to: 'vendor-outage' });
    expect(await alike()).toBe(true);
    await call(label, { to: 'outside' });
    expect(await alike()).toBe(false);
  });
});
