import { channels } from '@firebreak/contract/detect/channels';
import { signals } from '@firebreak/contract/detect/signals';
import { changes } from '@firebreak/contract/prepare/changes';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('coverage', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await world.ana.client.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'generative' } });
    await world.ana.client.call(inventory.deploy, {
      params: { system: 'bot' },
      body: { versions: { model: 'm1', prompt: 'v1' } },
    });
  });
  afterAll(() => world.close());
  const send = async (id: string, system: string, versions: object, feature = 'answers') => {
    const sender = await world.program('telemetry:write', 'feedback:write');
    await sender.call(signals.sendInteractions, {
      body: [{ id, system, feature, versions, input: [{ role: 'user', content: 'hi' }], output: 'Hello.' }],
    });
    await world.advance('6s');
  };
  const channel = async (name: string) => {
    const { systems } = await world.ana.client.call(channels.coverage, { query: { system: 'bot' } });
    return systems[0]!.channels.find((each) => each.channel === name);
  };

  it('tells missing from unrouted from ready from silent', async () => {
    expect(await channel('telemetry')).toMatchObject({ state: 'missing', heardAt: null });
    await send('i1', 'bot', { model: 'm1', prompt: 'v1' });
    expect(await channel('telemetry')).toMatchObject({ state: 'unrouted' });
    await world.ana.client.call(systemParts.routeChannel, {
      params: { system: 'bot' },
      body: { channel: 'telemetry', to: 'ML on-call' },
    });
    expect(await channel('telemetry')).toMatchObject({ state: 'ready', routedTo: 'ML on-call' });
    await world.advance('3h');
    expect(await channel('telemetry')).toMatchObject({ state: 'silent' });
    expect(await channel('golden-set')).toMatchObject({ state: 'missing' });
    await expect(world.ana.client.call(channels.coverage, { query: { system: 'nobody' } })).rejects.toMatchObject({
      code: 'system.unknown',
    });
  });

  it('makes a change of a version nobody recorded, once, and leaves what runs alone', async () => {
    const line = async () =>
      (await world.ana.client.call(changes.timeLine, { params: { system: 'bot' }, query: {} })).changes.filter(
        ({ source }) => source === 'telemetry',
      );
    expect(await line()).toEqual([]);
    await send('i2', 'bot', { model: 'm2', prompt: 'v1' });
    await send('i3', 'bot', { model: 'm2', prompt: 'v1' });
    expect(await line()).toMatchObject([{ kind: 'model', to: 'm2', deployment: null }]);
    const { system } = await world.ana.client.call(inventory.show, { params: { system: 'bot' } });
    expect(system.deployments).toMatchObject([{ versions: { model: 'm1', prompt: 'v1' } }]);
  });

  it('lists systems that are heard and not registered, until they are', async () => {
    await send('i4', 'shadow-bot', { model: 'm1' }, 'drafts');
    const unregistered = async () => (await world.ana.client.call(channels.unregistered, {})).systems;
    expect(await unregistered()).toMatchObject([{ key: 'shadow-bot', requests: 1, features: ['drafts'] }]);
    await world.ana.client.call(inventory.register, { body: { key: 'shadow-bot', name: 'Shadow', type: 'agent' } });
    expect(await unregistered()).toEqual([]);
  });
});
