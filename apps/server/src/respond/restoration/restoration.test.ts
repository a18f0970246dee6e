import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { guardChannel } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import { restorations } from '@firebreak/contract/respond/restorations';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let ana: Someone;
let ben: Someone;
let cem: Someone;

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'nothing was refused',
    (problem: { code?: string }) => problem.code ?? String(problem),
  );

beforeAll(async () => {
  world = await openWorld();
  ana = world.ana;
  ben = await world.person('Ben Lead', ['lead']);
  cem = await world.person('Cem Responder', ['responder']);
});
afterAll(() => world.close());

async function held(key: string, gate?: object) {
  await ana.client.call(inventory.register, {
    body: { key, name: key, type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
  });
  const { incident } = await ana.client.call(incidents.declare, { body: { title: 'it lies', systems: [key] } });
  const { hold } = await ana.client.call(containment.order, {
    params: { incident: incident.id },
    body: {
      system: key,
      what: { kind: 'disable', feature: 'answers' },
      reason: 'lies',
      ...(gate && { gate }),
    } as never,
  });
  return { key, params: { incident: incident.id, hold } };
}
const state = async (params: { incident: string; hold: string }) =>
  (await ana.client.call(restorations.list, { params })).restorations.find(({ hold }) => hold === params.hold)!;
const holdRow = (hold: `hld_${string}`) => ana.client.call(containment.showHold, { params: { hold } });
const raise = (system: string, over: object = {}) =>
  ana.client.call(signals.sendSignals, {
    body: [
      {
        system,
        kind: 'ungrounded-claim',
        text: 'one device per subscription, again',
        evidenceClass: 'strong',
        feature: 'answers',
        ...over,
      },
    ],
  } as never);

describe('the restoration gate', () => {
  it('lets go of a gated hold step by step, as guards see it, and says how it went', async () => {
    const gate = { checks: ['Legal has read the new prompt'], suites: [], approvals: 1, watchMinutes: 30 };
    const { key, params } = await held('gated-bot', gate);
    expect(await code(ben.client.call(containment.lift, { params, body: { reason: 'mended' } }))).toBe('hold.gated');
    const stages = [{ percent: 25, minutes: 10 }];
    const asked = await cem.client.call(restorations.ask, { params, body: { reason: 'v42 is live', stages } });
    expect(asked).toMatchObject({ state: 'asked', approvals: { needed: 1, given: [] }, watchMinutes: 30 });
    expect(await code(ben.client.call(restorations.approve, { params, body: {} }))).toBe('restoration.conditions-open');
    await cem.client.call(restorations.meet, { params, body: { condition: 0, note: 'Lea read it' } });
    expect(await code(cem.client.call(restorations.approve, { params, body: {} }))).toBe('authority.missing');
    expect(await code(ana.client.call(restorations.approve, { params, body: {} }))).toBe('restoration.same-person');
    expect(await ben.client.call(restorations.approve, { params, body: { note: 'looked at it' } })).toMatchObject({
      state: 'staged',
      step: 1,
    });

    const guard = await world.program('guard');
    const signed = await guard.call(guardChannel.snapshot, { query: { system: key } });
    expect(JSON.parse(signed.payload).holds).toMatchObject([{ hold: params.hold, release: { percent: 25, step: 1 } }]);
    expect(await holdRow(params.hold)).toMatchObject({ state: 'active', release: { percent: 25 } });

    await world.advance('11m');
    expect(await state(params)).toMatchObject({ state: 'watched', step: 2 });
    expect((await holdRow(params.hold)).state).toBe('lifted');
    await world.advance('31m');
    expect((await state(params)).state).toBe('done');
  });

  it('holds everybody again when a strong signal says that it is back; what is made on purpose says nothing', async () => {
    const { key, params } = await held('relapsing-bot');
    await cem.client.call(restorations.ask, {
      params,
      body: { reason: 'v42', stages: [{ percent: 50, minutes: 60 }] },
    });
    await ben.client.call(restorations.approve, { params, body: {} });
    await raise(key, { evidenceClass: 'weak', dedupKey: 'weak' });
    await world.advance('5s');
    expect((await state(params)).state).toBe('staged');
    await raise(key, { dedupKey: 'strong' });
    await world.advance('5s');
    const halted = await state(params);
    expect(halted).toMatchObject({ state: 'halted', why: expect.stringContaining('one device per subscription') });
    expect(halted.signal).toMatch(/^sig_/);
    expect(await holdRow(params.hold)).toMatchObject({ state: 'active', release: { percent: 0, step: 2 } });
  });

  it('orders it anew when it comes back in the watch, once', async () => {
    const { key, params } = await held('watched-bot');
    await cem.client.call(restorations.ask, { params, body: { reason: 'v42' } });
    await ben.client.call(restorations.approve, { params, body: {} });
    expect((await holdRow(params.hold)).state).toBe('lifted');
    await raise(key, { dedupKey: 'back' });
    await world.advance('5s');
    await world.advance('5s');
    const { again } = await state(params);
    expect(await holdRow(again!)).toMatchObject({ state: 'active', system: key, says: 'disable answers' });
    const { holds } = await ana.client.call(containment.listHolds, { query: { system: key } });
    expect(holds).toHaveLength(1);
  });

  it('is halted by one person, and withdrawn before it begins', async () => {
    const { params } = await held('halted-bot');
    await cem.client.call(restorations.ask, { params, body: { reason: 'v42' } });
    expect((await ana.client.call(restorations.waiting, {})).restorations[0]).toMatchObject({ hold: params.hold });
    await cem.client.call(restorations.withdraw, { params, body: { reason: 'too soon' } });
    await cem.client.call(restorations.ask, { params, body: { reason: 'v42' } });
    await ben.client.call(restorations.approve, { params, body: {} });
    const halted = await cem.client.call(restorations.halt, { params, body: { reason: 'it lies again' } });
    expect(halted).toMatchObject({ state: 'halted', why: 'it lies again' });
    expect((await holdRow(halted.again!)).state).toBe('active');
  });

  it('knows no golden set that is not there', async () => {
    const { params } = await held('unknown-set-bot');
    const body = { reason: 'v42', suites: ['evs_nothing'] };
    expect(await code(cem.client.call(restorations.ask, { params, body }))).toBe('eval-suite.unknown');
  });
});
