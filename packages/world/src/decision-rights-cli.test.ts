import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../apps/cli/src/run.ts';
import { openWorld, type Someone, type World } from './index.ts';

describe('decision rights in a terminal', () => {
  let world: World;
  let ben: Someone;
  let key: string;
  let label: string;
  beforeAll(async () => {
    world = await openWorld({ listen: true });
    ben = await world.person('Ben Lead', ['lead']);
    await world.person('Cem Responder', ['responder']);
    const { client } = world.ana;
    await client.call(inventory.register, {
      body: { key: 'bot', name: 'Bot', type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
    });
    await client.call(containment.declareControl, {
      params: { system: 'bot' },
      body: { name: 'Stop', what: { kind: 'disable', feature: 'answers' } },
    });
    label = (await client.call(incidents.declare, { body: { title: 'it lies', systems: ['bot'] } })).incident.label;
    key = (await world.program('admin')).key;
  });
  afterAll(() => world.close());

  async function firebreak(...args: string[]) {
    let out = '';
    let err = '';
    const exit = await run(['node', 'firebreak', ...args], {
      out: { write: (text) => (out += text), isTTY: true },
      err: { write: (text) => (err += text) },
      env: { FIREBREAK_URL: world.url, FIREBREAK_KEY: key, FIREBREAK_PASSWORD: ben.password },
    });
    return { exit, out, err };
  }
  const set = (...args: string[]) =>
    firebreak('rights', 'set', 'Stop', '--system', 'bot', '--reason', 'agreed', ...args);

  it('are shown and changed, and what is wrong is said', async () => {
    expect((await firebreak('rights', 'show', 'bot')).out).toMatch(/wide .*lead or administrator/);
    expect((await set('--second', 'before:10', '--approve', 'lead')).out).toMatch(/Stop .*before, 10 min/);
    for (const [given, says] of [
      [['--pull', 'wizard'], '“wizard” is no role'],
      [['--second', 'soon'], 'write before:10'],
      [['--fresh', 'now'], 'not a number of minutes'],
      [['--approve', 'responder'], 'cannot do this'],
    ] as const) {
      const wrong = await set(...given);
      expect([wrong.exit, wrong.err]).toEqual([2, expect.stringContaining(says)]);
    }
    expect((await firebreak('rights', 'set', 'Nothing', '--system', 'bot', '--reason', 'r')).err).toContain('no row');
  });

  it('a pull waits, is agreed to, and the glass is broken by a person and put back', async () => {
    const asked = await firebreak('contain', 'Stop', '--system', 'bot', '--incident', label, '--reason', 'lies');
    expect(asked.out).toContain('Nothing changes until a second person agrees');
    const list = await firebreak('approvals', 'list', '--incident', label, '--as', ben.email);
    const [id] = /pul_\S+/.exec(list.out)!;
    expect((await firebreak('approvals', 'approve', id)).err).toContain('You asked for this pull');
    expect((await firebreak('approvals', 'approve', id, '--as', ben.email)).out).toContain('Agreed: pull');
    expect((await firebreak('approvals', 'approve', id)).err).toContain('Nothing waits');
    const broke = ['break-glass', 'restore', 'HLD-1', '--reason', 'patients wait', '--as'];
    expect((await firebreak(...broke, ben.email)).err).toContain('You may not break the glass');
    expect((await firebreak(...broke, world.ana.email)).out).toContain('lets everybody go until');
    const [glass] = /gls_\S+/.exec((await firebreak('break-glass', 'list')).out)!;
    expect((await firebreak('break-glass', 'end', glass, '--reason', 'again')).out).toContain('holds everybody again');
    expect((await firebreak('break-glass', 'end', 'gls_none', '--reason', 'r')).exit).toBe(2);
    expect((await firebreak('holds', 'lift', 'HLD-1', '--reason', 'mended', '--as', ben.email)).out).toContain(
      'lifted',
    );
    expect((await firebreak('rights', 'reset', 'Stop', '--system', 'bot', '--reason', 'over')).out).not.toContain(
      '10 min',
    );
  });
});
