import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('control coverage', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    for (const key of ['bot', 'other'])
      await world.ana.client.call(inventory.register, {
        body: { key, name: key, type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
      });
    await world.ana.client.call(inventory.deploy, { params: { system: 'bot' }, body: { versions: { model: 'm1' } } });
  });
  afterAll(() => world.close());

  it('says what is wired, what was never tested, and what is missing', async () => {
    const kinds = async (query: { system?: string }) =>
      (await world.ana.client.call(controlCoverage.show, { query })).systems.map(({ system, controls, missing }) => [
        system,
        controls.length,
        missing.map(({ kind }) => kind),
      ]);
    expect(await kinds({})).toEqual([
      ['bot', 0, ['guard', 'stop-all', 'stop-feature', 'roll-back']],
      ['other', 0, ['guard', 'stop-all', 'stop-feature']],
    ]);
    await world.ana.client.call(containment.declareControl, {
      params: { system: 'bot' },
      body: { name: 'Stop', what: { kind: 'disable' } },
    });
    expect(await kinds({ system: 'bot' })).toEqual([['bot', 1, ['guard', 'roll-back', 'never-tested']]]);
    await expect(kinds({ system: 'nobody' })).rejects.toMatchObject({ code: 'system.unknown' });
  });

  it('names what comes first for what the system is built of', async () => {
    await world.ana.client.call(inventory.register, {
      body: { key: 'rag', name: 'rag', type: 'generative', architecture: 'rag', features: [] },
    });
    const { systems } = await world.ana.client.call(controlCoverage.show, { query: { system: 'rag' } });
    expect(systems[0]!.missing.filter(({ kind }) => kind === 'for-architecture')).toEqual([
      { kind: 'for-architecture', says: expect.stringContaining('Go back to an earlier prompt') },
      { kind: 'for-architecture', says: expect.stringContaining('Turn off one retrieval index') },
      { kind: 'for-architecture', says: expect.stringContaining('Block a pattern') },
    ]);
  });
});
