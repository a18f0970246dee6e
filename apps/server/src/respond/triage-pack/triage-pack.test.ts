import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { incidents } from '@firebreak/contract/respond/incidents';
import { triagePack } from '@firebreak/contract/respond/triage-pack';
import { foldContext } from '@firebreak/core/respond/triage-pack';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadStream } from '../../platform/index.ts';

const HELP = [{ id: 'devices', title: 'Devices', text: 'You can use up to five devices with one subscription.' }];
const GOOD = 'You can use up to five devices with one subscription.';
const BAD = 'Each subscription is limited to one device.';

describe('the triage pack', () => {
  let world: World;
  let sender: Awaited<ReturnType<World['program']>>;
  let count = 0;
  const answer = (system: string, output: string, prompt: string) => ({
    id: `i-${++count}`,
    system,
    feature: 'policy-answers',
    versions: { model: 'm-1', prompt },
    subject: `u-${count % 40}`,
    input: 'How many devices may I use?',
    output,
    retrieved: HELP,
    toolCalls: output === BAD ? [{ id: 't', name: 'send_mail', arguments: '{}', result: 'ok' }] : [],
  });
  const send = (body: ReturnType<typeof answer>[]) => sender.call(signals.sendInteractions, { body });
  const candidateOf = async (system: string) =>
    (await sender.call(candidates.listCandidates, { query: { system } })).items[0]!;

  beforeAll(async () => {
    world = await openWorld();
    sender = await world.program('telemetry:write', 'signals:write', 'feedback:write', 'read');
  });
  afterAll(() => world.close());

  it('is there by itself with a candidate: what changed, where it began, whom it reached, what is unknown', async () => {
    const { ana } = world;
    await ana.client.call(inventory.register, {
      body: { key: 'bot', name: 'Support bot', type: 'generative', owner: 'Support team', features: [] },
    });
    const deploy = (prompt: string) =>
      ana.client.call(inventory.deploy, {
        params: { system: 'bot' },
        body: { deployment: 'production', versions: { model: 'm-1', prompt }, note: `prompt ${prompt}` },
      });
    await ana.client.call(inventory.register, { body: { key: 'crm', name: 'CRM', type: 'predictive', features: [] } });
    const depend = (system: string, body: object) =>
      ana.client.call(systemParts.declareDependency, { params: { system }, body: { on: 'crm', ...body } });
    await depend('bot', { direction: 'down', kind: 'service', on: 'send_mail' });
    await depend('bot', { direction: 'down', flow: 'writes' });
    await depend('crm', {
      direction: 'down',
      kind: 'service',
      on: 'billing',
      flow: 'feeds',
      approval: 'the billing desk',
    });
    await depend('bot', { direction: 'up', kind: 'data', on: 'help pages', flow: 'feeds' });
    await deploy('v41');
    for (let minute = 0; minute < 20; minute++) {
      await send(Array.from({ length: 6 }, () => answer('bot', GOOD, 'v41')));
      await world.advance('1m');
    }
    await deploy('v42');
    await world.advance('1m');
    for (let minute = 0; minute < 4; minute++) {
      await send([...Array.from({ length: 3 }, () => answer('bot', BAD, 'v42')), answer('bot', GOOD, 'v42')]);
      await world.settle();
      await world.advance('1m');
    }
    await world.settle();
    const candidate = await candidateOf('bot');
    const pack = await sender.call(triagePack.ofCandidate, { params: { candidate: candidate.id } });
    expect(pack).toMatchObject({
      candidate: candidate.id,
      system: { key: 'bot', owner: 'Support team' },
      archetype: 'misinformation-cascade',
      playbook: { id: 'misinformation-cascade.generative' },
      scope: { feature: 'policy-answers', versions: { prompt: ['v42'] } },
    });
    expect(pack.suspects[0]).toMatchObject({ kind: 'prompt', from: 'v41', to: 'v42', minutesBefore: 1, named: true });
    expect(pack.onset).toMatchObject({ before: { bad: 0, all: 120 }, after: { bad: 12, all: 16 } });
    const figures = Object.fromEntries(pack.blast.map((it) => [it.of, [it.value, it.sureness]]));
    expect(figures).toMatchObject({
      requests: [16, 'counted'],
      'same-version': [16, 'counted'],
      affected: [12, 'at-least'],
      'people-affected': [12, 'at-least'],
      actions: [12, 'counted'],
    });
    expect(pack.blast.find((it) => it.of === 'actions')!.how).toContain('send_mail ×12');
    expect(
      pack.downstream.nodes.map(({ name, depth, label, count, approval }) => [name, depth, label, count, approval]),
    ).toEqual([
      ['CRM', 1, 'derived', null, ''],
      ['send_mail', 1, 'measured', 12, ''],
      ['billing', 2, 'derived', null, 'the billing desk'],
    ]);
    expect(figures.downstream).toEqual([2, 'at-least']);
    expect(pack.missing.join(' ')).toContain('No user has complained yet');
    const facts = await loadStream(world.server.deps.db, candidate.id);
    expect(facts.filter((it) => it.type === 'context.assembled')).toHaveLength(1);
    expect(foldContext(facts)).toMatchObject({ suspects: 3, afterMs: pack.timeToContextMs });

    const { incident } = await ana.client.call(incidents.declare, {
      body: { title: 'Invents a device rule', candidate: candidate.id, systems: ['bot'] },
    });
    const later = await ana.client.call(triagePack.ofIncident, { params: { incident: incident.label } });
    expect(later).toMatchObject({ incident: incident.id, candidate: candidate.id });
    expect(later.timeToContextMs).toBe(pack.timeToContextMs);
  });

  it('takes a sample with limits where there is too much to look at one by one', async () => {
    for (let batch = 0; batch < 5; batch++) {
      await send(
        Array.from({ length: 500 }, (_, i) => answer('crowd', i % 4 === 0 ? BAD : GOOD, i % 2 === 0 ? 'v2' : 'v1')),
      );
      await world.settle();
    }
    await send(Array.from({ length: 100 }, () => answer('crowd', GOOD, 'v1')));
    await world.settle();
    const pack = await sender.call(triagePack.ofCandidate, { params: { candidate: (await candidateOf('crowd')).id } });
    const same = pack.blast.find((it) => it.of === 'same-version')!;
    expect(same).toMatchObject({ sureness: 'sampled' });
    expect(same.limits!.lower).toBeLessThanOrEqual(1_250);
    expect(same.limits!.upper).toBeGreaterThanOrEqual(1_250);
    expect(pack.system).toBeNull();
    expect(pack.missing.join(' ')).toContain('not in the inventory');
  });

  it('is there for an incident nobody has signals of, and says what is not captured', async () => {
    const { incident } = await world.ana.client.call(incidents.declare, { body: { title: 'A caller says it lies' } });
    await world.settle();
    const pack = await world.ana.client.call(triagePack.ofIncident, { params: { incident: incident.label } });
    expect(pack.candidate).toBeNull();
    expect(pack.blast.every((it) => it.sureness === 'not-captured' && it.value === null)).toBe(true);
    expect(pack.flags.every((it) => it.is === 'unknown')).toBe(true);
    expect(pack.missing.join(' ')).toContain('declared without a candidate');
    expect(pack.timeToContextMs).not.toBeNull();
  });

  it('says which candidate or incident there is not', async () => {
    const { client } = world.ana;
    await expect(
      client.call(triagePack.ofCandidate, { params: { candidate: 'cnd_00000000000000000000000000' } }),
    ).rejects.toMatchObject({ code: 'candidate.unknown' });
    await expect(client.call(triagePack.ofIncident, { params: { incident: 'INC-1999-0001' } })).rejects.toMatchObject({
      code: 'incident.unknown',
    });
  });
});
