import { createHash, generateKeyPairSync } from 'node:crypto';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { guardChannel } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import { createGuard, type Guard, type GuardOptions } from '@firebreak/guard';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../../../../../conformance/stand-in-control-plane.ts';

let world: World;
let ana: Someone;
let ben: Someone;
let key: string;
let number = 0;
const guards: Guard[] = [];

beforeAll(async () => {
  world = await openWorld({ listen: true });
  ana = world.ana;
  ben = await world.person('Ben Lead', ['lead']);
  key = (await world.program('guard')).key;
});
afterEach(() => {
  for (const guard of guards.splice(0)) guard.close();
});
afterAll(() => world.close());

async function aSystem(): Promise<string> {
  number += 1;
  const system = `bot-${number}`;
  const features = [{ key: 'answers', name: 'Answers' }];
  await ana.client.call(inventory.register, { body: { key: system, name: system, type: 'generative', features } });
  return system;
}
async function guardOf(system: string, options: Partial<GuardOptions> = {}): Promise<Guard> {
  const guard = await createGuard({ url: world.url, key, system, bootFailMode: 'deny', ...options });
  guards.push(guard);
  return guard;
}
async function disable(system: string, message?: string) {
  const incident = (await ana.client.call(incidents.declare, { body: { title: 'it invents' } })).incident.id;
  const what = { kind: 'disable', feature: 'answers', ...(message !== undefined && { message }) } as const;
  return ana.client.call(containment.order, { params: { incident }, body: { system, what, reason: 'it invents' } });
}
const shown = (hold: `hld_${string}`) => ana.client.call(containment.showHold, { params: { hold } });
async function confirmation(hold: `hld_${string}`, wanted: string) {
  let last = await shown(hold);
  for (let tries = 0; last.confirmation !== wanted && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    last = await shown(hold);
  }
  expect(last.confirmation).toBe(wanted);
  return last;
}

describe('real guards on a real socket', () => {
  it('obey within moments, are confirmed by name, and let go when two have agreed', async () => {
    const system = await aSystem();
    const [first, second] = [await guardOf(system), await guardOf(system)];
    await Promise.all([first.ready(), second.ready()]);
    const hold = await disable(system);
    await until('both refuse', () =>
      [first, second].every((guard) => guard.check({ feature: 'answers' }).action === 'deny'),
    );
    expect(first.check({ feature: 'answers' })).toMatchObject({ hold: hold.hold, incident: hold.incident });

    const confirmed = await confirmation(hold.hold, 'confirmed');
    expect(confirmed).toMatchObject({ acknowledged: 2, live: 2, failure: null });
    expect(confirmed.acknowledgements.map(({ instance, state }) => [instance, state]).sort()).toEqual(
      [first, second].map((guard) => [guard.instance, 'acknowledged']).sort(),
    );
    expect(confirmed.acknowledgements.every(({ ackMs }) => ackMs !== null && ackMs < 2_000)).toBe(true);

    await until('the traffic is seen', async () => (await shown(hold.hold)).seen.refused >= 2);
    const params = { incident: hold.incident, hold: hold.hold };
    await ben.client.call(containment.lift, { params, body: { reason: 'mended' } });
    await until('both allow', () =>
      [first, second].every((guard) => guard.check({ feature: 'answers' }).action === 'allow'),
    );
  });

  it('name the one that does not obey, and confirm once it does or is gone', async () => {
    const system = await aSystem();
    const good = await guardOf(system);
    await good.ready();
    const frozen = new WebSocket(`${world.url.replace('http', 'ws')}${guardChannel.streamPath}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    await new Promise((resolve) => frozen.once('open', resolve));
    frozen.send(JSON.stringify({ type: 'hello', instance: 'frozen-7', system, host: 'host-7' }));
    await new Promise((resolve) => frozen.once('message', resolve));
    const hold = await disable(system);
    const failed = await confirmation(hold.hold, 'failed');
    expect(failed.failure?.instances).toEqual([{ instance: 'frozen-7', host: 'host-7', why: 'no acknowledgement' }]);
    expect(failed).toMatchObject({ acknowledged: 1, live: 2 });
    frozen.close(1000);
    await confirmation(hold.hold, 'confirmed');
  });

  it('that acknowledge what was never ordered count for nothing, neither now nor for the next order', async () => {
    const system = await aSystem();
    const liar = new WebSocket(`${world.url.replace('http', 'ws')}${guardChannel.streamPath}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    await new Promise((resolve) => liar.once('open', resolve));
    const deltas: string[] = [];
    liar.on('message', (text) => {
      const { type, payload } = JSON.parse(String(text));
      if (type === 'delta') deltas.push(payload);
    });
    liar.send(JSON.stringify({ type: 'hello', instance: 'liar-1', system }));
    await until('it is known', async () => {
      const { instances } = await ana.client.call(containment.roster, { query: { system } });
      return instances.length === 1;
    });
    const first = await disable(system);
    await until('it is told', () => deltas.length === 1);
    const { generation, epoch } = JSON.parse(deltas[0]!);
    const now = new Date().toISOString();
    const times = { receivedAt: now, appliedAt: now };
    const ack = { type: 'ack', generation, epoch: epoch + 3, stateHash: 'made up', unsupported: [], ...times };
    liar.send(JSON.stringify(ack));
    const failed = await confirmation(first.hold, 'failed');
    expect(failed).toMatchObject({ acknowledged: 0, live: 1 });
    const why = 'refused the state: says that it holds a state newer than the newest here';
    expect(failed.failure?.instances).toEqual([{ instance: 'liar-1', host: '', why }]);
    // The log passes the position it made up.
    await disable(system, 'still there');
    await until('it is told again', () => deltas.length === 2);
    expect(JSON.parse(deltas[1]!).epoch).toBeGreaterThanOrEqual(epoch + 3);
    expect(await shown(first.hold)).toMatchObject({ confirmation: 'failed', acknowledged: 0, live: 1 });
    liar.close(1000);
  });

  it('that acknowledge over and over are each heard once, and hold up no other order', async () => {
    const system = await aSystem();
    const names = Array.from({ length: 20 }, (_, at) => `loud-${at}`);
    const loud = await Promise.all(
      names.map(async (instance) => {
        const socket = new WebSocket(`${world.url.replace('http', 'ws')}${guardChannel.streamPath}`, {
          headers: { authorization: `Bearer ${key}` },
        });
        await new Promise((resolve) => socket.once('open', resolve));
        const met = new Promise((resolve) => socket.once('message', resolve));
        socket.send(JSON.stringify({ type: 'hello', instance, system }));
        await met;
        socket.on('message', (text) => {
          const { type, payload } = JSON.parse(String(text));
          if (type !== 'delta') return;
          const { generation, epoch, add } = JSON.parse(payload);
          const state = `1:${system}:${generation}:${epoch}:${add.map(({ hold }: { hold: string }) => hold).join()}`;
          const stateHash = createHash('sha256').update(state).digest('hex');
          const at = new Date().toISOString();
          const times = { receivedAt: at, appliedAt: at };
          const ack = JSON.stringify({ type: 'ack', generation, epoch, stateHash, unsupported: [], ...times });
          for (let count = 0; count < 250; count += 1) socket.send(ack);
        });
        return socket;
      }),
    );
    const other = await aSystem();
    const quiet = await guardOf(other);
    await quiet.ready();
    const [hold, beside] = await Promise.all([disable(system), disable(other)]);
    await confirmation(beside.hold, 'confirmed');
    expect(quiet.check({ feature: 'answers' }).action).toBe('deny');
    const { acknowledgements, acknowledged, live } = await confirmation(hold.hold, 'confirmed');
    expect([acknowledged, live]).toEqual([20, 20]);
    expect(acknowledgements.map(({ instance }) => instance).sort()).toEqual([...names].sort());
    expect(loud.every((socket) => socket.readyState === WebSocket.OPEN)).toBe(true);
    for (const socket of loud) socket.close(1000);
  });

  it('name the one that does not know this kind of control', async () => {
    const system = await aSystem();
    const old = new WebSocket(`${world.url.replace('http', 'ws')}${guardChannel.streamPath}`, [
      'firebreak.v1',
      `bearer.${key}`,
    ]);
    await new Promise((resolve) => old.once('open', resolve));
    old.send(JSON.stringify({ type: 'hello', instance: 'old-1', system, kinds: ['disable'] }));
    old.on('message', (data) => {
      const { type, payload } = JSON.parse(String(data));
      if (type !== 'delta') return;
      const { generation, epoch, add } = JSON.parse(payload);
      const unsupported = add.map((each: { hold: string }) => each.hold);
      const now = new Date().toISOString();
      old.send(
        JSON.stringify({
          type: 'ack',
          generation,
          epoch,
          stateHash: 'unknown',
          unsupported,
          receivedAt: now,
          appliedAt: now,
        }),
      );
    });
    const hold = await disable(system);
    const failed = await confirmation(hold.hold, 'failed');
    expect(failed.acknowledgements[0]?.state).toMatch(/unsupported|refused/);
    const unable = async (what: Parameters<typeof ana.client.call<typeof containment.preview>>[1]['body']['what']) =>
      (await ana.client.call(containment.preview, { body: { system, what } })).unable.map(({ why }) => why);
    expect(await unable({ kind: 'fence', audience: 'authenticated', feature: 'answers' })).toEqual([
      'does not know this kind of control; it would disable answers instead',
    ]);
    expect(await unable({ kind: 'limit', requests: 1, seconds: 1, per: 'everyone' })).toEqual([
      'does not know this kind of control',
    ]);
    expect(await unable({ kind: 'disable' })).toEqual([expect.stringMatching(/^refused the state/)]);
    old.close(1000);
  });

  it('by polling only, obey and are confirmed as well', async () => {
    const system = await aSystem();
    const guard = await guardOf(system, { transport: 'poll', pollMs: 100 });
    await guard.ready();
    const hold = await disable(system);
    // It has never worked here, and nobody can have an instance that polls try it first: that is said.
    expect(hold.canary).toEqual({ instances: [], forced: false, unasked: 1 });
    await until('it refuses', () => guard.check({ feature: 'answers' }).action === 'deny');
    await confirmation(hold.hold, 'confirmed');
    const { instances } = await ana.client.call(containment.roster, { query: { system } });
    expect(instances).toMatchObject([{ instance: guard.instance, transport: 'poll', live: true, current: true }]);
  });

  it('of a gateway see every system', async () => {
    const system = await aSystem();
    const gateway = await guardOf('*', { kind: 'gateway' });
    await gateway.ready();
    await disable(system);
    await until('it refuses', () => gateway.check({ system, feature: 'answers' }).action === 'deny');
    expect(gateway.check({ system: 'bot-0', feature: 'answers' }).action).toBe('allow');
    expect(gateway.check({ feature: 'answers' }).action).toBe('deny');
  });

  it('believe only the key they were given', async () => {
    const system = await aSystem();
    const { keys } = await (await world.send('GET', guardChannel.keys.path)).json();
    const friend = await guardOf(system, { trustedKeys: [keys[0].publicKey] });
    await friend.ready();
    const stranger = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const wary = await guardOf(system, { trustedKeys: [stranger.toString('base64')] });
    await until('it refuses the state', () => wary.stats().lastFault?.includes('signature'));
  });
});

describe('whoever is not let in', () => {
  const status = (options: { headers?: Record<string, string>; protocols?: string[] }) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(
        `${world.url.replace('http', 'ws')}${guardChannel.streamPath}`,
        options.protocols ?? [],
        { headers: options.headers ?? {} },
      );
      socket.on('error', () => undefined);
      socket.once('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 0));
      socket.once('close', (code) => resolve(code));
    });

  it('is told why: no key, a wrong key, a key for something else', async () => {
    expect(await status({})).toBe(401);
    expect(await status({ headers: { authorization: 'Bearer fbk_wrong' } })).toBe(401);
    const { key: reader } = await world.program('read');
    expect(await status({ headers: { authorization: `Bearer ${reader}` } })).toBe(403);
    const answer = await world.send('GET', `${guardChannel.snapshot.path}?system=bot-1`, {
      headers: { authorization: 'Bearer fbk_wrong' },
    });
    expect(answer.status).toBe(401);
  });

  it('has misspelt its system', async () => {
    const guard = await guardOf('no-such-bot');
    await until('it is told', () => guard.stats().lastFault?.includes('no-such-bot'));
    const answer = await world.send('GET', `${guardChannel.snapshot.path}?system=no-such-bot`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect((await answer.json()).type).toMatch(/guard.unknown-system$/);
  });

  it.each([
    ['something that is not JSON', 'hello?', 1007],
    ['a message of no known type', '{"type":"shout"}', 1007],
    ['a beat before hello', '{"type":"beat","epoch":1}', 1008],
    ['more than a frame may hold', 'x'.repeat(70_000), 1009],
  ])('sends %s', async (_, text, code) => {
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}${guardChannel.streamPath}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(text);
    expect(await closed).toBe(code);
  });

  it('talks too much', async () => {
    const system = await aSystem();
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}${guardChannel.streamPath}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(JSON.stringify({ type: 'hello', instance: 'chatty', system }));
    for (let count = 0; count < 500; count += 1) socket.send('{"type":"beat","epoch":0}');
    expect(await closed).toBe(1008);
  });
});

it('answers 304 to an ETag that still holds', async () => {
  const system = await aSystem();
  const headers = { authorization: `Bearer ${key}` };
  const path = `${guardChannel.snapshot.path}?system=${system}`;
  const first = await world.send('GET', path, { headers });
  const etag = first.headers.get('etag')!;
  expect((await world.send('GET', path, { headers: { ...headers, 'if-none-match': etag } })).status).toBe(304);
  await disable(system);
  expect((await world.send('GET', path, { headers: { ...headers, 'if-none-match': etag } })).status).toBe(200);
});
