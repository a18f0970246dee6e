import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { SYSTEMS_IN_FILE, systemsFile } from '@firebreak/contract/prepare/systems-file';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('what a system consists of', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    for (const key of ['bot', 'rag', 'crm'])
      await world.ana.client.call(inventory.register, { body: { key, name: key.toUpperCase(), type: 'generative' } });
  });
  afterAll(() => world.close());
  const call = () => world.ana.client;
  const needs = (system: string, on: string) =>
    call().call(systemParts.declareDependency, { params: { system }, body: { on } });

  it('keeps tools, guardrails, approvals and routes', async () => {
    const params = { system: 'bot' };
    await call().call(systemParts.grantTool, { params, body: { name: 'refund', permissions: ['up to 50 EUR'] } });
    await call().call(systemParts.setGuardrail, { params, body: { name: 'policy check', active: false } });
    await call().call(systemParts.routeChannel, { params, body: { channel: 'feedback', to: 'Support lead' } });
    const approval = { useCase: 'Refunds', approvedBy: 'Model board', until: '2027-11-20T00:00:00Z' };
    const { system } = await call().call(systemParts.giveApproval, { params, body: approval });
    expect(system).toMatchObject({
      tools: [{ name: 'refund', permissions: ['up to 50 EUR'] }],
      guardrails: [{ name: 'policy check', active: false }],
      routes: [{ channel: 'feedback', to: 'Support lead' }],
      approvals: [{ useCase: 'Refunds', approvedBy: 'Model board', approvedAt: world.now() }],
    });
    await expect(
      call().call(systemParts.giveApproval, { params, body: { ...approval, until: '2020-01-01T00:00:00Z' } }),
    ).rejects.toMatchObject({ code: 'approval.bad-end', status: 422 });
    const gone = await call().call(systemParts.withdrawTool, { params, body: { name: 'refund' } });
    expect(gone.system.tools).toEqual([]);
  });

  it('refuses a circle of dependencies and names it, also when two people close it together', async () => {
    await needs('bot', 'rag');
    await needs('crm', 'bot');
    await expect(needs('rag', 'crm')).rejects.toMatchObject({
      code: 'dependency.cycle',
      detail: expect.stringContaining('rag needs crm, crm needs bot, bot needs rag'),
    });
    await call().call(systemParts.dropDependency, {
      params: { system: 'bot' },
      body: { direction: 'up', kind: 'system', on: 'rag' },
    });
    const both = await Promise.allSettled([needs('bot', 'rag'), needs('rag', 'crm')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('draws what is around a system, and says which system nobody registered', async () => {
    await call().call(systemParts.declareDependency, {
      params: { system: 'bot' },
      body: { kind: 'vendor', on: 'OpenAI' },
    });
    await needs('bot', 'ghost');
    const graph = await call().call(systemParts.graph, { params: { system: 'bot' } });
    expect(graph.nodes).toEqual(
      expect.arrayContaining([
        { id: 'bot', label: 'BOT', kind: 'system', layer: 0, registered: true },
        { id: 'vendor:OpenAI', label: 'OpenAI', kind: 'vendor', layer: -1, registered: true },
        { id: 'ghost', label: 'ghost', kind: 'system', layer: -1, registered: false },
        { id: 'crm', label: 'CRM', kind: 'system', layer: 1, registered: true },
      ]),
    );
  });
});

describe('a file of systems', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  const apply = (systems: unknown[], dryRun = false) =>
    world.ana.client.call(systemsFile.apply, { body: { systems, dryRun } });

  it('says what it would do before it does it, and nothing the second time', async () => {
    const file = [
      { key: 'aa', name: 'A', type: 'agent', autonomy: 'acts-alone', tools: [{ name: 'mail', permissions: ['send'] }] },
      { key: 'bb', name: 'B', dependencies: [{ on: 'aa' }] },
    ];
    const seq = world.server.deps.feed.seq;
    expect(await apply(file, true)).toMatchObject({ dryRun: true, created: 2, problems: [] });
    expect(world.server.deps.feed.seq).toBe(seq);
    expect(await apply(file)).toMatchObject({ created: 2, changed: 0 });
    expect(await apply(file)).toMatchObject({ created: 0, changed: 0, same: 2, rows: [] });
    expect(await apply([{ key: 'aa', owner: 'Team A' }])).toMatchObject({
      changed: 1,
      rows: [{ key: 'aa', changes: [{ member: 'owner', from: '', to: 'Team A' }] }],
    });
    const { system } = await world.ana.client.call(inventory.show, { params: { system: 'aa' } });
    expect(system).toMatchObject({ owner: 'Team A', autonomy: 'acts-alone', tools: [{ name: 'mail' }] });
  });

  it('names three bad rows of very many and keeps the rest', async () => {
    const rows: unknown[] = Array.from({ length: 400 }, (_, i) => ({ key: `s-${i}`, name: `S ${i}`, owner: 'T' }));
    rows[7] = { key: 'Not A Key', name: 'x' };
    rows[200] = { key: 's-5', name: 'Twice' };
    rows[399] = { key: 's-399', name: 'S 399', colour: 'red' };
    const done = await apply(rows);
    expect(done).toMatchObject({
      created: 397,
      problems: [
        { row: 7, key: 'Not A Key', pointer: '/key' },
        { row: 200, key: 's-5', detail: expect.stringContaining('row 6') },
        { row: 399, detail: expect.stringContaining('no member “colour”') },
      ],
    });
    const { systems } = await world.ana.client.call(inventory.list, {});
    expect(systems.length).toBe(399);
  });

  it('comes out as a file that changes nothing where it came from, and makes the same elsewhere', async () => {
    await apply([
      {
        key: 'aa',
        logging: 'gateway',
        regions: ['DE'],
        guardrails: [{ name: 'filter', active: false, note: 'loose' }],
        routes: [{ channel: 'feedback', to: 'Lead' }],
      },
    ]);
    const file = await world.ana.client.call(systemsFile.show, {});
    expect(file.systems).toHaveLength(399);
    expect(file.systems.find(({ key }) => key === 'bb')).toEqual({
      key: 'bb',
      name: 'B',
      type: 'generative',
      dependencies: [{ direction: 'up', kind: 'system', on: 'aa', note: '' }],
    });
    expect(await apply(file.systems, true)).toMatchObject({ created: 0, changed: 0, same: 399, problems: [] });
    const other = await openWorld();
    await other.ana.client.call(systemsFile.apply, { body: { systems: file.systems } });
    expect(await other.ana.client.call(systemsFile.show, {})).toEqual(file);
    await other.close();
  });
});

describe('a file as long as a file may be', () => {
  it('is taken whole but for three bad rows, which are named, and comes back without a difference', async () => {
    const world = await openWorld();
    const { client } = world.ana;
    const systems: unknown[] = Array.from({ length: SYSTEMS_IN_FILE }, (_, i) => ({
      ...{ key: `sys-${i}`, name: `System ${i}`, owner: `Team ${i % 40}` },
      features: [{ key: 'answers', name: 'Answers' }],
    }));
    systems[17] = { key: 'sys-17', name: 'System 17', colour: 'red' };
    systems[5_000] = { key: 'sys-4', name: 'Once more' };
    systems[9_999] = { key: 'sys-9999', name: '' };
    const kept = { problems: [{ row: 17 }, { row: 5_000, key: 'sys-4' }, { row: 9_999, pointer: '/name' }] };
    const made = await client.call(systemsFile.apply, { body: { systems } });
    expect(made).toMatchObject({ created: SYSTEMS_IN_FILE - 3, changed: 0, ...kept });
    const again = await client.call(systemsFile.apply, { body: { systems, dryRun: true } });
    expect(again).toMatchObject({ created: 0, changed: 0, same: SYSTEMS_IN_FILE - 3, ...kept });
    await expect(
      client.call(systemsFile.apply, { body: { systems: [...systems, { key: 'one-more' }] } }),
    ).rejects.toMatchObject({ code: 'request.invalid' });
    await world.close();
  }, 180_000);
});
