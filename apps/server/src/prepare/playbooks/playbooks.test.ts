import { playbooks } from '@firebreak/contract/prepare/playbooks';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const step = (key: string, text = `Do ${key}`) => ({ key, phase: 'contain' as const, text });
const content = (...keys: string[]) => ({
  name: 'Ours',
  archetype: 'prompt-injection' as const,
  systemType: 'agent' as const,
  steps: keys.map((key) => step(key)),
});

describe('playbooks', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  const call = () => world.ana.client;
  const save = (playbook: string, body: object) =>
    call().call(playbooks.save, { params: { playbook }, body: { because: 'tried in a drill', ...body } as never });
  const show = (playbook: string, version?: number) =>
    call().call(playbooks.show, { params: { playbook }, query: { ...(version && { version }) } });

  it('come with the product, for every archetype', async () => {
    const { playbooks: rows } = await call().call(playbooks.list, {});
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.every((row) => !row.own && row.version === 1)).toBe(true);
    const { playbook } = await show('data-exfiltration.generative');
    expect(playbook.content.steps.length).toBeGreaterThan(20);
    await expect(show('nonsense')).rejects.toMatchObject({ code: 'playbook.unknown', status: 404 });
    await expect(show('data-exfiltration.generative', 2)).rejects.toMatchObject({ code: 'playbook.unknown' });
  });

  it('become one’s own when changed, with the shipped one as version 1 and a difference to it', async () => {
    const key = 'vendor-failure.voice';
    const { playbook: shipped } = await show(key);
    const steps = [...shipped.content.steps.slice(1), step('call-the-desk')];
    const { playbook } = await save(key, { content: { ...shipped.content, steps }, from: 1 });
    expect(playbook).toMatchObject({ own: true, version: 2, edition: shipped.edition });
    const diff = await call().call(playbooks.diff, { params: { playbook: key }, query: { from: 1, to: 2 } });
    expect(diff.steps.map(({ change, key: of }) => [change, of])).toEqual([
      ['added', 'call-the-desk'],
      ['removed', 'commander'],
    ]);
    await expect(save(key, { content: content('xx'), from: 1 })).rejects.toMatchObject({
      code: 'playbook.changed-meanwhile',
      status: 409,
    });
    const { playbooks: rows } = await call().call(playbooks.list, {});
    expect(rows.filter((row) => row.key === key)).toMatchObject([{ own: true, version: 2 }]);
    await call().call(playbooks.retire, { params: { playbook: key }, body: { reason: 'tried' } });
    expect((await show(key)).playbook).toMatchObject({ own: false, version: 1 });
    await expect(
      call().call(playbooks.retire, { params: { playbook: key }, body: { reason: 'again' } }),
    ).rejects.toMatchObject({ code: 'playbook.unknown' });
  });

  it('changes nothing when the same is saved again, and gives a key to one only', async () => {
    const both = await Promise.allSettled([
      save('ours', { content: content('aa') }),
      save('ours', { content: content('bb') }),
    ]);
    expect(both).toContainEqual({
      status: 'rejected',
      reason: expect.objectContaining({ code: 'playbook.key-taken', status: 409 }),
    });
    const { playbook } = await show('ours');
    const before = world.server.deps.feed.seq;
    await save('ours', { content: playbook.content });
    expect(world.server.deps.feed.seq).toBe(before);
    await expect(save('ours', { content: content('aa', 'aa') })).rejects.toMatchObject({
      code: 'playbook.bad-step',
      status: 422,
      errors: [{ pointer: '/steps/1/key', detail: expect.stringContaining('share the key') }],
    });
    await expect(
      save('ours', { content: { ...content(), steps: [{ ...step('aa'), doneBy: 'magic' }] } }),
    ).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });

  it('needs the right to change them', async () => {
    const viewer = await world.person('Vera', ['viewer']);
    await expect(
      viewer.client.call(playbooks.save, {
        params: { playbook: 'hers' },
        body: { content: content('aa'), because: 'x' },
      }),
    ).rejects.toMatchObject({ code: 'authority.missing' });
  });
});

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const file = (command: string, modified = '2026-11-20T12:00:00.000Z') => ({
  type: 'playbook',
  spec_version: 'cacao-2.0',
  id: `playbook--${uuid(1)}`,
  name: 'Close the valve',
  created_by: `identity--${uuid(2)}`,
  created: '2026-11-20T12:00:00.000Z',
  modified,
  workflow_start: `start--${uuid(3)}`,
  workflow: {
    [`start--${uuid(3)}`]: { type: 'start', on_completion: `action--${uuid(4)}` },
    [`action--${uuid(4)}`]: {
      type: 'action',
      name: 'Close it',
      commands: [{ type: 'bash', command }],
      agent: `group--${uuid(5)}`,
      on_completion: `end--${uuid(6)}`,
    },
    [`end--${uuid(6)}`]: { type: 'end' },
  },
  agent_definitions: { [`group--${uuid(5)}`]: { type: 'group', name: 'crew' } },
});

describe('CACAO files', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  const read = (value: unknown, more: object = {}) =>
    world.ana.client.call(playbooks.read, {
      body: { text: typeof value === 'string' ? value : JSON.stringify(value), ...more },
    });

  it('are read, kept and written again as they were; the same file again changes nothing, a newer one is a version', async () => {
    const first = await read(file('shutdown -h now'), { archetype: 'control-failure' });
    expect(first.report).toMatchObject({ accepted: true, conforms: true, commands: { bash: 1 } });
    expect(first.playbook).toMatchObject({ key: 'close-the-valve', version: 1, archetype: 'control-failure' });
    const key = { playbook: 'close-the-valve' };
    expect(await world.ana.client.call(playbooks.write, { params: key, query: {} })).toEqual(file('shutdown -h now'));
    const before = world.server.deps.feed.seq;
    await read(file('shutdown -h now'), { archetype: 'control-failure' });
    expect(world.server.deps.feed.seq).toBe(before);
    const second = await read(file('true', '2026-11-21T12:00:00.000Z'));
    expect(second.playbook).toMatchObject({
      key: 'close-the-valve',
      version: 2,
      archetype: 'control-failure',
    });
    const { playbook } = await world.ana.client.call(playbooks.show, { params: key, query: { version: 1 } });
    expect(playbook.content.steps[0]!.commands).toEqual([{ kind: 'bash', text: 'shutdown -h now' }]);
    expect(playbook.imported?.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('are only looked at when nothing is to be kept, and refused with reasons when they do not conform', async () => {
    const before = world.server.deps.feed.seq;
    expect((await read(file('x'), { keep: false })).playbook).toBeNull();
    const broken = { ...file('x'), workflow_start: 'nowhere' };
    const strict = await read(broken);
    expect(strict).toMatchObject({ report: { accepted: false }, playbook: null });
    expect(strict.report.findings).toContainEqual({
      level: 'error',
      pointer: '/workflow_start',
      what: expect.stringContaining('start step'),
    });
    expect((await read('{')).report.findings[0]!.what).toContain('not JSON');
    expect(world.server.deps.feed.seq).toBe(before);
    expect((await read(broken, { mode: 'lenient' })).report).toMatchObject({ accepted: true, conforms: false });
  });

  it('are made of playbooks that were no files', async () => {
    const document = await world.ana.client.call(playbooks.write, {
      params: { playbook: 'prompt-injection.agent' },
      query: {},
    });
    const { report, content } = await read(document, { keep: false });
    expect(report).toMatchObject({ accepted: true, conforms: true, findings: [] });
    expect(content).toMatchObject({ archetype: 'prompt-injection', systemType: 'agent' });
  });
});
