import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('AI systems', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  const call = () => world.ana.client;

  it('is registered once under its key, by whoever is first', async () => {
    const register = (name: string) =>
      call().call(inventory.register, {
        body: {
          key: 'support-bot',
          name,
          type: 'generative',
          features: [{ key: 'policy-answers', name: 'Policy answers' }],
        },
      });
    const outcomes = await Promise.allSettled([register('A'), register('B')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(register('C')).rejects.toMatchObject({ code: 'system.key-taken', status: 409 });
    const won = (await call().call(inventory.list, {})).systems[0]!.name;
    await expect(
      call().call(inventory.register, { body: { key: 'other', name: won.toLowerCase(), type: 'agent' } }),
    ).rejects.toMatchObject({ code: 'system.name-taken', errors: [{ pointer: '/name' }] });
    const { systems } = await call().call(inventory.list, {});
    expect(systems).toMatchObject([{ key: 'support-bot', features: 1, deployments: 0 }]);
  });

  it('keeps one time line of versions, by when they went live, and lets members not given stand', async () => {
    const deploy = (versions: object, occurredAt?: string) =>
      call().call(inventory.deploy, {
        params: { system: 'support-bot' },
        body: { versions, ...(occurredAt && { occurredAt }) },
      });
    await deploy({ model: 'gpt-4.1-mini', prompt: 'v41' });
    await deploy({ prompt: 'v40' }, '2026-11-19T10:00:00Z');
    const { system } = await deploy({ index: 'kb-7' });
    expect(system.changes.map(({ versions }) => versions.prompt)).toEqual(['v40', 'v41', 'v41']);
    expect(system.deployments).toMatchObject([
      { name: 'production', versions: { model: 'gpt-4.1-mini', prompt: 'v41', index: 'kb-7' } },
    ]);
    const before = world.server.deps.feed.seq;
    await deploy({ index: 'kb-7' });
    expect(world.server.deps.feed.seq).toBe(before);
    await expect(deploy({ prompt: 'v42' }, '2027-01-01T00:00:00Z')).rejects.toMatchObject({ code: 'time.in-future' });
  });

  it('says which member is wrong, and which system is not there', async () => {
    await expect(
      call().call(inventory.register, { body: { key: 'Not A Key', name: '', type: 'oracle' as never } }),
    ).rejects.toMatchObject({
      code: 'request.invalid',
      errors: expect.arrayContaining([
        { pointer: '/key', detail: expect.stringContaining('lower-case') },
        { pointer: '/type', detail: expect.any(String) },
      ]),
    });
    await expect(call().call(inventory.show, { params: { system: 'nope' } })).rejects.toMatchObject({
      code: 'system.unknown',
      status: 404,
    });
  });

  it('has a bound on features', async () => {
    await call().call(inventory.register, {
      body: {
        key: 'wide',
        name: 'Wide',
        type: 'agent',
        features: Array.from({ length: 200 }, (_, i) => ({ key: `f-${i}`, name: `F ${i}` })),
      },
    });
    await expect(
      call().call(inventory.addFeature, {
        params: { system: 'wide', feature: 'one-more' },
        body: { name: 'One more' },
      }),
    ).rejects.toMatchObject({ code: 'system.too-many' });
    await call().call(inventory.retire, { params: { system: 'wide' }, body: { reason: 'replaced' } });
    await expect(
      call().call(inventory.addFeature, { params: { system: 'wide', feature: 'f-1' }, body: { name: 'again' } }),
    ).rejects.toMatchObject({ code: 'system.unknown' });
  });

  it('has a guide that knows its steps', async () => {
    const { incident } = await call().call(incidents.declare, { body: { title: 'x' } });
    await expect(
      call().call(warRoom.tick, { params: { incident: incident.id, step: 'nonsense' }, body: { done: true } }),
    ).rejects.toMatchObject({ code: 'step.unknown' });
  });
});
