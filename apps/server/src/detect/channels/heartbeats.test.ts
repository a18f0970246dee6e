import { access } from '@firebreak/contract/detect/access';
import { channels } from '@firebreak/contract/detect/channels';
import { measures } from '@firebreak/contract/detect/measures';
import { monitors } from '@firebreak/contract/detect/monitors';
import { predictions } from '@firebreak/contract/detect/predictions';
import { signals } from '@firebreak/contract/detect/signals';
import { watches } from '@firebreak/contract/detect/watches';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('heartbeats', () => {
  let world: World;
  let sender: Awaited<ReturnType<World['program']>>;
  /** A session would have ended before the test does. */
  let admin: typeof sender;
  beforeAll(async () => {
    world = await openWorld();
    sender = await world.program('telemetry:write', 'feedback:write', 'read');
    admin = await world.program('admin');
    await admin.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'generative' } });
  });
  afterAll(() => world.close());

  const all = async () => (await admin.call(channels.heartbeats, {})).heartbeats;
  const one = async (key: string) => (await all()).find((beat) => beat.key === key);
  const told = async () =>
    (await sender.call(signals.listSignals, { query: { system: 'bot' } })).items.filter(
      ({ kind }) => kind === 'silence',
    );
  const send = async (id: string) => {
    await sender.call(signals.sendInteractions, {
      body: [{ id, system: 'bot', output: 'Hello to you there.' }] as never,
    });
  };

  it('expect nothing of what is not regular, until somebody says so', async () => {
    await send('a');
    await world.advance('6s');
    expect(await one('detectors')).toMatchObject({ state: 'heard', system: null });
    expect(await one('telemetry bot')).toMatchObject({ state: 'rare', everyMinutes: null, declared: false });
    await world.advance('5h');
    expect(await told()).toEqual([]);
    const { heartbeat } = await admin.call(channels.expect, {
      body: { key: 'telemetry bot', everyMinutes: 10 },
    });
    expect(heartbeat).toMatchObject({ declared: true, state: 'silent' });
    await world.advance('1m');
    await world.advance('1m');
    expect(await told()).toMatchObject([
      {
        detector: 'heartbeat',
        archetype: 'control-failure',
        evidenceClass: 'weak',
        text: expect.stringMatching(
          /^Telemetry of bot is silent: nothing more for 5 h, and every 10 min is expected\./,
        ),
      },
    ]);
    expect((await one('telemetry bot'))!.signal).toBe((await told())[0]!.id);
    await send('b');
    await world.advance('1m');
    expect(await one('telemetry bot')).toMatchObject({ state: 'heard', signal: null });
    await world.advance('40m');
    expect(await told()).toHaveLength(2);
    await admin.call(channels.expect, { body: { key: 'telemetry bot' } });
    expect(await one('telemetry bot')).toMatchObject({ declared: false, state: 'rare' });
  });

  it('expect what has been heard in nearly every hour of a day', async () => {
    for (let i = 0; i < 26; i++) {
      await send(`r${i}`);
      await world.advance('1h');
    }
    expect(await one('telemetry bot')).toMatchObject({ state: 'heard', everyMinutes: 60 });
    const before = (await told()).length;
    await world.advance('4h');
    expect(await told()).toHaveLength(before + 1);
  });

  it('come from monitors and from watched measures that programs send', async () => {
    const { monitor } = await admin.call(monitors.add, {
      body: {
        name: 'Press',
        kind: 'feed',
        address: 'http://127.0.0.1:9/feed',
        system: 'bot',
        keywords: { brand: ['Bot'] },
        everyMinutes: 15,
      },
    });
    await sender.call(measures.send, { body: [{ system: 'bot', name: 'queue', value: 3 }] });
    await world.advance('6s');
    expect(await one('measure bot queue')).toBeUndefined();
    await admin.call(watches.add, {
      body: { system: 'bot', measure: 'queue', name: 'Queue', rule: { kind: 'budget', limit: 10, per: 'day' } },
    });
    expect(await one('measure bot queue')).toMatchObject({ state: 'rare' });
    await world.advance('1h');
    expect(await one(`monitor ${monitor.id}`)).toMatchObject({
      kind: 'monitor',
      state: 'silent',
      lastAt: null,
      everyMinutes: 15,
    });
    expect((await all())[0]!.state).toBe('silent');
    expect((await told()).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('Monitor “Press” was never heard'),
    );
    await admin.call(monitors.pause, { params: { monitor: monitor.id }, body: { reason: 'Holidays' } });
    expect(await one(`monitor ${monitor.id}`)).toMatchObject({ state: 'paused' });
  });

  it('come from feedback, predictions and sign-ins, each system once, however much came', async () => {
    const rare = (kind: string) => one(`${kind} bot`);
    expect([await rare('feedback'), await rare('predictions'), await rare('sign-ins')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    for (const id of ['f1', 'f2'])
      await sender.call(signals.sendFeedback, { body: [{ id, system: 'bot', kind: 'abuse', text: 'It lies.' }] });
    await sender.call(signals.sendFeedback, { body: [{ id: 'f3', system: 'another-bot', kind: 'thumbs-down' }] });
    await sender.call(predictions.send, { body: [{ id: 'p1', system: 'bot', score: 0.4, positive: false }] as never });
    await sender.call(access.sendSignIns, { body: [{ system: 'bot', who: 'u-7', outcome: 'let-in' }] as never });
    expect(await rare('feedback')).toMatchObject({ state: 'rare', kind: 'feedback', name: 'Feedback about bot' });
    expect(await rare('predictions')).toMatchObject({ state: 'rare', name: 'Predictions of bot' });
    expect(await rare('sign-ins')).toMatchObject({ state: 'rare', name: 'Sign-ins of bot' });
    expect((await all()).filter(({ kind }) => kind === 'feedback').map(({ system }) => system)).toEqual([
      'another-bot',
      'bot',
    ]);
    await admin.call(channels.expect, { body: { key: 'predictions bot', everyMinutes: 60 } });
    const before = (await told()).length;
    await world.advance('4h');
    expect(await rare('predictions')).toMatchObject({ state: 'silent' });
    expect((await told()).slice(0, -before).map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Predictions of bot is silent/),
    ]);
  });

  it('refuse what nobody knows', async () => {
    await expect(
      admin.call(channels.expect, { body: { key: 'monitor mon_none', everyMinutes: 5 } }),
    ).rejects.toMatchObject({ code: 'heartbeat.unknown' });
    await expect(
      sender.call(channels.expect, { body: { key: 'telemetry bot', everyMinutes: 5 } }),
    ).rejects.toMatchObject({ code: 'authority.missing' });
  });
});
