import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { similar } from '@firebreak/contract/detect/similar';
import { rubric } from '@firebreak/contract/prepare/rubric';
import { incidents } from '@firebreak/contract/respond/incidents';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const miss = { stoppedBy: 'The reviewer of refunds', wouldHave: 'Forty customers would have been paid twice' };
const kind = 'near-miss' as const;

describe('near misses', () => {
  let world: World;
  let rae: Someone;
  let sam: Someone;
  beforeAll(async () => {
    world = await openWorld();
    rae = await world.person('Rae Responder', ['responder']);
    sam = await world.person('Sam Reporter', ['reporter']);
  });
  afterAll(() => world.close());
  const labels = async (query: object) =>
    (await world.ana.client.call(incidents.list, { query })).incidents.map((row) => row.label);

  it('stand in the register and are counted nowhere else', async () => {
    const { client } = world.ana;
    await client.call(incidents.declare, { body: { title: 'A refund too much', systems: ['refunds'] } });
    await world.advance('1m');
    const { incident } = await sam.client.call(incidents.declare, {
      body: { title: 'Nearly paid refunds twice', systems: ['refunds'], kind, miss, archetype: 'control-failure' },
    });
    expect(incident).toMatchObject({ label: 'INC-2026-0002', kind, archetype: 'control-failure', miss, times: {} });
    expect(await labels({})).toEqual(['INC-2026-0001']);
    expect(await labels({ kind: 'any' })).toEqual(['INC-2026-0002', 'INC-2026-0001']);
    expect(await labels({ kind })).toEqual(['INC-2026-0002']);
    expect(await labels({ kind: 'any', archetype: 'control-failure' })).toEqual(['INC-2026-0002']);
    expect(await labels({ kind: 'any', system: 'refunds' })).toHaveLength(2);
    expect(await labels({ kind: 'any', system: 'other' })).toEqual([]);
    const { current } = await client.call(rubric.current, {});
    await expect(
      client.call(incidents.tryRubric, { body: { table: structuredClone(current.table) } }),
    ).resolves.toMatchObject({ incidents: 1 });
    await expect(
      sam.client.call(incidents.declare, { body: { title: 'No idea', kind, miss: { ...miss, stoppedBy: '' } } }),
    ).rejects.toMatchObject({ code: 'near-miss.account-missing', status: 422 });
  });

  it('are found as similar, and say so', async () => {
    const { items } = await world.ana.client.call(similar.findSimilar, {
      query: { text: 'customers paid twice, stopped by a reviewer of refunds' },
    });
    expect(items[0]).toMatchObject({ label: 'INC-2026-0002', nearMiss: true });
  });

  it('become an incident at once when they reached people, and back only by the lead', async () => {
    const params = { incident: 'INC-2026-0002' };
    await world.advance('1h');
    const { incident } = await sam.client.call(incidents.refile, {
      params,
      body: { to: 'normal', reason: 'Two customers were paid twice' },
    });
    expect(incident).toMatchObject({ kind: 'normal', state: 'open', miss, declaredAt: world.now() });
    expect(await labels({ state: 'active' })).toEqual(['INC-2026-0002', 'INC-2026-0001']);
    const back = (who: Someone, body: object) =>
      who.client.call(incidents.refile, { params, body: { to: kind, reason: 'A test account', miss, ...body } });
    await expect(back(rae, {})).rejects.toMatchObject({ code: 'authority.missing' });
    await expect(back(world.ana, { reason: '' })).rejects.toMatchObject({ code: 'incident.reason-missing' });
    await expect(back(world.ana, {})).resolves.toMatchObject({ incident: { kind, declaredAt: world.now() } });
    expect(await labels({ state: 'active' })).toEqual(['INC-2026-0001']);
    const { items } = await world.ana.client.call(similar.findSimilar, { query: { text: 'refunds paid twice' } });
    expect(items.find((it) => it.label === 'INC-2026-0002')).toMatchObject({
      nearMiss: true,
      outcome: 'filed as near miss: A test account',
    });
  });

  it('end a candidate, by somebody who may judge it; what comes after opens a new one', async () => {
    const sender = await world.program('signals:write');
    const raise = async (id: string) => {
      await sender.call(signals.sendSignals, {
        body: [
          {
            id,
            system: 'shop',
            kind: 'monitor-alert',
            detector: 'm',
            text: 'Prices are quoted at zero',
            channel: 'telemetry',
          },
        ],
      });
      await world.settle();
    };
    await raise('s-1');
    const open = async () =>
      (await world.ana.client.call(candidates.listCandidates, { query: { system: 'shop' } })).items;
    const [candidate] = await open();
    const declare = (who: Someone) =>
      who.client.call(incidents.declare, { body: { title: 'Zero prices', candidate: candidate!.id, kind, miss } });
    await expect(declare(sam)).rejects.toMatchObject({ code: 'authority.missing' });
    const { incident } = await declare(rae);
    await world.settle();
    await expect(
      world.ana.client.call(candidates.readCandidate, { params: { candidate: candidate!.id } }),
    ).resolves.toMatchObject({ state: 'promoted', incident: incident.id, ended: { as: 'near-miss' } });
    expect(await open()).toEqual([]);
    await raise('s-2');
    const [next] = await open();
    expect(next?.id).not.toBe(candidate!.id);
    expect(next?.summary.count).toBe(1);
  });
});
