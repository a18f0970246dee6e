import type { Client } from '@firebreak/client';
import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { roleDirectory } from '@firebreak/contract/prepare/role-directory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { recommendation } from '@firebreak/contract/respond/recommendation';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { addMs, type Instant } from '@firebreak/core/kernel';
import { createGuard, type Guard } from '@firebreak/guard';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../../../conformance/stand-in-control-plane.ts';

let world: World;
let ana: Someone;
let ben: Someone;
let sender: Client;
const open: Guard[] = [];
let count = 0;

async function enter(options: { readonly listen?: boolean }): Promise<void> {
  world = await openWorld(options);
  ana = world.ana;
  ben = await world.person('Ben Lead', ['lead']);
  sender = await world.program('telemetry:write', 'feedback:write');
}
async function leave(): Promise<void> {
  for (const guard of open.splice(0)) guard.close();
  await world.close();
}

const NOW = (): Instant => world.now();

async function aSystem(key: string, more: object = {}): Promise<string> {
  await ana.client.call(inventory.register, {
    body: {
      key,
      name: key,
      type: 'generative',
      architecture: 'rag',
      features: [
        { key: 'answers', name: 'Answers' },
        { key: 'orders', name: 'Orders' },
      ],
      ...more,
    },
  });
  const hoursAgo = { v40: 50, v41: 2 };
  for (const [prompt, hours] of Object.entries(hoursAgo)) {
    const occurredAt = addMs(NOW(), -hours * 3_600_000);
    await ana.client.call(inventory.deploy, { params: { system: key }, body: { versions: { prompt }, occurredAt } });
  }
  return key;
}

async function guarded(system: string): Promise<Guard> {
  const { key } = await world.program('guard');
  const guard = await createGuard({ url: world.url, key, system, instance: `${system}-1`, bootFailMode: 'allow' });
  open.push(guard);
  await guard.ready();
  return guard;
}

const asked = (system: string, more: object = {}) => ({
  id: `r-${++count}`,
  system,
  feature: 'answers',
  subject: `p-${count % 4}`,
  country: count % 2 === 0 ? 'DE' : 'FR',
  versions: { prompt: 'v41', model: 'm-1' },
  input: [{ role: 'user', content: `Question ${count}?` }],
  output: 'An answer.',
  retrieved: [],
  toolCalls: [],
  ...more,
});
const send = (...body: object[]) => sender.call(signals.sendInteractions, { body: body as never });

const BAD = 'Each subscription is limited to one device.';
const HELP = [{ id: 'devices', title: 'Devices', text: 'You can use up to five devices with one subscription.' }];
async function aCandidate(system: string): Promise<`cnd_${string}`> {
  const wrong = Array.from({ length: 6 }, () => asked(system, { output: BAD, retrieved: HELP }));
  await send(...wrong);
  await sender.call(signals.sendFeedback, {
    body: wrong.slice(0, 3).map((each, index) => ({
      id: `f-${each.id}`,
      system,
      feature: 'answers',
      kind: 'thumbs-down' as const,
      text: `Since when one device per subscription? ${index}`,
      interaction: each.id,
      subject: each.subject,
    })),
  });
  let found: `cnd_${string}` | undefined;
  await until('signals are grouped', async () => {
    const { items } = await ana.client.call(candidates.listCandidates, { query: { system } });
    found = items.find(({ summary }) => summary.count >= 6)?.id as typeof found;
    return found !== undefined;
  });
  return found!;
}

const refused = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'nothing was refused',
    (problem: { code?: string }) => problem.code ?? String(problem),
  );

beforeAll(async () => {
  await enter({});
});
afterAll(() => leave());

const preview = (body: Parameters<typeof ana.client.call<typeof containment.preview>>[1]['body']) =>
  ana.client.call(containment.preview, { body });

describe('the preview of an order', () => {
  it('says what it would meet, by what the kind of control is about, and who would feel it', async () => {
    const system = await aSystem('previewed');
    const shop = await aSystem('shop');
    await ana.client.call(systemParts.declareDependency, {
      params: { system: shop },
      body: { direction: 'up', kind: 'system', on: system } as never,
    });
    expect((await preview({ system, what: { kind: 'disable' } })).reach).toBeNull();
    await send(
      ...Array.from({ length: 6 }, () => asked(system)),
      asked(system, { feature: 'orders', toolCalls: [{ name: 'refund' }] }),
      asked(system, { country: null }),
    );
    const fence = await preview({ system, what: { kind: 'fence', countries: { mode: 'deny', list: ['DE'] } } });
    expect(fence.reach).toMatchObject({ requests: 8, unsaid: 1, sampled: false, looked: 8 });
    expect(fence.reach!.touched).toBe(fence.reach!.parts.country!.find(({ name }) => name === 'DE')!.touched);
    expect(fence.around.nodes).toEqual([{ id: 'shop', name: 'shop', how: 'needs', depth: 1, via: '' }]);
    expect(fence.around.features.sort()).toEqual(['answers', 'orders']);
    const revoke = await preview({ system, what: { kind: 'revoke', tools: ['refund'] } });
    expect(revoke.reach).toMatchObject({ touched: 1, people: 1, benign: 1 });
    expect(revoke.reach!.parts.tool![0]).toEqual({ name: 'refund', requests: 1, touched: 1 });
    const disable = await preview({ system, what: { kind: 'disable', feature: 'orders' } });
    expect(disable.around.features).toEqual(['orders']);
    expect(disable.lastHour).toEqual(
      expect.arrayContaining([
        { feature: 'answers', requests: 7, touched: false },
        { feature: 'orders', requests: 1, touched: true },
      ]),
    );
    expect(disable.live).toBe(0);
  });

  it('tries a pattern on stored words, and asks for a second look where it would refuse harmless ones', async () => {
    const system = await aSystem('worded');
    await send(...Array.from({ length: 20 }, (_, i) => asked(system, { output: i < 3 ? 'One device only.' : 'Two.' })));
    const broad = await preview({ system, what: { kind: 'block', patterns: ['(?i)one device'] } });
    expect(broad.words).toMatchObject({ tried: 20, hits: 3, benign: 3, benignTried: 20, secondLook: true });
    expect(broad.words!.examples).toEqual(['One device only.']);
    expect(broad.words!.tookMs).toBeGreaterThanOrEqual(0);
    const narrow = await preview({ system, what: { kind: 'block', phrases: ['zebra crossing'] } });
    expect(narrow.words).toMatchObject({ hits: 0, secondLook: false, examples: [] });
    expect((await preview({ system, what: { kind: 'disable' } })).words).toBeNull();
  });

  it('reads a sample where there is a lot, evenly over the hour, and says so', async () => {
    const system = await aSystem('busy');
    for (let part = 0; part < 4; part += 1) {
      await send(...Array.from({ length: 400 }, (_, i) => asked(system, { feature: i < 100 ? 'orders' : 'answers' })));
      await world.advance('12m');
    }
    const { reach } = await preview({ system, what: { kind: 'disable', feature: 'orders' } });
    expect(reach).toMatchObject({ sampled: true, requests: 1_600 });
    expect(reach!.looked).toBeLessThanOrEqual(610);
    expect(reach!.parts.feature!.reduce((sum, each) => sum + each.requests, 0)).toBe(1_600);
  });

  it('names other holds on the same thing with their incidents', async () => {
    const system = await aSystem('held-twice');
    const what = { kind: 'disable', feature: 'answers' } as const;
    const { incident } = await ana.client.call(incidents.declare, { body: { title: 'First', systems: [system] } });
    const hold = await ana.client.call(containment.order, {
      params: { incident: incident.id },
      body: { system, what, reason: 'it lies' },
    });
    const { others, already } = await preview({ system, what: { kind: 'review', feature: 'answers' } });
    expect(others).toEqual([
      {
        hold: hold.hold,
        label: hold.label,
        incident: incident.id,
        incidentLabel: incident.label,
        says: 'disable answers',
      },
    ]);
    expect(already).toBeNull();
    expect((await preview({ system, what: { kind: 'review', feature: 'orders' } })).others).toEqual([]);
  });
});

describe('an order with a preview', () => {
  it('is refused where the reach changed since, and says how', async () => {
    const system = await aSystem('changing');
    const { incident } = await ana.client.call(incidents.declare, { body: { title: 'It lies', systems: [system] } });
    const order = (ifPreview: string, what: object) =>
      ana.client.call(containment.order, {
        params: { incident: incident.id },
        body: { system, what: what as never, reason: 'it lies', ifPreview },
      });
    const what = { kind: 'disable', feature: 'answers' } as const;
    await send(...Array.from({ length: 10 }, () => asked(system, { feature: 'orders' })));
    const { mark } = await preview({ system, what });
    expect(await refused(order('not-a-mark', what))).toBe('request.invalid');
    await send(...Array.from({ length: 100 }, () => asked(system)));
    await expect(order(mark, what)).rejects.toMatchObject({
      code: 'hold.reach-changed',
      status: 409,
      detail: expect.stringContaining('would meet 91 % of the traffic; the preview said 0 %'),
    });
    expect(await refused(order(mark, { kind: 'disable' }))).toBe('hold.reach-changed');
    const again = await preview({ system, what });
    expect(await order(again.mark, what)).toMatchObject({ state: 'active' });
  });

  it('and no second person agrees to a pull whose reach has changed since it was asked for, without looking', async () => {
    const system = await aSystem('moved-meanwhile');
    const { incident } = await ana.client.call(incidents.declare, { body: { title: 'It lies', systems: [system] } });
    const what = { kind: 'disable', feature: 'answers' } as const;
    const params = { incident: incident.id };
    const { mark } = await preview({ system, what });
    const pull = await ana.client.call(containment.askPull, {
      params,
      body: { system, what, reason: 'it lies', ifPreview: mark },
    });
    expect(pull.preview).toBe(mark);
    await send(...Array.from({ length: 100 }, () => asked(system)));
    const ben = await world.person('Ben Looks', ['lead']);
    const agree = (body: object = {}) =>
      ben.client.call(containment.approvePull, {
        params: { ...params, pull: pull.pull },
        body: { change: pull.change, ...body },
      });
    expect(await refused(agree())).toBe('hold.reach-changed');
    expect(await agree({ ifPreview: (await preview({ system, what })).mark })).toMatchObject({ state: 'active' });
  });
});

describe('what is recommended', () => {
  it('works where nothing can be stopped: by hand, and by whom', async () => {
    const system = await aSystem('unguarded', { owner: 'Support engineering' });
    await ana.client.call(roleDirectory.seat, {
      params: { role: 'technical-lead' },
      body: { primary: ben.id as `usr_${string}`, secondary: null },
    });
    const it = await ana.client.call(recommendation.show, { body: { system } });
    expect(it).toMatchObject({ pick: null, ladder: [], obeying: 0, because: 'Nothing can stop this from here.' });
    expect(it.byHand!.people).toEqual([{ role: 'technical-lead', title: 'technical lead', name: 'Ben Lead' }]);
    expect(it.byHand!.steps[0]).toContain('unguarded');
    expect(it.steps.map(({ answer }) => answer)).toEqual(['no', 'no', 'no']);
    // An order that nobody obeys is no reason to stop doing it by hand.
    const { incident } = await ana.client.call(incidents.declare, { body: { title: 'It fails', systems: [system] } });
    await ana.client.call(containment.order, {
      params: { incident: incident.id },
      body: { system, what: { kind: 'disable' }, typed: system, reason: 'It must stop' },
    });
    const after = await ana.client.call(recommendation.show, { body: { system, incident: incident.id } });
    expect(after.byHand?.people).toEqual(it.byHand!.people);
    expect(after.because).toContain('is not confirmed');
    expect(await refused(ana.client.call(recommendation.show, { body: {} }))).toBe('recommendation.no-system');
    expect(await refused(ana.client.call(recommendation.show, { body: { system: 'nobody' } }))).toBe('system.unknown');
    expect(await refused(ana.client.call(recommendation.show, { body: { incident: 'INC-1999-0001' } }))).toBe(
      'incident.unknown',
    );
    expect(await refused(ana.client.call(recommendation.show, { body: { candidate: 'cnd_none' } }))).toBe(
      'candidate.unknown',
    );
  });
});

describe('what is recommended, with somebody who obeys', () => {
  beforeAll(async () => {
    await leave();
    await enter({ listen: true });
  });

  it('answers from what signals and versions say, weighs it, and records what was taken', async () => {
    const system = await aSystem('advised');
    const guard = await guarded(system);
    const candidate = await aCandidate(system);
    const first = await ana.client.call(recommendation.show, {
      body: { candidate, archetype: 'misinformation-cascade' },
    });
    expect(first).toMatchObject({ feature: 'answers', featureFrom: 'candidate', pick: 'roll-back-prompt', obeying: 1 });
    expect(first.steps[0]).toMatchObject({ question: 'roll-back', answer: 'yes' });
    const back = first.ladder.find(({ lever }) => lever === 'roll-back-prompt')!;
    expect(back).toMatchObject({
      readiness: 'at-hand',
      says: 'roll back prompt v41 → v40 for answers',
      prevents: { share: 0.7, says: 'most of it' },
    });
    expect(back.meets!.perHour).toBeGreaterThanOrEqual(6);
    expect(back.weighed.breakEven).toBeNull();
    expect(back.weighed.unknown).toContain('What an hour of harm costs.');
    expect(first.byHand).toBeNull();

    const { incident } = await ana.client.call(incidents.declare, {
      body: { title: 'It invents a limit', systems: [system], candidate, archetype: 'misinformation-cascade' },
    });
    const worth = { lossPerHour: 1_000, costPerRequest: 2, needless: 100, hours: 2 };
    const second = await ana.client.call(recommendation.show, { body: { incident: incident.label, worth } });
    const weighed = second.ladder.find(({ lever }) => lever === second.pick)!.weighed;
    expect(weighed.loss).toBe(2_000);
    expect(weighed.breakEven).toBeCloseTo((weighed.cost! + 100) / (2_000 * 0.7 + 100), 9);
    expect(weighed.says).toMatch(/^Worth it if you believe harm is likelier than about \d+ %\.$/);

    const { mark } = await preview({ system, what: back.what! });
    const hold = await ana.client.call(containment.order, {
      params: { incident: incident.id },
      body: {
        system,
        what: back.what!,
        reason: 'it invents a limit',
        ifPreview: mark,
        chosen: {
          archetype: second.archetype,
          taken: 'roll-back-prompt',
          recommended: second.pick,
          offered: second.ladder.map(({ lever }) => lever),
          worth: second.worth,
          prevented: 0.7,
          breakEven: weighed.breakEven,
        },
      },
    });
    const { facts } = await ana.client.call(warRoom.facts, { params: { incident: incident.id }, query: {} });
    expect(facts.filter(({ type }) => type.startsWith('containment.')).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['containment.ordered', 'containment.chosen']),
    );
    expect(facts.find(({ type }) => type === 'containment.chosen')!.data).toMatchObject({
      hold: hold.hold,
      taken: 'roll-back-prompt',
      recommended: 'roll-back-prompt',
      worth,
      preview: mark,
    });
    await until('the guard obeys', () => guard.check({ feature: 'answers', prompt: 'v41' }).to?.prompt === 'v40');

    const third = await ana.client.call(recommendation.show, { body: { incident: incident.label } });
    expect(third).toMatchObject({ present: 'roll-back-prompt', worth, worthFrom: { label: incident.label } });
    expect(third.taken[0]).toEqual({ lever: 'roll-back-prompt', times: 1 });
    expect(third.next).toBe('stop');
    expect(third.ladder.find(({ lever }) => lever === 'roll-back-prompt')!.held).toMatchObject({ label: hold.label });
  });
});
