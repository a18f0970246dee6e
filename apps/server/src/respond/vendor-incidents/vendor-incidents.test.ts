import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { vendors } from '@firebreak/contract/prepare/vendors';
import { incidents } from '@firebreak/contract/respond/incidents';
import { vendorIncidents } from '@firebreak/contract/respond/vendor-incidents';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('incidents of vendors', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    const { client } = world.ana;
    for (const [key, vendor] of [
      ['bot', 'Northwind'],
      ['mailer', ''],
      ['sorter', 'Contoso'],
    ] as const)
      await client.call(inventory.register, {
        body: { key, name: `The ${key}`, vendor, type: 'generative', features: [] },
      });
    await client.call(systemParts.declareDependency, {
      params: { system: 'mailer' },
      body: { direction: 'up', kind: 'system', on: 'bot' },
    });
    for (const name of ['Northwind', 'Contoso'])
      await client.call(vendors.register, { body: { name, owner: world.ana.id as `usr_${string}` } });
    const miss = { stoppedBy: 'a reviewer', wouldHave: 'a wrong refund' };
    for (const part of [
      { title: 'The bot invents a rule', systems: ['bot'] },
      { title: 'Mails go to the wrong people', systems: ['mailer'] },
      { title: 'A drill', systems: ['bot'], drill: true },
      { title: 'Nearly a refund', systems: ['bot'], kind: 'near-miss' as const, miss },
      { title: 'Both at once', systems: ['bot', 'sorter'] },
    ]) {
      await client.call(incidents.declare, { body: part });
      await world.advance('1m');
    }
  });
  afterAll(() => world.close());

  it('are counted once each, near misses apart, drills never', async () => {
    const counted = await world.ana.client.call(vendorIncidents.counts, {});
    expect(counted.vendors).toMatchObject([
      { name: 'Contoso', total: 1, open: 1, nearMisses: 0 },
      { name: 'Northwind', total: 2, lastYear: 2, open: 2, nearMisses: 1 },
    ]);
  });

  it('are listed with those of systems behind, which are not counted', async () => {
    const answer = await world.ana.client.call(vendorIncidents.ofVendor, { params: { vendor: 'northwind' } });
    expect(answer).toMatchObject({ total: 2, more: false });
    expect(answer.incidents.map(({ title, through }) => [title, through])).toEqual([
      ['Both at once', false],
      ['Nearly a refund', false],
      ['Mails go to the wrong people', true],
      ['The bot invents a rule', false],
    ]);
    await expect(
      world.ana.client.call(vendorIncidents.ofVendor, { params: { vendor: 'nobody' } }),
    ).rejects.toMatchObject({ code: 'vendor.unknown' });
  });

  it('say in the room whom to call', async () => {
    const { client } = world.ana;
    const { vendor } = await client.call(vendors.show, { params: { vendor: 'Northwind' } });
    const contact = { name: 'Duty desk', how: 'phone' as const, address: '+49 30 1', answerMinutes: 30 };
    await client.call(vendors.setEscalation, { params: { vendor: vendor.id }, body: { contacts: [contact] } });
    const year = world.now().slice(0, 4);
    const inRoom = async (label: string) =>
      (await client.call(vendorIncidents.ofIncident, { params: { incident: label } })).vendors;
    expect(await inRoom(`INC-${year}-0002`)).toMatchObject([
      {
        name: 'Northwind',
        contacts: [{ name: 'Duty desk', answerMinutes: 30 }],
        dependants: [{ system: 'mailer', because: { kind: 'through', system: 'bot' } }],
      },
    ]);
    expect((await inRoom(`INC-${year}-0005`)).map(({ name }) => name)).toEqual(['Contoso', 'Northwind']);
    await expect(inRoom('INC-1999-0001')).rejects.toMatchObject({ code: 'incident.unknown' });
  });
});
