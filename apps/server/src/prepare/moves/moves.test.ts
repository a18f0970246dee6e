import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { moves } from '@firebreak/contract/prepare/moves';
import { playbooks } from '@firebreak/contract/prepare/playbooks';
import { roleDirectory } from '@firebreak/contract/prepare/role-directory';
import { rubric } from '@firebreak/contract/prepare/rubric';
import { containment } from '@firebreak/contract/respond/containment';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('the three moves', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  const look = () => world.ana.client.call(moves.show, {});
  const lacking = async () =>
    (await look()).moves.flatMap(({ items }) => items.filter((it) => it.needed && !it.done).map(({ item }) => item));
  const call: World['ana']['client']['call'] = (endpoint, given) => world.ana.client.call(endpoint, given);

  it('are open on an empty installation', async () => {
    expect(await look()).toMatchObject({
      moves: [{ done: false }, { done: false }, { done: false }],
      systems: 0,
      entry: null,
      riskiest: null,
      playbook: null,
    });
  });

  it('are made by the facts of others, one after the other, whoever records them', async () => {
    const { current } = await call(rubric.accept, { body: { version: 1 } });
    expect(current).toMatchObject({ version: 1, by: world.ana.id });
    await expect(call(rubric.accept, { body: { version: 2 } })).rejects.toMatchObject({
      code: 'rubric.changed-meanwhile',
    });
    expect(await lacking()).toEqual(['system', 'playbook']);

    await call(inventory.register, {
      body: { key: 'support-bot', name: 'Support bot', type: 'generative', owner: 'Support', population: 'Customers' },
    });
    expect(await lacking()).toEqual([
      'purpose',
      'architecture',
      'autonomy',
      'features',
      'logging',
      'control',
      'playbook',
    ]);
    await call(inventory.describe, {
      params: { system: 'support-bot' },
      body: {
        name: 'Support bot',
        type: 'generative',
        owner: 'Support',
        population: 'Customers',
        purpose: 'Answers customers',
        architecture: 'rag',
        autonomy: 'suggests',
        logging: 'interactions',
      },
    });
    await call(inventory.addFeature, {
      params: { system: 'support-bot', feature: 'answers' },
      body: { name: 'Answers' },
    });
    await call(containment.declareControl, {
      params: { system: 'support-bot' },
      body: { name: 'Stop it', what: { kind: 'disable' } },
    });
    const mapped = await look();
    expect(mapped.moves.map(({ done }) => done)).toEqual([true, true, false]);
    expect(mapped.riskiest).toMatchObject({
      key: 'support-bot',
      reasons: ['people meet it: Customers', 'nobody has assessed its risk class', 'no guardrail is on'],
      failures: [
        { archetype: 'misinformation-cascade', playbook: { key: 'misinformation-cascade.generative', own: false } },
        { archetype: 'prompt-injection' },
        { archetype: 'data-exfiltration' },
      ],
    });

    const key = 'misinformation-cascade.generative';
    const { playbook } = await call(playbooks.show, { params: { playbook: key }, query: {} });
    await call(playbooks.save, {
      params: { playbook: key },
      body: { content: playbook.content, because: 'Our first' },
    });
    const { playbook: own } = await look();
    expect(own?.roles).toContain('commander');
    expect(await lacking()).toEqual(['roles']);
    for (const role of own!.roles)
      await call(roleDirectory.seat, { params: { role }, body: { primary: world.ana.id as `usr_${string}` } });
    expect((await look()).moves.map(({ done }) => done)).toEqual([true, true, true]);
  });

  it('hear the first interaction, and forget nothing when the playbook is retired', async () => {
    const heard = async () => (await look()).moves[1]!.items.find(({ item }) => item === 'heard');
    expect(await heard()).toMatchObject({ done: false, needed: false });
    const program = await world.program('telemetry:write');
    await program.call(signals.sendInteractions, { body: { system: 'support-bot', input: 'Hello', output: 'Hi' } });
    await world.advance('5s');
    expect(await heard()).toMatchObject({ done: true });
    expect((await look()).entry).toMatchObject({ key: 'support-bot', heardAt: expect.any(String) });
    await call(playbooks.retire, {
      params: { playbook: 'misinformation-cascade.generative' },
      body: { reason: 'replaced' },
    });
    expect((await look()).moves.map(({ done }) => done)).toEqual([true, true, false]);
    await call(inventory.retire, { params: { system: 'support-bot' }, body: { reason: 'gone' } });
    expect(await look()).toMatchObject({ systems: 0, entry: null, riskiest: null });
  });
});
