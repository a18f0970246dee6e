import { rubric } from '@firebreak/contract/prepare/rubric';
import { incidents } from '@firebreak/contract/respond/incidents';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const someMoney = { harm: 2, reach: 1, data: 0, regulatory: 0, autonomy: 0, control: 1 };

describe('the severity table as data', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('is tried on past incidents, adopted with a reason, and used from then on', async () => {
    const { ana } = world;
    const { incident } = await ana.client.call(incidents.declare, {
      body: { title: 'One wrong refund', axes: someMoney },
    });
    expect(incident.severity).toBe(3);
    const { current } = await ana.client.call(rubric.current, {});
    expect(current).toMatchObject({ version: 1, by: null });
    const table = structuredClone(current.table);
    table.rules.push({
      id: 'S2.own',
      severity: 2,
      reads: 'money went the wrong way',
      when: [{ harm: { atLeast: 2 } }],
    });

    expect(await ana.client.call(rubric.check, { body: { table } })).toEqual({ faults: [] });
    expect(await ana.client.call(incidents.tryRubric, { body: { table } })).toMatchObject({
      incidents: 1,
      graver: 1,
      milder: 0,
      changed: [{ label: incident.label, called: 3, inForce: 3, would: 2, reasons: ['money went the wrong way'] }],
    });

    await ana.client.call(rubric.adopt, { body: { table, basedOn: 1, reason: 'Finance asks for it' } });
    const { current: next, versions } = await ana.client.call(rubric.current, {});
    expect(next).toMatchObject({ version: 2, reason: 'Finance asks for it', by: ana.id });
    expect(versions.map((it) => it.version)).toEqual([1, 2]);
    const { incident: later } = await ana.client.call(incidents.declare, { body: { title: 'Again', axes: someMoney } });
    expect(later).toMatchObject({ severity: 2, rules: ['S2.own'] });
    expect(await ana.client.call(rubric.suggest, { body: { axes: someMoney } })).toMatchObject({ severity: 2 });
    expect(await ana.client.call(rubric.version, { params: { version: 1 } })).toMatchObject({ reason: 'as delivered' });
  });

  it('refuses a table that contradicts itself, one made from an old version, and who may not', async () => {
    const { ana } = world;
    const { current } = await ana.client.call(rubric.current, {});
    const adopt = (change: object) =>
      ana.client.call(rubric.adopt, {
        body: { table: { ...current.table, ...change }, basedOn: current.version, reason: 'a try' },
      });
    const turned = { id: 'X', severity: 1 as const, reads: 'mild harm', when: [{ harm: { atLeast: 1, atMost: 1 } }] };
    await expect(adopt({ rules: [...current.table.rules, turned] })).rejects.toMatchObject({
      code: 'rubric.faulty',
      status: 422,
    });
    await expect(
      ana.client.call(rubric.adopt, {
        body: { table: { ...current.table, definition: 'Other.' }, basedOn: 1, reason: 'old' },
      }),
    ).rejects.toMatchObject({ code: 'rubric.changed-meanwhile', status: 409 });
    await expect(
      ana.client.call(rubric.adopt, {
        body: { table: { ...current.table, definition: 'Other.' }, basedOn: current.version, reason: '' },
      }),
    ).rejects.toMatchObject({ code: 'rubric.reason-missing', status: 422 });
    await expect(ana.client.call(rubric.version, { params: { version: 99 } })).rejects.toMatchObject({
      code: 'rubric.unknown-version',
      status: 404,
    });
    const rae = await world.person('Rae Responder', ['responder']);
    await expect(
      rae.client.call(rubric.adopt, { body: { table: current.table, basedOn: current.version, reason: 'x' } }),
    ).rejects.toMatchObject({ code: 'authority.missing' });
  });

  it('takes voice figures and the legal level into a call', async () => {
    const { ana } = world;
    const { incident } = await ana.client.call(incidents.declare, {
      body: {
        title: 'Phone bot is slow',
        axes: { harm: 0, reach: 0, data: 0, regulatory: 0, autonomy: 0, control: 0 },
      },
    });
    expect(incident.severity).toBe(4);
    const call = (body: { voice?: { p90Seconds: number; completion: number }; legal?: 2; to: 1 | 2 }) =>
      ana.client.call(incidents.severity, {
        params: { incident: incident.label },
        body: { axes: incident.axes, ...body },
      });
    expect((await call({ voice: { p90Seconds: 9, completion: 0.8 }, to: 2 })).incident).toMatchObject({
      severity: 2,
      rules: ['VOICE.2'],
    });
    expect((await call({ legal: 2, to: 1 })).incident).toMatchObject({ severity: 1, rules: ['LEGAL+1'] });
  });
});
