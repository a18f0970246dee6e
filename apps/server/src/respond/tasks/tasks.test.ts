import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { type Task, tasks } from '@firebreak/contract/respond/tasks';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { addMs } from '@firebreak/core/kernel';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('tasks of an incident', () => {
  let world: World;
  let incident: string;
  beforeAll(async () => {
    world = await openWorld();
    await world.ana.client.call(inventory.register, { body: { key: 'voice-desk', name: 'Voice desk', type: 'voice' } });
    const declared = await world.ana.client.call(incidents.declare, {
      body: { title: 'The desk repeats what a caller told it to say', systems: ['voice-desk'] },
    });
    incident = declared.incident.id;
  });
  afterAll(() => world.close());
  const call = () => world.ana.client;
  const list = () => call().call(tasks.list, { params: { incident } });
  const dueOf = (all: readonly Task[], late: boolean) =>
    all.filter((task) => task.done === null && task.late === late).map((task) => task.due);
  const open = (body: object) => call().call(tasks.open, { params: { incident }, body: body as never });

  it('are what holds for every incident until the archetype is known', async () => {
    const { playbook, tasks: all } = await list();
    expect(playbook).toBeNull();
    expect(all.map((task) => task.key)).toContain('commander');
    await expect(open({ archetype: 'outside' })).rejects.toMatchObject({ code: 'playbook.unknown', status: 404 });
    await expect(open({ playbook: 'nope' })).rejects.toMatchObject({ code: 'playbook.unknown' });
    await expect(open({})).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('follow the archetype and the type of the system, once', async () => {
    const { facts } = await open({ archetype: 'prompt-injection' });
    expect(facts).toMatchObject([{ type: 'playbook.opened', data: { key: 'prompt-injection.voice' } }]);
    expect((await open({ archetype: 'prompt-injection' })).facts).toEqual([]);
    const { playbook, tasks: all } = await list();
    expect(playbook).toMatchObject({ key: 'prompt-injection.voice' });
    expect(all.map((task) => task.key)).toEqual(expect.arrayContaining(['pi-block', 'voice-handover', 'commander']));
  });

  it('are done by people or by what the record shows, and late when their time is over', async () => {
    await call().call(warRoom.tick, { params: { incident, step: 'pi-block' }, body: { done: true } });
    await call().call(incidents.takeRole, { params: { incident, role: 'commander' }, body: {} });
    await world.advance('21m');
    const { tasks: all, late } = await list();
    const of = (key: string) => all.find((task) => task.key === key);
    expect(of('pi-block')).toMatchObject({ done: 'person', late: false });
    expect(of('commander')).toMatchObject({ done: 'fact', late: false });
    expect(of('voice-handover')).toMatchObject({ done: null, due: 20, late: true });
    expect(of('users-told')).toMatchObject({ done: null, late: false });
    expect(late).toBe(all.filter((task) => task.late).length);
    const { incidents: due } = await call().call(tasks.due, {});
    const { declaredAt } = (await call().call(incidents.show, { params: { incident } })).incident;
    expect(due).toEqual([
      {
        incident,
        label: expect.stringMatching(/^INC-/),
        late,
        latest: expect.objectContaining({ dueAt: addMs(declaredAt, Math.min(...dueOf(all, true)) * 60_000) }),
        next: expect.objectContaining({ dueAt: addMs(declaredAt, Math.min(...dueOf(all, false)) * 60_000) }),
      },
    ]);
    await expect(
      call().call(warRoom.tick, { params: { incident, step: 'am-kill' }, body: { done: true } }),
    ).rejects.toMatchObject({ code: 'step.unknown' });
  });

  it('begin by themselves where a candidate says what it looks like', async () => {
    const sender = await world.program('telemetry:write', 'read');
    await sender.call(signals.sendInteractions, {
      body: {
        id: 'i-1',
        system: 'voice-desk',
        feature: 'policy',
        input: 'How many devices may I use?',
        output: 'Each subscription is limited to one device.',
        retrieved: [{ id: 'd', title: 'Devices', text: 'You can use up to five devices with one subscription.' }],
      },
    });
    await world.settle();
    const { items } = await sender.call(candidates.listCandidates, { query: { system: 'voice-desk' } });
    const declared = await call().call(incidents.declare, {
      body: { title: 'One device', systems: ['voice-desk'], candidate: items[0]!.id },
    });
    await world.settle();
    const { playbook } = await call().call(tasks.list, { params: { incident: declared.incident.id } });
    expect(playbook).toMatchObject({ key: 'misinformation-cascade.voice' });
  });

  it('asks for an incident that is there', async () => {
    await expect(call().call(tasks.list, { params: { incident: 'INC-1999-0001' } })).rejects.toMatchObject({
      code: 'incident.unknown',
    });
  });
});
