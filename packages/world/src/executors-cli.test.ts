import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { executors } from '@firebreak/contract/respond/executors';
import { incidents } from '@firebreak/contract/respond/incidents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../apps/cli/src/run.ts';
import { FakeOutside } from '../../../apps/server/src/respond/executors/outside.fixture.ts';
import { openWorld, type World } from './index.ts';

describe('executors in a terminal', () => {
  let world: World;
  let outside: FakeOutside;
  let folder: string;
  let keys: { admin: string; runner: string };
  let control: `ctl_${string}`;
  let incident: string;

  beforeAll(async () => {
    outside = await new FakeOutside().open();
    world = await openWorld({ listen: true, env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.1' } });
    folder = await mkdtemp(join(tmpdir(), 'firebreak-cli-'));
    const { client } = world.ana;
    await client.call(inventory.register, {
      body: { key: 'bot', name: 'Bot', type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
    });
    const what = { kind: 'disable', feature: 'answers' };
    ({ control } = await client.call(containment.declareControl, {
      params: { system: 'bot' },
      body: { name: 'Stop', what, sideEffects: '', expiry: { mode: 'until-lifted' } } as never,
    }));
    incident = (await client.call(incidents.declare, { body: { title: 'it lies', systems: ['bot'] } })).incident.id;
    keys = { admin: (await world.program('admin')).key, runner: (await world.program('runner')).key };
  });
  afterAll(async () => {
    await world.close();
    outside.close();
  });

  async function firebreak(key: string, ...args: string[]) {
    let out = '';
    let err = '';
    const code = await run(['node', 'firebreak', ...args], {
      out: { write: (text) => (out += text), isTTY: true },
      err: { write: (text) => (err += text) },
      env: { FIREBREAK_URL: world.url, FIREBREAK_KEY: key },
    });
    return { code, out, err };
  }
  const admin = (...args: string[]) => firebreak(keys.admin, ...args);
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };

  it('binds a flag, tries it, and says no where the secret is wrong', async () => {
    const declare = ['executors', 'declare', '--kind', 'unleash', '--name', 'Flag', '--control', control];
    const set = ['--set', `url=${outside.url}`, '--set', 'project=bots', '--set', 'flag=answers'];
    const bad = await admin(...declare, ...set, '--secret-file', await file('bad', 'bad\n'));
    expect(bad, bad.err).toMatchObject({ code: 0 });
    expect(await admin('executors', 'try', 'flag')).toMatchObject({
      code: 1,
      out: expect.stringContaining('the secret was not accepted (401)'),
    });
    await admin('executors', 'secret', 'Flag', '--secret-file', await file('good', 'good\n'));
    expect(await admin('executors', 'try', 'Flag')).toMatchObject({
      code: 0,
      out: expect.stringContaining('flag answers is on in production; its secret may change it'),
    });
    expect((await admin('executors', 'list')).out).toMatch(
      /Flag +unleash +turn off flag answers in production +proven/,
    );
    expect(await admin('executors', 'try', 'nothing')).toMatchObject({ code: 2 });
    expect(await admin(...declare, '--set', 'url')).toMatchObject({ code: 2 });
    expect((await admin('executors', 'kinds')).out).toContain('kubernetes-scale');
    expect(await admin('executors', 'retire', 'Flag', '--reason', 'only tried')).toMatchObject({ code: 0 });
  });

  it('runs a script on a runner when a control is held', async () => {
    const scripts = await mkdtemp(join(tmpdir(), 'firebreak-scripts-'));
    await writeFile(join(scripts, 'stop.sh'), '#!/bin/sh\necho "$FIREBREAK_STATE $SERVICE"\n');
    await chmod(join(scripts, 'stop.sh'), 0o755);
    const set = [
      '--set',
      'runner=edge',
      '--set',
      'script=stop.sh',
      '--set',
      `parameters=@${await file('p', 'SERVICE=bot')}`,
    ];
    await admin('executors', 'declare', '--kind', 'script', '--name', 'Script', '--control', control, ...set);
    const runner = (...args: string[]) =>
      firebreak(keys.runner, 'runner', '--name', 'edge', '--scripts', scripts, ...args);
    expect(await runner('--once')).toMatchObject({ code: 0, out: '' });
    expect(await admin('executors', 'try', 'Script')).toMatchObject({ code: 0 });
    const { hold } = await world.ana.client.call(containment.order, {
      params: { incident },
      body: { control, reason: 'it lies' },
    });
    const orders = async () =>
      (await world.ana.client.call(executors.ofIncident, { params: { incident } })).orders.map(({ state, says }) => [
        state,
        says,
      ]);
    await expect.poll(orders, { timeout: 20_000 }).toMatchObject([['under-way', expect.any(String)]]);
    const ran = await runner('--once');
    expect(ran.err).toBe('');
    expect(JSON.parse(ran.out)).toMatchObject({ script: 'stop.sh', state: 'confirmed', order: 'confirmed' });
    expect(await orders()).toMatchObject([['confirmed', expect.stringMatching(/^exit 0 after .*: hold bot$/)]]);
    expect((await admin('executors', 'show', 'Script')).out).toContain('confirmed');
    expect((await admin('executors', 'again', 'Script', hold)).code).toBe(0);
    expect(await runner('--once')).toMatchObject({ code: 0 });
    expect(await firebreak(keys.runner, 'runner', '--name', 'edge', '--scripts', '/nowhere')).toMatchObject({
      code: 2,
    });
    expect(await firebreak(keys.admin, 'runner', '--name', '../x', '--scripts', scripts)).toMatchObject({ code: 2 });
  });
});
