import { channels } from '@firebreak/contract/detect/channels';
import { signals } from '@firebreak/contract/detect/signals';
import { DETECTORS, type Detector } from '@firebreak/core/detect/detectors';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
const real = DETECTORS.find(({ name }) => name === 'secrets')!;
let broken = false;
const breaking: Detector = {
  ...real,
  look: (interaction, aids) => {
    if (broken) throw new Error('cannot read this');
    return real.look(interaction, aids);
  },
};
const registry = DETECTORS as Detector[];
beforeAll(async () => {
  registry[registry.indexOf(real)] = breaking;
  world = await openWorld({ env: { FIREBREAK_DETECTOR_THREADS: '0' } });
  sender = await world.program('telemetry:write', 'read');
});
afterAll(async () => {
  registry[registry.indexOf(breaking)] = real;
  await world.close();
});

let sent = 0;
const send = async (system: string, output = 'Hello to you there.') => {
  sent++;
  await sender.call(signals.sendInteractions, { body: [{ id: `say-${sent}`, system, output }] });
  await world.settle();
};
const beat = async (name: string) =>
  (await sender.call(channels.heartbeats, {})).heartbeats.find(({ key }) => key === `detector ${name}`)!;
const raised = async (query: object) => (await sender.call(signals.listSignals, { query })).items;
const told = async (system: string) => (await raised({ system })).filter(({ kind }) => kind === 'silence');

it('lists each detector, with what it read and found, in rows that do not grow with what was read', async () => {
  expect(await beat('secrets')).toMatchObject({ kind: 'detector', state: 'new', lastAt: null });
  await send('bot');
  await send('bot', `Use ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL3oR6'}`);
  await world.advance('15s');
  expect(await beat('secrets')).toMatchObject({
    state: 'heard',
    system: null,
    detector: { result: 'found', missed: 0, ran: 2, found: 1, failed: 0, failedAt: null, why: null },
  });
  expect(await beat('unsafe-content')).toMatchObject({ detector: { result: 'nothing', ran: 2, found: 0 } });
  const rows = async () => (await world.server.deps.db.query('select 1 from detector_hour')).count;
  const after = await rows();
  // One of each detector, and one of each that looks at what they have read.
  const { heartbeats } = await sender.call(channels.heartbeats, {});
  const onlookers = heartbeats.filter(({ kind }) => kind === 'onlooker').map(({ name }) => name);
  expect(new Set(onlookers).size).toBe(9);
  for (const name of onlookers) expect(name).toMatch(/^[A-Z][a-z]+ [a-z ]+$/);
  expect(after).toBe(DETECTORS.length + onlookers.length);
  for (let i = 0; i < 5; i++) await send('bot');
  await world.advance('15s');
  expect(await rows()).toBe(after);
  expect(await beat('secrets')).toMatchObject({ detector: { ran: 7, found: 1 } });
});

it('keeps no other detector from reading where one breaks off', async () => {
  broken = true;
  await send('bot', 'The card is 4532015112830366, and the IBAN is DE89370400440532013000.');
  broken = false;
  expect((await raised({ system: 'bot' })).map(({ detector }) => detector)).toContain('personal-data');
});

it('tells by name of a detector that misses what the others read, once to each system, until it reads again', async () => {
  broken = true;
  await send('bot');
  await send('other');
  await world.advance('15s');
  // Two in a row, with the one before three: not told before its time.
  expect(await beat('secrets')).toMatchObject({
    state: 'heard',
    detector: { result: 'failed', missed: 3, failed: 3, why: 'cannot read this' },
  });
  await world.advance('6m');
  expect(await beat('secrets')).toMatchObject({ state: 'silent' });
  expect(await beat('unsafe-content')).toMatchObject({ state: 'heard' });
  const [signal, ...more] = await told('bot');
  expect(more).toEqual([]);
  expect(signal).toMatchObject({ detector: 'heartbeat', archetype: 'control-failure' });
  expect(signal!.text).toMatch(/^Detector “secrets” is silent: nothing more for \d+ min.*the last 3 interactions/s);
  expect(signal!.text).toContain('cannot read this');
  expect(await told('other')).toHaveLength(1);
  await send('bot');
  await world.advance('6m');
  expect(await told('bot')).toHaveLength(1);
  broken = false;
  await send('bot');
  await world.advance('1m');
  expect(await beat('secrets')).toMatchObject({ state: 'heard', signal: null, detector: { missed: 0, failed: 4 } });
});

it('takes a single interaction that breaks it for a hiccup', async () => {
  broken = true;
  await send('bot');
  broken = false;
  await world.advance('10m');
  expect(await beat('secrets')).toMatchObject({ state: 'heard', detector: { missed: 1 } });
  expect(await told('bot')).toHaveLength(1);
  broken = true;
  await send('third');
  broken = false;
  await world.advance('15s');
  // In a row, over more than what is written down at once.
  expect(await beat('secrets')).toMatchObject({ state: 'heard', detector: { missed: 2 } });
});

it('tells the systems that wait where no detector reads at all', async () => {
  const deaf = await openWorld({ env: { FIREBREAK_DETECTOR_THREADS: '1' } });
  try {
    const deps = deaf.server.deps as { config: typeof deaf.server.deps.config };
    deps.config = { ...deps.config, home: '/nowhere' };
    const program = await deaf.program('telemetry:write', 'read');
    await program.call(signals.sendInteractions, { body: [{ id: 'a', system: 'unread-bot', output: 'Hello.' }] });
    // Once to note since when it could have heard, once to tell.
    await deaf.advance('1m');
    await deaf.advance('6m');
    await deaf.advance('1m');
    const { items } = await program.call(signals.listSignals, { query: { system: 'unread-bot' } });
    expect(items).toMatchObject([{ kind: 'silence', text: expect.stringMatching(/^The detectors are silent/) }]);
    const { heartbeats } = await program.call(channels.heartbeats, {});
    expect(heartbeats.find(({ key }) => key === 'detectors')).toMatchObject({ state: 'silent', signal: items[0]!.id });
  } finally {
    await deaf.close();
  }
});
