import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../../../conformance/stand-in-control-plane.ts';

const sdk = fileURLToPath(new URL('../../../../../sdks/python', import.meta.url));
const hasPython =
  spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'], { stdio: 'ignore' }).status === 0;

/** Says a line each time its answer changes. */
const PROGRAM = `
import os, sys, time
from firebreak_guard import create_guard
guard = create_guard(url=os.environ["URL"], key=os.environ["KEY"], system=os.environ["SYSTEM"], boot_fail_mode="deny", transport=os.environ["TRANSPORT"], poll_seconds=0.1)
guard.ready()
said = None
while True:
    answer = guard.check(feature="answers").action
    if answer != said:
        print(answer, guard.stats()["transport"], flush=True)
        said = answer
    time.sleep(0.005)
`;

let world: World;
let ana: Someone;
let ben: Someone;

beforeAll(async () => {
  world = await openWorld({ listen: true });
  ana = world.ana;
  ben = await world.person('Ben Lead', ['lead']);
});
afterAll(() => world.close());

describe.skipIf(!hasPython)('a guard in Python', () => {
  it.each(['auto', 'poll'])('obeys the real server, is confirmed, and lets go (%s)', async (transport) => {
    const system = `bot-${transport}`;
    const features = [{ key: 'answers', name: 'Answers' }];
    await ana.client.call(inventory.register, { body: { key: system, name: system, type: 'generative', features } });
    const { key } = await world.program('guard');
    const child = spawn('python3', ['-c', PROGRAM], {
      env: { ...process.env, PYTHONPATH: `${sdk}/src`, URL: world.url, KEY: key, SYSTEM: system, TRANSPORT: transport },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      let said = '';
      child.stdout.on('data', (chunk) => {
        said += chunk;
      });
      const by = transport === 'auto' ? 'socket' : 'poll';
      await until('it allows', () => said.endsWith(`allow ${by}\n`), 30_000);

      const incident = (await ana.client.call(incidents.declare, { body: { title: 'it invents' } })).incident.id;
      const what = { kind: 'disable', feature: 'answers' } as const;
      const body = { system, what, reason: 'it invents' };
      const { hold } = await ana.client.call(containment.order, { params: { incident }, body });
      await until('it refuses', () => said.endsWith(`deny ${by}\n`), 30_000);
      const proofs = async () => (await ana.client.call(containment.showHold, { params: { hold } })).proofs;
      await until('it has tried it', async () => (await proofs())?.probe.state === 'have', 30_000);
      await until('it is confirmed', async () => {
        const shown = await ana.client.call(containment.showHold, { params: { hold } });
        return shown.confirmation === 'confirmed' && shown.acknowledged === 1;
      });
      await ben.client.call(containment.lift, { params: { incident, hold }, body: { reason: 'mended' } });
      await until('it allows again', () => said.endsWith(`deny ${by}\nallow ${by}\n`), 30_000);
      expect(said).toBe(`allow ${by}\ndeny ${by}\nallow ${by}\n`);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
