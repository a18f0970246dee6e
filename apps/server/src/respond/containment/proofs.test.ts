import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { type Checked, guardChannel } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import { warRoom } from '@firebreak/contract/respond/war-room';
import type { CheckedState } from '@firebreak/core/respond/containment';
import { type Snapshot, stateText } from '@firebreak/core/respond/containment';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A clock that stands still, and instances that poll: every second of a proof can be looked at. */
let world: World;
let ana: Someone;
let obeys: Awaited<ReturnType<World['program']>>;
let sends: Awaited<ReturnType<World['program']>>;
let pager: Server;
const pages: { type: string; data: Record<string, unknown> }[] = [];
let number = 0;

beforeAll(async () => {
  pager = createServer((request, reply) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      pages.push(JSON.parse(body));
      reply.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve));
  world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.0/8' } });
  ana = world.ana;
  obeys = await world.program('guard');
  sends = await world.program('telemetry:write');
  await ana.client.call(links.subscribe, {
    body: {
      name: 'Pager',
      url: `http://127.0.0.1:${(pager.address() as { port: number }).port}/`,
      events: ['candidate.paged'],
    },
  });
});
afterAll(async () => {
  await world.close();
  await new Promise((resolve) => pager.close(resolve));
});

async function aSystem(): Promise<string> {
  number += 1;
  const system = `proven-${number}`;
  const features = [{ key: 'answers', name: 'Answers' }];
  await ana.client.call(inventory.register, { body: { key: system, name: system, type: 'generative', features } });
  return system;
}
async function ordered(system: string, what: object = { kind: 'disable', feature: 'answers' }, more: object = {}) {
  const { incident } = await ana.client.call(incidents.declare, { body: { title: 'it invents', systems: [system] } });
  const body = { system, what, reason: 'it invents', ...more } as never;
  return ana.client.call(containment.order, { params: { incident: incident.id }, body });
}

interface Polling {
  readonly instance: string;
  readonly kind?: 'guard' | 'gateway';
  /** It takes the state, or it only lives. */
  readonly obeys?: boolean;
  readonly met?: CheckedState;
  readonly door?: CheckedState;
}
/** One poll of a guard without a socket: the state, an acknowledgement, and what it was asked to try. */
async function poll(
  system: string,
  { instance, kind = 'guard', obeys: takes = true, met = 'effective', door }: Polling,
) {
  const signed = await obeys.call(guardChannel.snapshot, { query: { system, instance, host: 'rack-1', kind } });
  const snapshot = JSON.parse(signed.payload) as Snapshot;
  const about = { system, instance, host: 'rack-1', kind, checks: true } as const;
  const at = world.now();
  const ack = {
    generation: snapshot.generation,
    epoch: snapshot.epoch,
    stateHash: createHash('sha256').update(stateText(snapshot)).digest('hex'),
    receivedAt: at,
    appliedAt: at,
  };
  const { check = [] } = await obeys.call(guardChannel.ack, { body: { ...about, ...(takes && { ack }) } });
  const checked: Checked = check.map((hold) => ({ hold, state: met, ...(door && { door }) }));
  if (check.length > 0) await obeys.call(guardChannel.ack, { body: { ...about, checked } });
  return check;
}
const shown = (hold: `hld_${string}`) => ana.client.call(containment.showHold, { params: { hold } });
const states = async (hold: `hld_${string}`) => {
  const { proofs } = await shown(hold);
  return proofs && [proofs.acknowledged.state, proofs.probe.state, proofs.traffic.state].join(' ');
};
async function recorded(hold: { readonly incident: string }) {
  const { facts } = await ana.client.call(warRoom.facts, {
    params: { incident: hold.incident },
    query: { after: 0 },
  });
  return facts.filter(({ type }) => /^containment\.(un)?proven$|escalated/.test(type));
}
const asked = (system: string, id: string, more: object = {}) =>
  sends.call(signals.sendInteractions, {
    body: {
      id,
      system,
      feature: 'answers',
      at: world.now(),
      input: 'How many devices?',
      output: 'One device only.',
      ...more,
    },
  });

describe('the proofs of an order', () => {
  it('come one after the other, are facts, and say what they are made of', async () => {
    const system = await aSystem();
    await poll(system, { instance: 'bot-1' });
    await asked(system, 'before');
    await world.settle();
    const { hold, level } = await ordered(system);
    expect(level).toMatchObject({ at: 0 });
    expect(await states(hold)).toBe('waiting waiting waiting');
    expect(await poll(system, { instance: 'bot-1' })).toEqual([hold]);
    expect(await poll(system, { instance: 'bot-1' })).toEqual([]);
    await world.advance('5s');
    expect(await states(hold)).toBe('have have waiting');
    for (let beats = 0; beats < 7; beats += 1) {
      await poll(system, { instance: 'bot-1' });
      await world.advance('10s');
    }
    const over = await shown(hold);
    expect(over.level).toEqual({ at: 4, says: expect.stringContaining('Quiet') });
    expect(over.traffic).toMatchObject({ records: 0, contrary: 0 });
    expect(over.acknowledgements).toMatchObject([{ instance: 'bot-1', tried: 'effective', door: null }]);
    expect((await recorded(over)).map(({ type, data }) => `${type} ${data.proof}`)).toEqual([
      'containment.proven probe',
      'containment.proven traffic',
    ]);
    expect(pages).toEqual([]);
  });

  it('that do not come are said, paged once with what to do, and end when they come', async () => {
    const system = await aSystem();
    const before = pages.length;
    await poll(system, { instance: 'good' });
    await poll(system, { instance: 'frozen' });
    const { hold, incident } = await ordered(system);
    for (let seconds = 0; seconds < 40; seconds += 5) {
      await poll(system, { instance: 'good' });
      await poll(system, { instance: 'frozen', obeys: false });
      await world.advance('5s');
    }
    const { proofs } = await shown(hold);
    expect(proofs).toMatchObject({ acknowledged: { state: 'missing' }, probe: { state: 'have' } });
    expect(proofs!.acknowledged).toMatchObject({
      missing: [{ instance: 'frozen', host: 'rack-1', why: 'no acknowledgement' }],
      todo: ['Kill process frozen on host rack-1: as long as it runs it goes on as before.'],
      escalated: { to: [{ name: 'Pager' }] },
    });
    expect(pages.slice(before)).toMatchObject([
      {
        type: 'containment.unproven',
        data: {
          title: expect.stringContaining('not obeyed everywhere'),
          missing: [{ instance: 'frozen' }],
          todo: [expect.stringContaining('Kill process frozen')],
        },
      },
    ]);
    await poll(system, { instance: 'frozen' });
    await world.advance('1s');
    expect((await shown(hold)).proofs!.acknowledged).toMatchObject({ state: 'have', escalated: null });
    expect((await recorded({ incident })).map(({ type, data }) => `${type} ${data.proof}`)).toEqual([
      'containment.proven probe',
      'containment.unproven acknowledged',
      'containment.escalated acknowledged',
      'containment.proven acknowledged',
    ]);
    expect(pages).toHaveLength(before + 1);
  });

  it('of a gateway need its front door, and are told together when several are missing', async () => {
    const system = await aSystem();
    const before = pages.length;
    await poll(system, { instance: 'gate-1', kind: 'gateway' });
    const { hold } = await ordered(system);
    for (let seconds = 0; seconds < 25; seconds += 5) {
      await poll(system, { instance: 'gate-1', kind: 'gateway', door: 'not-effective' });
      await poll(system, { instance: 'bot-1', met: 'fault' });
      await world.advance('5s');
    }
    expect((await shown(hold)).proofs!.probe).toMatchObject({
      state: 'missing',
      missing: [
        { instance: 'bot-1', why: 'cannot judge with this order in force' },
        { instance: 'gate-1', why: 'let a made-up request through' },
      ],
    });
    expect(pages.slice(before)).toHaveLength(1);
  });

  it('by traffic name what got past, page, and end after a quiet minute', async () => {
    const system = await aSystem();
    const before = pages.length;
    await poll(system, { instance: 'bot-1' });
    const { hold, incident } = await ordered(system);
    await poll(system, { instance: 'bot-1' });
    await world.advance('6s');
    await asked(system, 'past');
    await asked(system, 'refused', { output: null, verdict: { action: 'deny', hold } });
    await asked(system, 'elsewhere', { feature: 'search' });
    await world.advance('2s');
    await world.advance('2s');
    const now = await shown(hold);
    expect(now.proofs!.traffic).toMatchObject({ state: 'missing', todo: [expect.stringContaining('got past')] });
    expect(now.traffic).toMatchObject({ records: 2, asIntended: 1, contrary: 1 });
    expect(now.contrary).toMatchObject([{ says: 'was answered' }]);
    expect(pages.slice(before)).toMatchObject([
      { data: { title: expect.stringContaining('get past'), proofs: ['traffic'] } },
    ]);
    for (let beats = 0; beats < 7; beats += 1) {
      await poll(system, { instance: 'bot-1' });
      await world.advance('10s');
    }
    expect((await shown(hold)).proofs!.traffic.state).toBe('have');
    expect((await recorded({ incident })).at(-1)).toMatchObject({ type: 'containment.proven' });
  });

  it('by traffic are told instance by instance, as far as records name them', async () => {
    const system = await aSystem();
    await poll(system, { instance: 'bot-1' });
    await poll(system, { instance: 'bot-2' });
    await poll(system, { instance: 'bot-3' });
    const { hold } = await ordered(system);
    for (const instance of ['bot-1', 'bot-2', 'bot-3']) await poll(system, { instance });
    await world.advance('6s');
    await asked(system, 'through-1', { instance: 'bot-1' });
    await asked(system, 'refused-2', { instance: 'bot-2', output: null, verdict: { action: 'deny', hold } });
    await asked(system, 'stray', { instance: 'web-9' });
    await asked(system, 'nobody');
    await world.advance('2s');
    await world.advance('2s');
    const now = await shown(hold);
    const by = new Map(now.acknowledgements.map(({ instance, traffic }) => [instance, traffic]));
    expect(by.get('bot-1')).toMatchObject({ records: 1, contrary: 1, asIntended: 0 });
    expect(by.get('bot-2')).toMatchObject({ records: 1, contrary: 0, asIntended: 1 });
    expect(by.get('bot-3')).toBeNull();
    expect(now.traffic).toMatchObject({
      records: 4,
      unnamed: 1,
      elsewhere: [{ instance: 'web-9', records: 1, contrary: 1 }],
    });
    expect(now.contrary.map(({ instances }) => instances.join()).sort()).toEqual(['', 'bot-1', 'web-9']);
    expect(now.proofs!.traffic.missing.map(({ instance }) => instance)).toEqual(['bot-1', 'web-9']);

    // A gateway tells of one that nobody had named, and of one that an application had: nothing is counted twice.
    await asked(system, 'nobody', { instance: 'gate-1', source: 'gateway' });
    await asked(system, 'through-1', { instance: 'gate-1', source: 'gateway' });
    await world.advance('2s');
    await asked(system, 'through-1', { provider: 'openai' });
    await world.advance('2s');
    const later = await shown(hold);
    expect(later.traffic).toMatchObject({ records: 4, unnamed: 0, contrary: 3 });
    expect(later.traffic.elsewhere).toMatchObject([
      { instance: 'gate-1', records: 2, contrary: 2 },
      { instance: 'web-9', records: 1 },
    ]);
    expect(later.acknowledgements.find(({ instance }) => instance === 'bot-1')!.traffic).toMatchObject({ records: 1 });
  });

  it('count what was under way at the order: ended by it, finished, and nothing that was over before or began after', async () => {
    const system = await aSystem();
    await poll(system, { instance: 'bot-1' });
    await world.advance('1m');
    const began = world.now();
    await world.advance('10s');
    const { hold } = await ordered(system);
    await world.advance('5s');
    const told = (id: string, latencyMs: number, more: object = {}) =>
      asked(system, id, { at: began, latencyMs, ...more });
    await told('over', 9_000);
    await told('finished', 12_000);
    await told('cut', 10_100, { error: 'ended while it was running: contained', verdict: { action: 'deny', hold } });
    await told('broke', 12_000, { error: 'the vendor is gone' });
    await told('another', 12_000, { feature: 'search' });
    await asked(system, 'later', { latencyMs: 1_000 });
    await asked(system, 'no time', { at: began });
    expect((await shown(hold)).traffic.underWay).toEqual({ ended: 1, finished: 1 });
  });

  it('of a roll-back is an answer by the version that was ordered', async () => {
    const system = await aSystem();
    await poll(system, { instance: 'bot-1' });
    const { hold } = await ordered(system, { kind: 'route', from: { prompt: 'v41' }, to: { prompt: 'v40' } });
    await poll(system, { instance: 'bot-1' });
    await world.advance('6s');
    expect((await shown(hold)).proofs!.traffic.state).toBe('not-possible');
    await asked(system, 'new', { versions: { prompt: 'v40' } });
    await world.advance('2s');
    await world.advance('2s');
    expect((await shown(hold)).proofs!.traffic).toMatchObject({
      state: 'have',
      says: expect.stringContaining('1 answer'),
    });
  });
});

it('gives a control the times of its own', async () => {
  const system = await aSystem();
  const { control } = await ana.client.call(containment.declareControl, {
    params: { system },
    body: { name: 'Stop answers', what: { kind: 'disable', feature: 'answers' } },
  });
  const standing = {
    owner: 'Platform team',
    plan: { everyDays: 7, quietHour: 4, surfaces: [] },
    proofs: { acknowledged: 60, probe: 60, traffic: 600 },
  };
  const planned = await ana.client.call(containment.planControl, { params: { system, control }, body: standing });
  expect(planned).toMatchObject({ standing, readiness: { state: 'never-tested' } });
  const bad = { ...standing, plan: { ...standing.plan, quietHour: 24 } };
  await expect(
    ana.client.call(containment.planControl, { params: { system, control }, body: bad }),
  ).rejects.toMatchObject({ code: 'control.bad-plan' });
  await poll(system, { instance: 'bot-1' });
  const { hold } = await ordered(system, undefined, { system: undefined, what: undefined, control });
  for (let seconds = 0; seconds < 20; seconds += 5) {
    await poll(system, { instance: 'bot-1', obeys: false });
    await world.advance('5s');
  }
  expect((await shown(hold)).proofs!.acknowledged.state).toBe('waiting');
});
