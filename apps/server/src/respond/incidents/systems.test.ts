import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { evidence } from '@firebreak/contract/prove/evidence';
import { accumulation } from '@firebreak/contract/respond/accumulation';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { recommendation } from '@firebreak/contract/respond/recommendation';
import { tasks } from '@firebreak/contract/respond/tasks';
import { triagePack } from '@firebreak/contract/respond/triage-pack';
import { vendorIncidents } from '@firebreak/contract/respond/vendor-incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { BUNDLE_FILES } from '@firebreak/core/evidence';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const mild = { harm: 1, reach: 1, data: 0, regulatory: 0, autonomy: 0, control: 1 };

describe('the systems of an incident, named late', () => {
  let world: World;
  let rae: Someone;
  beforeAll(async () => {
    world = await openWorld();
    rae = await world.person('Rae Responder', ['responder']);
    const { client } = world.ana;
    for (const [key, type] of [
      ['bot', 'generative'],
      ['desk', 'voice'],
      ['shop', 'generative'],
    ] as const)
      await client.call(inventory.register, {
        body: { key, name: `The ${key}`, type, owner: `${key} team`, features: [{ key: 'policy', name: 'Policy' }] },
      });
  });
  afterAll(() => world.close());

  const declare = async (body: object = {}) => {
    const { incident } = await rae.client.call(incidents.declare, { body: { title: 'It lies', ...body } });
    await world.settle();
    return incident;
  };
  const name = async (incident: string, systems: string[], reason = '') => {
    const named = await rae.client.call(incidents.systems, { params: { incident }, body: { systems, reason } });
    await world.settle();
    return named.incident;
  };
  const refused = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
  const labels = async (system: string) =>
    (await rae.client.call(incidents.list, { query: { system } })).incidents.map(({ label }) => label);
  const factsOf = async (incident: string) =>
    (await rae.client.call(warRoom.facts, { params: { incident }, query: {} })).facts;
  const packOf = (incident: string) => rae.client.call(triagePack.ofIncident, { params: { incident } });
  const bundled = async (incident: string) => {
    const response = await world.send('GET', evidence.bundlePath(incident), { headers: { cookie: rae.cookie } });
    const file = unzipSync(new Uint8Array(await response.arrayBuffer()))[BUNDLE_FILES.facts]!;
    const lines = new TextDecoder().decode(file).trim().split('\n');
    return lines
      .map((line) => JSON.parse(line).record)
      .filter(({ type }) => type === 'system.registered')
      .map(({ data }) => data.key);
  };

  it('are in lists, triage, recommendation and evidence from then on, and the list before is left', async () => {
    const { label } = await declare();
    const before = await packOf(label);
    expect(before).toMatchObject({
      system: null,
      missing: expect.arrayContaining([expect.stringMatching(/is named/)]),
    });
    expect(await bundled(label)).toEqual([]);

    expect((await name(label, ['shop'], 'it was in the shop')).systems).toEqual(['shop']);
    expect(await bundled(label)).toEqual(['shop']);
    expect((await name(label, ['desk', 'bot'], 'no, the caller says the desk')).systems).toEqual(['desk', 'bot']);
    expect(await labels('shop')).toEqual([]);
    expect(await labels('desk')).toEqual([label]);
    expect(await labels('bot')).toEqual([label]);
    const after = await packOf(label);
    expect(after).toMatchObject({ system: { key: 'desk', owner: 'desk team' }, scope: { system: 'desk' } });
    expect(after.missing.join()).not.toMatch(/is named/);
    const asked = { body: { incident: label } };
    expect(await rae.client.call(recommendation.show, asked)).toMatchObject({
      system: { key: 'desk' },
      systems: ['bot'],
    });
    expect((await bundled(label)).sort()).toEqual(['bot', 'desk']);
    expect((await factsOf(label)).findLast(({ type }) => type === 'incident.systems-named')).toMatchObject({
      type: 'incident.systems-named',
      by: { id: rae.id },
      data: { from: ['shop'], to: ['desk', 'bot'], reason: 'no, the caller says the desk' },
    });

    const count = (await factsOf(label)).length;
    await name(label, ['desk', 'bot'], 'again');
    expect(await factsOf(label)).toHaveLength(count);
  });

  it('are named by whoever writes in the room, of an incident that is not closed', async () => {
    const { label } = await declare({ systems: ['bot'] });
    const sam = await world.person('Sam Reporter', ['reporter']);
    const as = (someone: Someone, incident: string, systems: string[]) =>
      refused(someone.client.call(incidents.systems, { params: { incident }, body: { systems } }));
    expect(await as(sam, label, [])).toBe('authority.missing');
    expect(await as(rae, 'INC-1999-0001', [])).toBe('incident.unknown');
    const many = Array.from({ length: 51 }, (_, n) => `bot-${n}`);
    expect(await as(rae, label, many)).toBe('request.invalid');
    const move = (to: 'closed' | 'open') =>
      world.ana.client.call(incidents.move, { params: { incident: label }, body: { to, reason: 'tried' } });
    await move('closed');
    expect(await as(rae, label, ['shop'])).toBe('incident.closed');
    await move('open');
    expect(await as(rae, label, ['shop'])).toBe('done');
  });

  it('stay while the incident holds them, and stay in its evidence when they are taken away', async () => {
    const { id, label } = await declare({ systems: ['bot', 'shop'] });
    const { hold } = await rae.client.call(containment.order, {
      params: { incident: label },
      body: { system: 'bot', what: { kind: 'disable', feature: 'policy' }, reason: 'it invents rules' },
    });
    const attempt = () =>
      rae.client.call(incidents.systems, { params: { incident: label }, body: { systems: ['shop'] } });
    await expect(attempt()).rejects.toMatchObject({
      code: 'incident.system-held',
      status: 409,
      detail: expect.stringContaining('HLD-'),
    });
    expect((await name(label, ['bot'])).systems).toEqual(['bot']);
    await name(label, ['bot', 'shop']);
    const lead = await world.person('Lee Lead', ['lead']);
    await lead.client.call(containment.lift, { params: { incident: id, hold }, body: { reason: 'it was the shop' } });
    expect((await attempt()).incident.systems).toEqual(['shop']);
    expect((await bundled(label)).sort()).toEqual(['bot', 'shop']);
  });

  it('let small incidents add up, and no longer where they are of another system', async () => {
    const open = async () => (await rae.client.call(accumulation.list, { query: {} })).proposals;
    const three = [];
    for (const title of ['Wrong fee', 'Wrong price', 'Wrong rebate'])
      three.push(await declare({ title, axes: mild, archetype: 'misinformation-cascade' }));
    expect(await open()).toEqual([]);
    for (const { label } of three) await name(label, ['shop']);
    expect(await open()).toMatchObject([{ system: 'shop', children: [{}, {}, {}] }]);
    await name(three[0]!.label, ['bot']);
    expect(await open()).toEqual([]);
  });

  it('bring the playbook of their type, where nobody has worked by the one that was opened for none', async () => {
    const playbook = async (incident: string) =>
      (await rae.client.call(tasks.list, { params: { incident } })).playbook?.key;
    const opened = async (incident: string) =>
      (await factsOf(incident)).filter(({ type }) => type === 'playbook.opened').length;
    const { label } = await declare({ archetype: 'prompt-injection' });
    const general = await playbook(label);
    expect(general).not.toBe('prompt-injection.voice');
    await name(label, ['desk']);
    expect(await playbook(label)).toBe('prompt-injection.voice');
    await name(label, ['desk', 'bot']);
    expect(await opened(label)).toBe(2);

    const { label: begun } = await declare({ archetype: 'prompt-injection' });
    const step = (await rae.client.call(tasks.list, { params: { incident: begun } })).tasks[0]!.key;
    await rae.client.call(warRoom.tick, { params: { incident: begun, step }, body: { done: true } });
    await name(begun, ['desk']);
    expect(await playbook(begun)).toBe(general);

    const { label: chosen } = await declare({ archetype: 'prompt-injection' });
    await rae.client.call(tasks.open, { params: { incident: chosen }, body: { archetype: 'vendor-outage' } });
    const theirs = await playbook(chosen);
    await name(chosen, ['desk']);
    expect(await playbook(chosen)).toBe(theirs);
  });

  it('leave the signals of a candidate with its own system', async () => {
    const sender = await world.program('telemetry:write', 'read');
    await sender.call(signals.sendInteractions, {
      body: {
        id: 'i-1',
        system: 'shop',
        feature: 'policy',
        versions: { prompt: 'v7' },
        input: 'How many devices may I use?',
        output: 'Each subscription is limited to one device.',
        retrieved: [{ id: 'd', title: 'Devices', text: 'You can use up to five devices with one subscription.' }],
      },
    });
    await world.settle();
    const { items } = await sender.call(candidates.listCandidates, { query: { system: 'shop' } });
    const { label } = await declare({ candidate: items[0]!.id });
    expect(await packOf(label)).toMatchObject({
      system: { key: 'shop' },
      scope: { feature: 'policy', versions: { prompt: ['v7'] } },
    });
    await name(label, ['bot', 'shop']);
    expect(await packOf(label)).toMatchObject({ system: { key: 'shop' }, scope: { feature: 'policy' } });
    await name(label, ['bot']);
    expect(await packOf(label)).toMatchObject({
      system: { key: 'bot' },
      scope: { system: 'bot', feature: null, versions: { prompt: [] } },
      missing: expect.arrayContaining([expect.stringContaining('Its signals are of shop')]),
    });
    expect(await rae.client.call(recommendation.show, { body: { incident: label } })).toMatchObject({
      system: { key: 'bot' },
    });
    await expect(rae.client.call(vendorIncidents.ofIncident, { params: { incident: label } })).resolves.toBeDefined();
  });
});
