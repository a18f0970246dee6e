import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { capsules } from '@firebreak/contract/respond/capsules';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { createGuard, type Guard } from '@firebreak/guard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../apps/cli/src/run.ts';
import { openWorld, type Someone, type World } from './index.ts';

const NOWHERE = 'http://127.0.0.1:9';
const ASKED = { feature: 'answers' };

describe('a capsule, from the desk to the guard and back', () => {
  let world: World;
  let ben: Someone;
  let folder: string;
  let keys: { admin: string; guard: string };
  const guards: Guard[] = [];

  beforeAll(async () => {
    world = await openWorld({ listen: true });
    ben = await world.person('Ben Lead', ['lead']);
    folder = await mkdtemp(join(tmpdir(), 'firebreak-capsule-'));
    for (const key of ['bot', 'other-bot'])
      await world.ana.client.call(inventory.register, {
        body: { key, name: key, type: 'generative', features: [{ key: 'answers', name: 'Answers' }] },
      });
    await world.ana.client.call(containment.declareControl, {
      params: { system: 'bot' },
      body: { name: 'Stop answers', what: { kind: 'disable', feature: 'answers' } },
    });
    keys = { admin: (await world.program('admin')).key, guard: (await world.program('guard')).key };
  });
  afterAll(async () => {
    for (const guard of guards) guard.close();
    await world.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  async function firebreak(...args: string[]) {
    let out = '';
    let err = '';
    const exit = await run(['node', 'firebreak', ...args], {
      out: { write: (text) => (out += text), isTTY: true },
      err: { write: (text) => (err += text) },
      env: { FIREBREAK_URL: world.url, FIREBREAK_KEY: keys.admin, FIREBREAK_PASSWORD: ben.password },
    });
    return { exit, out, err };
  }
  async function guardOf(stateFile: string, url = world.url, system = 'bot') {
    const guard = await createGuard({ url, key: keys.guard, system, bootFailMode: 'allow', stateFile });
    guards.push(guard);
    return guard;
  }
  const file = () => join(folder, 'stop.json');
  async function soon(what: string, so: () => boolean | Promise<boolean>) {
    const end = Date.now() + 15_000;
    while (!(await so())) {
      if (Date.now() > end) throw new Error(`still not so: ${what}`);
      await new Promise((go) => setTimeout(go, 50));
    }
  }
  const listed = async () => (await ben.client.call(capsules.list, { params: { system: 'bot' } })).capsules;

  it('is made ahead of time of what can only restrict', async () => {
    const make = (...args: string[]) => firebreak('capsule', 'make', 'bot', '--name', 'Stop', '-o', file(), ...args);
    expect((await make('--what', '{"kind":"route","to":{"prompt":"v1"}}')).err).toContain('can only restrict');
    expect((await make('--control', 'Nothing')).err).toContain('has no control');
    expect((await make('--control', 'Stop answers', '--days', '999')).exit).toBe(2);
    expect((await make('--control', 'Stop answers', '--days', '30')).out).toContain('disable answers');
    expect((await firebreak('capsule', 'check', file())).out).toContain('Can be applied until');
    const [made] = await listed();
    const again = await world.ana.client.call(capsules.file, { params: { system: 'bot', capsule: made!.capsule } });
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual(again);
  });

  it('stops a guard with no server, is recorded when contact is back, and adopted by a person', async () => {
    const stateFile = join(folder, 'bot.json');
    const first = await guardOf(stateFile);
    await first.ready();
    await soon('the state is kept', () => existsSync(stateFile));
    first.close();
    const cut = await guardOf(stateFile, NOWHERE);
    expect(cut.check(ASKED).action).toBe('allow');
    expect((await firebreak('capsule', 'apply', file(), '--state', stateFile)).out).toContain(
      'Applied: disable answers.',
    );
    await soon('the guard obeys', () => cut.check(ASKED).action === 'deny');
    cut.close();

    const others = join(folder, 'other.json');
    const other = await guardOf(others, world.url, 'other-bot');
    await other.ready();
    await soon('the state is kept', () => existsSync(others));
    expect((await firebreak('capsule', 'apply', file(), '--state', others)).err).toContain('meant for bot');
    const forged = { ...JSON.parse(await readFile(file(), 'utf8')), signature: 'AAAA' };
    await writeFile(join(folder, 'forged.json'), JSON.stringify(forged));
    expect((await firebreak('capsule', 'apply', join(folder, 'forged.json'), '--state', stateFile)).err).toContain(
      'does not believe',
    );

    const back = await guardOf(stateFile);
    await back.ready();
    await soon('it is recorded', async () => (await listed())[0]?.state === 'applied');
    const [row] = await listed();
    expect(row?.applied[0]?.instance).toBe(back.instance);
    expect((await firebreak('capsule', 'list')).out).toContain('disable answers');
    const { incident } = await world.ana.client.call(incidents.declare, {
      body: { title: 'it lies', systems: ['bot'] },
    });
    const adopted = await firebreak(
      ...['capsule', 'adopt', 'bot', row!.capsule, '--incident', incident.label, '--reason', 'it lies'],
    );
    expect(adopted.out).toContain('Adopted: disable answers.');
    await soon('the capsule is let go of', () => back.stats().capsules.length === 0);
    expect(back.check(ASKED)).toMatchObject({ action: 'deny', incident: incident.id });
    const code = await ben.client
      .call(capsules.end, { params: { system: 'bot', capsule: row!.capsule }, body: { reason: 'r' } })
      .catch((problem) => problem.code);
    expect(code).toBe('capsule.over');
  });

  it('is ended by somebody else than who made it, by a signed word', async () => {
    const body = { name: 'Pause it', what: [{ kind: 'pause' as const }] };
    const { capsule, file: signed } = await world.ana.client.call(capsules.make, { params: { system: 'bot' }, body });
    await writeFile(join(folder, 'pause.json'), JSON.stringify(signed));
    const stateFile = join(folder, 'second.json');
    await firebreak('capsule', 'apply', join(folder, 'pause.json'), '--state', stateFile);
    const guard = await guardOf(stateFile);
    await guard.ready();
    await soon('the guard obeys', () => guard.check({ feature: 'mails', trigger: 'nightly' }).action === 'deny');
    const end = (by: Someone, id = capsule.capsule) =>
      by.client
        .call(capsules.end, { params: { system: 'bot', capsule: id }, body: { reason: 'over' } })
        .then(() => 'ended')
        .catch((problem) => problem.code);
    expect(await end(world.ana)).toBe('capsule.same-person');
    expect(await end(ben, 'cap_none')).toBe('capsule.unknown');
    await soon('it is recorded', async () => (await listed()).some((it) => it.state === 'applied'));
    expect(await end(ben)).toBe('ended');
    await soon('it is let go', () => guard.check({ feature: 'mails', trigger: 'nightly' }).action === 'allow');
  });
});
