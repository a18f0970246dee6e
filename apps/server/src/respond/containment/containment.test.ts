import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { guardChannel } from '@firebreak/contract/respond/guard-channel';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let ana: Someone;
let ben: Someone;
let vic: Someone;

const VERSIONS = { prompt: 'v41', model: 'm-2026-11' };
const ROLL_BACK = { kind: 'route', from: { prompt: 'v41' }, to: { prompt: 'v40' } } as const;
const DISABLE = { kind: 'disable', feature: 'answers' } as const;

async function aSystem(key: string): Promise<string> {
  await ana.client.call(inventory.register, {
    body: { key, name: key, type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
  });
  await ana.client.call(inventory.deploy, { params: { system: key }, body: { versions: VERSIONS } });
  return key;
}
async function anIncident(title = 'the bot invents a policy'): Promise<string> {
  return (await ana.client.call(incidents.declare, { body: { title } })).incident.id;
}
async function refused(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'nothing was refused',
    (problem: { code?: string }) => problem.code ?? String(problem),
  );
}
const order = (
  by: Someone,
  incident: string,
  body: Partial<Parameters<typeof ana.client.call<typeof containment.order>>[1]['body']>,
) => by.client.call(containment.order, { params: { incident }, body: { reason: 'invents a policy', ...body } });

beforeAll(async () => {
  world = await openWorld();
  ana = world.ana;
  ben = await world.person('Ben Lead', ['lead']);
  vic = await world.person('Vic Viewer', ['viewer']);
});
afterAll(() => world.close());

describe('a control', () => {
  it('is wired in advance, listed, pulled by its id, and retired', async () => {
    const system = await aSystem('wired-bot');
    const body = { name: 'Roll back the prompt', what: ROLL_BACK, sideEffects: 'Answers lose the new tone.' };
    const declared = await ana.client.call(containment.declareControl, { params: { system }, body });
    expect(declared).toMatchObject({
      says: 'roll back prompt v41 → v40',
      needs: 'containment.order',
      lastOrderedAt: null,
    });

    const incident = await anIncident();
    const hold = await order(ben, incident, { control: declared.control });
    expect(hold).toMatchObject({
      system,
      control: declared.control,
      what: ROLL_BACK,
      state: 'active',
      confirmation: 'ordered',
    });
    const [listed] = (await ana.client.call(containment.listControls, { params: { system } })).controls;
    expect(listed?.lastOrderedAt).toBe(hold.orderedAt);

    const retire = { params: { system, control: declared.control }, body: { reason: 'a new prompt' } };
    expect((await ana.client.call(containment.retireControl, retire)).retired).toBe(true);
    expect(await refused(order(ben, incident, { control: declared.control }))).toBe('control.unknown');
    expect((await ana.client.call(containment.listControls, { params: { system } })).controls).toEqual([]);
  });

  it('is refused with parameters that cannot work, or a name that is taken', async () => {
    const system = await aSystem('strict-bot');
    const declare = (name: string, what: object) =>
      ana.client.call(containment.declareControl, { params: { system }, body: { name, what: what as typeof DISABLE } });
    expect(await refused(declare('Fence', { kind: 'fence' }))).toBe('control.bad-parameters');
    await declare('Stop', DISABLE);
    expect(await refused(declare('stop', { kind: 'disable' }))).toBe('control.name-taken');
    expect(await refused(declare('Explode', { kind: 'explode' }))).toBe('request.invalid');
  });
});

describe('an order', () => {
  it('lets what runs finish where it says so, and ends it by the next', async () => {
    const system = await aSystem('drained-bot');
    const { control } = await ana.client.call(containment.declareControl, {
      params: { system },
      body: { name: 'Stop answers', what: DISABLE },
    });
    const incident = await anIncident();
    const preview = await ana.client.call(containment.preview, { body: { control, inFlight: 'drain' } });
    expect(preview.says).toBe('disable answers, letting what runs finish');
    const drained = await order(ana, incident, { control, inFlight: 'drain' });
    expect(drained).toMatchObject({ control, what: { ...DISABLE, inFlight: 'drain' } });
    const guard = await world.program('guard');
    const { payload } = await guard.call(guardChannel.snapshot, { query: { system, instance: 'bot-1' } });
    expect(JSON.parse(payload).holds[0].what.inFlight).toBe('drain');
    const ended = await order(ana, incident, { control });
    expect(ended.hold).not.toBe(drained.hold);
    expect(ended.what).toEqual(DISABLE);
    expect(await order(ana, incident, { control, inFlight: 'drain' })).toMatchObject({ hold: expect.anything() });
    expect(await refused(order(ana, incident, { system, what: ROLL_BACK, inFlight: 'drain' }))).toBe(
      'control.bad-parameters',
    );
    const { holds } = await ana.client.call(containment.listHoldsOfIncident, { params: { incident } });
    expect(holds).toHaveLength(2);
  });

  it('preserves evidence before it restricts', async () => {
    const system = await aSystem('evident-bot');
    const incident = await anIncident();
    const hold = await order(ana, incident, { system, what: DISABLE });
    const { facts } = await ana.client
      .call(warRoom.facts, { params: { incident }, query: {} })
      .catch(() => ({ facts: [] as { type: string; seq: number }[] }));
    const types = facts.map(({ type }) => type).filter((type) => /evidence|containment/.test(type));
    expect(types).toEqual(['evidence.preserved', 'containment.ordered']);
    const shown = await ana.client.call(containment.showHold, { params: { hold: hold.hold } });
    expect(shown.evidence).toMatchObject({
      system,
      versions: expect.arrayContaining([{ deployment: 'production', kind: 'prompt', version: 'v41' }]),
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });

  it('may go without evidence only for a reason, which is kept', async () => {
    const system = await aSystem('bare-bot');
    const incident = await anIncident();
    expect(await refused(order(ana, incident, { system, what: DISABLE, skipEvidence: '' }))).toBe('hold.no-evidence');
    const hold = await order(ana, incident, { system, what: DISABLE, skipEvidence: 'the disk is full' });
    const shown = await ana.client.call(containment.showHold, { params: { hold: hold.hold } });
    expect(shown.evidence).toEqual({ skipped: 'the disk is full' });
  });

  it('given by two people at once is one hold', async () => {
    const system = await aSystem('busy-bot');
    const incident = await anIncident();
    const [first, second] = await Promise.all([
      order(ana, incident, { system, what: DISABLE }),
      order(ben, incident, { system, what: DISABLE }),
    ]);
    expect(second?.hold).toBe(first?.hold);
    const { holds } = await ana.client.call(containment.listHoldsOfIncident, { params: { incident } });
    expect(holds).toHaveLength(1);
  });

  it('that overrides what another incident overrides is refused, unless it says so', async () => {
    const system = await aSystem('contested-bot');
    const theirs = await order(ana, await anIncident(), { system, what: ROLL_BACK });
    const incident = await anIncident();
    const what = { kind: 'route', to: { prompt: 'v39' } } as const;
    expect(await refused(order(ben, incident, { system, what }))).toBe('hold.conflict');
    const preview = await ben.client.call(containment.preview, { body: { system, what } });
    expect(preview.conflict).toMatchObject({ hold: theirs.hold, says: 'roll back prompt v41 → v40' });
    await order(ben, incident, { system, what, supersedes: theirs.hold, typed: system });
    await order(ben, incident, { system, what: DISABLE });
  });

  it('for a feature that nobody knows says so before it is given, since everybody would obey it and nothing stop', async () => {
    const system = await aSystem('misspelt-bot');
    const nameOf = async (feature?: string) =>
      (
        await ana.client.call(containment.preview, {
          body: { system, what: { kind: 'disable', ...(feature && { feature }) } },
        })
      ).unknownFeature;
    expect(await nameOf('anwsers')).toContain('Registered: answers.');
    expect(await nameOf('answers')).toBeNull();
    expect(await nameOf()).toBeNull();
  });

  it('needs the right, a system, an incident and good parameters', async () => {
    const system = await aSystem('guarded-bot');
    const incident = await anIncident();
    expect(await refused(order(vic, incident, { system, what: DISABLE }))).toBe('authority.missing');
    expect(await refused(order(ana, incident, { system: 'nobody-knows', what: DISABLE }))).toBe('system.unknown');
    expect(await refused(order(ana, 'INC-1999-0001', { system, what: DISABLE }))).toBe('incident.unknown');
    expect(await refused(order(ana, incident, { system, what: { kind: 'route', to: {} } }))).toBe(
      'control.bad-parameters',
    );
    expect(await refused(order(ana, incident, { reason: 'nothing said' }))).toBe('control.bad-parameters');
    const past = { mode: 'auto', at: '2020-01-01T00:00:00Z' } as const;
    expect(await refused(order(ana, incident, { system, what: DISABLE, expiry: past }))).toBe('hold.bad-expiry');
  });

  it('on a closed incident is refused', async () => {
    const system = await aSystem('late-bot');
    const incident = await anIncident();
    await ana.client.call(incidents.move, { params: { incident }, body: { to: 'closed', reason: 'over' } });
    expect(await refused(order(ana, incident, { system, what: DISABLE }))).toBe('incident.closed');
  });
});

describe('a hold', () => {
  const held = async (key: string, expiry?: Parameters<typeof order>[2]['expiry']) => {
    const system = await aSystem(key);
    const incident = await anIncident();
    const { hold } = await order(ana, incident, { system, what: DISABLE, ...(expiry && { expiry }) });
    return { system, incident, hold, params: { incident, hold } };
  };

  it('is not lifted by whoever ordered it, but by somebody else, once', async () => {
    const { params } = await held('two-person-bot');
    const lift = (by: Someone) =>
      by.client.call(containment.lift, { params, body: { reason: 'the prompt is mended' } });
    expect(await refused(lift(ana))).toBe('hold.same-person');
    expect(await refused(lift(vic))).toBe('authority.missing');
    // Ana's own key is no second person.
    expect(await refused(lift({ ...ana, client: await world.program('admin') }))).toBe('hold.same-person');
    expect(await lift(ben)).toMatchObject({ state: 'lifted', ended: { by: { id: ben.id } } });
    expect(await refused(lift(ben))).toBe('hold.already-lifted');
    expect(
      await refused(
        ben.client.call(containment.lift, { params: { ...params, hold: 'hld_nothing' }, body: { reason: 'x' } }),
      ),
    ).toBe('hold.unknown');
  });

  it('stays when another incident lifts its own hold on the same feature', async () => {
    const { system, hold } = await held('shared-bot');
    const other = await anIncident();
    const theirs = await order(ana, other, { system, what: DISABLE });
    await ben.client.call(containment.lift, {
      params: { incident: other, hold: theirs.hold },
      body: { reason: 'done here' },
    });
    const { holds } = await ana.client.call(containment.listHolds, { query: { system } });
    expect(holds.map((each) => each.hold)).toEqual([hold]);
  });

  it('ends by itself at its time, unless it was extended', async () => {
    const short = await held('short-bot', { mode: 'auto-after', minutes: 30 });
    const long = await held('long-bot', { mode: 'auto-after', minutes: 30 });
    const extend = (minutes: number) =>
      ana.client.call(containment.extend, {
        params: long.params,
        body: { expiry: { mode: 'auto-after', minutes }, reason: 'not mended yet' },
      });
    expect(await refused(extend(10))).toBe('hold.bad-expiry');
    await extend(90);
    await world.advance('31m');
    const stateOf = async (hold: string) =>
      (await ana.client.call(containment.showHold, { params: { hold: hold as 'hld_' } })).state;
    expect(await stateOf(short.hold)).toBe('expired');
    expect(await stateOf(long.hold)).toBe('active');
    await world.advance('60m');
    expect(await stateOf(long.hold)).toBe('expired');
  });

  it('that nobody obeys is shown as failed, not as contained', async () => {
    const { hold } = await held('lonely-bot');
    await world.advance('6s');
    const shown = await ana.client.call(containment.showHold, { params: { hold } });
    expect(shown).toMatchObject({
      confirmation: 'failed',
      live: 0,
      failure: { instances: [], why: expect.stringContaining('No instance') },
    });
  });
});
