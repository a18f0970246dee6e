import { inventory } from '@firebreak/contract/prepare/inventory';
import { accumulation } from '@firebreak/contract/respond/accumulation';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const mild = { harm: 1, reach: 1, data: 0, regulatory: 0, autonomy: 0, control: 1 };
const miss = { stoppedBy: 'a test', wouldHave: 'told one customer' };

describe('incidents that add up', () => {
  let world: World;
  let rae: Someone;
  beforeAll(async () => {
    world = await openWorld();
    rae = await world.person('Rae Responder', ['responder']);
    for (const key of ['bot', 'shop'])
      await world.ana.client.call(inventory.register, { body: { key, name: key, type: 'generative', features: [] } });
    await world.ana.client.call(inventory.deploy, { params: { system: 'bot' }, body: { versions: { prompt: 'v42' } } });
  });
  afterAll(() => world.close());
  const declare = async (title: string, body: object = {}) => {
    const { incident } = await rae.client.call(incidents.declare, {
      body: { title, systems: ['bot'], axes: mild, archetype: 'misinformation-cascade', ...body },
    });
    await world.settle();
    return incident;
  };
  const open = async (query: object = {}) => (await rae.client.call(accumulation.list, { query })).proposals;

  it('are proposed as one with the reasons, and never declared by themselves', async () => {
    await declare('One wrong fee');
    await declare('A near miss', { kind: 'near-miss', miss });
    await declare('A drill', { drill: true });
    await world.advance('10h');
    const second = await declare('Another wrong fee');
    expect(second.severity).toBeGreaterThanOrEqual(3);
    expect(await open()).toEqual([]);
    const third = await declare('A third wrong fee');
    const [proposal] = await open();
    expect(proposal).toMatchObject({
      system: 'bot',
      severity: second.severity - 1,
      rules: ['ACC.count'],
      state: 'open',
    });
    expect(proposal!.children).toHaveLength(3);
    expect(proposal!.reasons.join('; ')).toContain('all with prompt v42');
    expect(await open({ incident: third.label })).toHaveLength(1);
    await expect(open({ incident: 'INC-1999-0001' })).rejects.toMatchObject({ code: 'incident.unknown' });
    expect((await rae.client.call(incidents.list, { query: { kind: 'any' } })).incidents).toHaveLength(5);
  });

  it('are refused by the lead with a reason, and asked about again only when there are more', async () => {
    const [proposal] = await open();
    const params = { proposal: proposal!.id };
    const body = { reason: 'one tester, three times' };
    await expect(rae.client.call(accumulation.dismiss, { params, body })).rejects.toMatchObject({
      code: 'authority.missing',
    });
    await world.ana.client.call(accumulation.dismiss, { params, body });
    await expect(rae.client.call(accumulation.accept, { params, body: { title: 'Too late' } })).rejects.toMatchObject({
      code: 'proposal.ended',
      status: 409,
    });
    await expect(
      rae.client.call(accumulation.accept, { params: { proposal: 'prp_none' }, body: { title: 'None' } }),
    ).rejects.toMatchObject({ code: 'proposal.unknown', status: 404 });
    expect(await open()).toEqual([]);
    await declare('A fourth wrong fee');
    expect((await open())[0]!.children).toHaveLength(4);
  });

  it('become parts of the parent a person declares, told on both sides', async () => {
    const [proposal] = await open();
    const { incident: parent } = await rae.client.call(accumulation.accept, {
      params: { proposal: proposal!.id },
      body: { title: 'The bot invents fees' },
    });
    expect(parent).toMatchObject({
      severity: proposal!.severity,
      systems: ['bot'],
      archetype: 'misinformation-cascade',
    });
    expect(parent.children.map(({ label }) => label)).toEqual(proposal!.children.map(({ label }) => label));
    for (const { incident } of proposal!.children) {
      const { incident: child } = await rae.client.call(incidents.show, { params: { incident } });
      expect(child).toMatchObject({ parent: { incident: parent.id, label: parent.label }, state: 'open' });
      const { facts } = await rae.client.call(warRoom.facts, { params: { incident }, query: {} });
      expect(facts.at(-1)).toMatchObject({ type: 'incident.attached', by: { id: rae.id } });
    }
    await world.settle();
    expect(await open()).toEqual([]);
    const all = await open({ show: 'all' });
    expect(all.map(({ state }) => state).sort()).toEqual(['accepted', 'dismissed']);
  });

  it('have one parent only, and what no longer adds up is withdrawn', async () => {
    const three = [];
    for (const n of [1, 2, 3]) three.push(await declare(`Wrong price ${n}`, { systems: ['bot', 'shop'] }));
    const both = await open();
    expect(both.map(({ system }) => system).sort()).toEqual(['bot', 'shop']);
    const of = (system: string) => both.find((each) => each.system === system)!;
    await rae.client.call(accumulation.accept, { params: { proposal: of('bot').id }, body: { title: 'Wrong prices' } });
    await expect(
      rae.client.call(accumulation.accept, { params: { proposal: of('shop').id }, body: { title: 'Again' } }),
    ).rejects.toMatchObject({ code: 'incident.has-parent', status: 409 });
    expect((await rae.client.call(incidents.list, { query: {} })).incidents.map(({ title }) => title)).not.toContain(
      'Again',
    );
    await world.settle();
    expect(await open()).toEqual([]);
  });
});
