import { createHash } from 'node:crypto';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { controlTests } from '@firebreak/contract/respond/control-tests';
import { decisionRights } from '@firebreak/contract/respond/decision-rights';
import { guardChannel } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { type Control, type Snapshot, stateText } from '@firebreak/core/respond/containment';
import { SHIPPED } from '@firebreak/core/respond/decision-rights';
import { createGuard, type Guard } from '@firebreak/guard';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../../../../../conformance/stand-in-control-plane.ts';

let world: World;
let ana: Someone;
let key: string;
let number = 0;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  world = await openWorld({ listen: true });
  ana = world.ana;
  key = (await world.program('guard', 'telemetry:write')).key;
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => world.close());

async function aSystem(in_ = ana): Promise<string> {
  number += 1;
  const system = `tested-${number}`;
  const features = [{ key: 'answers', name: 'Answers' }];
  await in_.client.call(inventory.register, { body: { key: system, name: system, type: 'generative', features } });
  return system;
}
async function aControl(system: string, what: Control = { kind: 'disable', feature: 'answers' }, in_ = ana) {
  const { control } = await in_.client.call(containment.declareControl, {
    params: { system },
    body: { name: 'Stop answers', what },
  });
  return control;
}
async function guardOf(system: string): Promise<Guard> {
  const guard = await createGuard({ url: world.url, key, system, bootFailMode: 'deny' });
  closing.push(() => guard.close());
  await guard.ready();
  return guard;
}
const begin = (system: string, control: `ctl_${string}`, body: object = {}) =>
  ana.client.call(controlTests.begin, { params: { system, control }, body });
async function ended(test: `tst_${string}`) {
  let last = (await ana.client.call(controlTests.show, { params: { test } })).test;
  await until('the test has ended', async () => {
    last = (await ana.client.call(controlTests.show, { params: { test } })).test;
    return last.ended !== null;
  });
  return last;
}
const controlOf = async (system: string) =>
  (await ana.client.call(containment.listControls, { params: { system } })).controls[0]!;

/** An instance that says what it is told to say. */
async function scripted(
  system: string,
  instance: string,
  says: { readonly checked?: string; readonly tried?: string | null },
): Promise<void> {
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}${guardChannel.streamPath}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  closing.push(() => socket.close(1000));
  await new Promise((resolve) => socket.once('open', resolve));
  const say = (message: object) => socket.send(JSON.stringify(message));
  const holds = new Map<string, Snapshot['holds'][number]>();
  let state: Snapshot | undefined;
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'check') {
      const checked = message.holds.map((hold: string) => ({ hold, state: says.checked ?? 'effective' }));
      say({ type: 'checked', epoch: state?.epoch ?? 0, holds: checked });
    }
    if (message.type === 'try' && says.tried !== null) {
      const { trial } = JSON.parse(message.payload);
      say({ type: 'tried', trial, state: says.tried ?? 'effective', says: 'out of memory' });
    }
    if (message.type !== 'snapshot' && message.type !== 'delta') return;
    const { generation, epoch, remove = [], ...more } = JSON.parse(message.payload);
    if (message.type === 'snapshot') holds.clear();
    for (const hold of remove) holds.delete(hold);
    for (const hold of more.holds ?? more.add) holds.set(hold.hold, hold);
    state = { schema: 1, system, generation, epoch, holds: [...holds.values()] };
    const stateHash = createHash('sha256').update(stateText(state)).digest('hex');
    const at = new Date().toISOString();
    say({ type: 'ack', generation, epoch, stateHash, receivedAt: at, appliedAt: at });
  });
  const known = new Promise((resolve) => socket.once('message', resolve));
  say({ type: 'hello', instance, system, host: 'rack-9', kind: 'guard', checks: true });
  await known;
  await until('it is live', async () =>
    (await ana.client.call(containment.roster, { query: { system } })).instances.some(
      (each) => each.instance === instance,
    ),
  );
}

describe('a test of a control', () => {
  it('goes to every instance, touches no real request, is timed, and makes the control ready', async () => {
    const system = await aSystem();
    const control = await aControl(system);
    expect((await controlOf(system)).readiness).toMatchObject({ state: 'never-tested' });
    const guards = [await guardOf(system), await guardOf(system)];
    const actions = new Set<string>();
    const epochs = new Set<number>();
    let asking = true;
    const traffic = (async () => {
      while (asking) {
        for (const guard of guards) {
          const verdict = guard.check({ feature: 'answers' });
          actions.add(verdict.action);
          epochs.add(verdict.epoch);
        }
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    const { test } = await begin(system, control);
    expect(test).toMatchObject({ ended: null, why: 'asked', says: 'disable answers' });
    const over = await ended(test.test);
    asking = false;
    await traffic;
    expect(over.ended).toMatchObject({ outcome: 'passed', tested: 2, passed: 2 });
    expect(over.ended!.instances.map(({ outcome, surface }) => `${outcome} ${surface}`)).toEqual([
      'passed guard',
      'passed guard',
    ]);
    expect(over.ended!.effectMs).toBeGreaterThan(0);
    // It was in force meanwhile, and nobody met it.
    expect(epochs.size).toBeGreaterThan(1);
    expect([...actions]).toEqual(['allow']);
    await until('it is let go', () => guards.every((guard) => guard.stats().holds === 0));
    for (const guard of guards) expect(guard.stats()).toMatchObject({ refused: 0, rerouted: 0 });
    const ready = await controlOf(system);
    expect(ready).toMatchObject({
      readiness: { state: 'ready' },
      effect: { tests: 1 },
      lastTest: { test: test.test, outcome: 'passed' },
      lastOrderedAt: null,
    });
    const { systems } = await ana.client.call(controlCoverage.show, { query: { system } });
    expect(systems[0]).toMatchObject({ controls: [{ readiness: { state: 'ready' } }] });
    expect(systems[0]!.missing.map(({ kind }) => kind)).not.toContain('never-tested');
  });

  it.each([
    ['not-effective', 'not-effective'],
    ['too-wide', 'too-wide'],
  ] as const)('fails where an instance says %s, and the control is not ready', async (checked, outcome) => {
    const system = await aSystem();
    const control = await aControl(system);
    await guardOf(system);
    await scripted(system, `bad-${checked}`, { checked });
    const over = await ended((await begin(system, control)).test.test);
    expect(over.ended).toMatchObject({ outcome: 'failed', tested: 2, passed: 1 });
    expect(over.ended!.instances[0]).toMatchObject({ instance: `bad-${checked}`, outcome });
    expect((await controlOf(system)).readiness).toMatchObject({
      state: 'failed',
      says: expect.stringContaining('1 of 2'),
    });
  });

  it('in which nothing lives proves nothing', async () => {
    const system = await aSystem();
    const control = await aControl(system);
    const over = await ended((await begin(system, control)).test.test);
    expect(over.ended).toMatchObject({ outcome: 'nobody', effectMs: null });
    expect((await controlOf(system)).readiness.state).toBe('never-tested');
  });

  it('is one at a time, of controls there are, and a rehearsal only in an exercise', async () => {
    const system = await aSystem();
    const control = await aControl(system);
    await scripted(system, 'slow-1', { checked: 'unknown' });
    const first = await begin(system, control);
    await expect(begin(system, control)).rejects.toMatchObject({ code: 'control-test.running' });
    await ended(first.test.test);
    await expect(begin(system, 'ctl_none')).rejects.toMatchObject({ code: 'control.unknown' });
    await expect(ana.client.call(controlTests.show, { params: { test: 'tst_none' } })).rejects.toMatchObject({
      code: 'control-test.unknown',
    });
    const earnest = (await ana.client.call(incidents.declare, { body: { title: 'in earnest' } })).incident.id;
    await expect(begin(system, control, { incident: earnest })).rejects.toMatchObject({
      code: 'control-test.not-exercise',
    });
    await expect(begin(system, control, { incident: 'inc_none' })).rejects.toMatchObject({ code: 'incident.unknown' });
    const exercise = (await ana.client.call(incidents.declare, { body: { title: 'a drill', drill: true } })).incident
      .id;
    const { test } = await begin(system, control, { incident: exercise });
    expect(await ended(test.test)).toMatchObject({ why: 'rehearsal', incident: exercise });
    const { facts } = await ana.client.call(warRoom.facts, { params: { incident: exercise }, query: { after: 0 } });
    expect(facts.map(({ type }) => type)).toEqual(expect.arrayContaining(['control-test.begun', 'control-test.ended']));
    const { tests } = await ana.client.call(controlTests.list, { query: { system } });
    expect(tests.map(({ why }) => why)).toEqual(['rehearsal', 'asked']);
    const reader = await world.program('read');
    await expect(reader.call(controlTests.begin, { params: { system, control }, body: {} })).rejects.toMatchObject({
      code: 'authority.missing',
    });
  });
});

describe('an order that has never worked', () => {
  const order = async (system: string, more: object = {}) => {
    const incident = (await ana.client.call(incidents.declare, { body: { title: 'it invents' } })).incident.id;
    const body = { system, what: { kind: 'disable', feature: 'answers' } as const, reason: 'it invents', ...more };
    return ana.client.call(containment.order, { params: { incident }, body });
  };
  const inForce = async (system: string) => (await ana.client.call(containment.listHolds, { query: { system } })).holds;

  it('is tried by one instance first, and the next time no more', async () => {
    const system = await aSystem();
    const guard = await guardOf(system);
    await guardOf(system);
    const first = await order(system);
    expect(first.canary).toMatchObject({ forced: false, instances: [{ surface: 'guard', ok: true }] });
    await until('it is confirmed', async () => (await inForce(system))[0]?.confirmation === 'confirmed');
    expect(guard.check({ feature: 'answers' }).action).toBe('deny');
    expect((await order(system)).canary).toBeNull();
  });

  it('is not tried again by a control that was tested', async () => {
    const system = await aSystem();
    const control = await aControl(system);
    await guardOf(system);
    await ended((await begin(system, control)).test.test);
    expect((await order(system)).canary).toBeNull();
  });

  it.each([
    ['breaks judging', 'fault', 'cannot judge requests with it: out of memory'],
    ['lets the request through', 'not-effective', 'a made-up request got through'],
    ['says nothing', null, 'did not answer within 250 ms'],
  ] as const)('that %s where it is tried stops there, unless somebody forces it', async (_, tried, says) => {
    const system = await aSystem();
    await scripted(system, `canary-${tried}`, { tried });
    const began = performance.now();
    await expect(order(system)).rejects.toMatchObject({
      code: 'hold.canary-failed',
      message: expect.stringContaining(says),
    });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await inForce(system)).toEqual([]);
    const forced = await order(system, { force: true });
    expect(forced.canary).toMatchObject({ forced: true, instances: [{ ok: false }] });
    expect(await inForce(system)).toHaveLength(1);
  });
});

describe('an order that the first asked says nothing to', () => {
  const tried = async (all: readonly (readonly [string, 'effective' | 'fault' | null])[]) => {
    const system = await aSystem();
    for (const [name, tried] of all) await scripted(system, `${name}-${system}`, { tried });
    const incident = (await ana.client.call(incidents.declare, { body: { title: 'it invents' } })).incident.id;
    const body = { system, what: { kind: 'disable', feature: 'answers' } as const, reason: 'it invents' };
    return ana.client.call(containment.order, { params: { incident }, body });
  };

  it('is tried by the next of its kind, and goes to all if that one says that it works', async () => {
    const { canary } = await tried([
      ['busy', null],
      ['works', 'effective'],
    ]);
    expect(canary).toMatchObject({
      forced: false,
      instances: [
        { instance: expect.stringContaining('busy'), ok: false },
        { instance: expect.stringContaining('works'), ok: true },
      ],
    });
  });

  it.each([
    [
      'says nothing either',
      [
        ['busy', null],
        ['busy-too', null],
        ['works', 'effective'],
      ],
      'busy-too',
    ],
    [
      'breaks on it',
      [
        ['busy', null],
        ['breaks', 'fault'],
      ],
      'out of memory',
    ],
    [
      'is not needed: the first broke on it',
      [
        ['breaks', 'fault'],
        ['works', 'effective'],
      ],
      'out of memory',
    ],
  ] as const)('stops where the next %s', async (_, all, says) => {
    await expect(tried(all)).rejects.toMatchObject({
      code: 'hold.canary-failed',
      message: expect.stringContaining(says),
    });
  });
});

describe('a pull that a second person agrees to', () => {
  it('is tried by one instance first as well, and carries what was recommended', async () => {
    const system = await aSystem();
    await ana.client.call(decisionRights.set, {
      params: { system, of: 'narrow' },
      body: { rule: { ...SHIPPED.narrow, second: { when: 'before', minutes: 10 } }, reason: 'agreed' },
    });
    const ben = await world.person(`Ben ${system}`, ['lead']);
    const incident = (await ana.client.call(incidents.declare, { body: { title: 'it invents' } })).incident.id;
    await scripted(system, `canary-${system}`, { tried: 'fault' });
    const chosen = {
      archetype: null,
      taken: 'stop',
      recommended: 'roll-back-prompt',
      offered: ['roll-back-prompt', 'stop'],
      worth: { lossPerHour: null, costPerRequest: null, needless: 0, hours: 1 },
      prevented: 0.9,
      breakEven: null,
      guided: false,
    } as const;
    const what = { kind: 'disable', feature: 'answers' } as const;
    const { pull, change } = await ana.client.call(containment.askPull, {
      params: { incident },
      body: { system, what, reason: 'it invents', chosen: { ...chosen, offered: [...chosen.offered] } },
    });
    const agree = (body: object = {}, by: Someone = ben) =>
      by.client.call(containment.approvePull, { params: { incident, pull }, body: { change, ...body } });
    // Whoever asked may not agree: no instance is asked for them.
    await expect(agree({}, ana)).rejects.toMatchObject({ code: 'pull.same-person' });
    await expect(agree()).rejects.toMatchObject({ code: 'hold.canary-failed' });
    expect((await ana.client.call(containment.listPulls, { params: { incident } })).pulls[0]!.state).toBe('waiting');
    const held = await agree({ force: true });
    expect(held.canary).toMatchObject({ forced: true, instances: [{ ok: false }] });
    const { facts } = await ana.client.call(warRoom.facts, { params: { incident }, query: { after: 0 } });
    expect(facts.find(({ type }) => type === 'containment.chosen')!.data).toEqual({
      ...chosen,
      hold: held.hold,
      system,
      preview: null,
    });
  });
});

it('a test whose server ended before it did is broken off, proves nothing, and leaves the state', async () => {
  const still = await openWorld();
  try {
    const system = await aSystem(still.ana);
    const control = await aControl(system, undefined, still.ana);
    const obeys = await still.program('guard');
    const held = async () => JSON.parse((await obeys.call(guardChannel.snapshot, { query: { system } })).payload).holds;
    const params = { system, control };
    const { test } = await still.ana.client.call(controlTests.begin, { params, body: {} });
    expect(await held()).toMatchObject([{ number: 0, what: { kind: 'test', mark: test.test } }]);
    await still.advance('2m');
    const over = (await still.ana.client.call(controlTests.show, { params: { test: test.test } })).test;
    expect(over.ended).toMatchObject({ outcome: 'broken-off', instances: [] });
    expect(await held()).toEqual([]);
    const { controls } = await still.ana.client.call(containment.listControls, { params: { system } });
    expect(controls).toMatchObject([{ readiness: { state: 'never-tested' }, lastTest: { outcome: 'broken-off' } }]);
  } finally {
    await still.close();
  }
});

describe('planned tests', () => {
  it('begin in their quiet hour where something lives, and not again before their time', async () => {
    const still = await openWorld();
    try {
      const system = await aSystem(still.ana);
      await aControl(system, undefined, still.ana);
      const obeys = await still.program('guard');
      const reader = await still.program('read');
      const poll = () =>
        obeys.call(guardChannel.snapshot, { query: { system, instance: 'bot-1', host: 'h', kind: 'guard' } });
      const tests = async () => (await reader.call(controlTests.list, { query: { system } })).tests;
      const aLivingMinute = async () => {
        for (let beats = 0; beats < 7; beats += 1) {
          await poll();
          await still.advance('10s');
        }
      };
      // 21:00; nothing lives at three.
      await still.advance('6h');
      expect(await tests()).toEqual([]);
      await aLivingMinute();
      expect(await tests()).toMatchObject([{ why: 'planned', begunBy: { kind: 'system' } }]);
      await aLivingMinute();
      expect(await tests()).toHaveLength(1);
      // 30 days later, and not yet at three.
      await still.advance('719h');
      await aLivingMinute();
      expect(await tests()).toHaveLength(1);
      await still.advance('1h');
      await aLivingMinute();
      expect(await tests()).toHaveLength(2);
    } finally {
      await still.close();
    }
  }, 60_000);
});
