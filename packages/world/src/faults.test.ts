import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Client, createClient } from '@firebreak/client';
import { reports } from '@firebreak/contract/detect/reports';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { evidence } from '@firebreak/contract/prove/evidence';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { createGuard } from '@firebreak/guard';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { until } from '../../../conformance/stand-in-control-plane.ts';
import { freePort, home, startServer } from './index.ts';

const ROUNDS = 20;
const run = promisify(execFile);

describe('a server in trouble', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-fault-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  const local = async (url: string): Promise<Client> =>
    createClient({ baseUrl: url, key: (await readFile(join(folder, 'keys/local.key'), 'utf8')).trim() });

  it(`loses nothing it acknowledged when killed ${ROUNDS} times under load`, async () => {
    const env = { FIREBREAK_DATA: folder };
    const acknowledged = { notes: [] as string[], interactions: [] as string[] };
    let incident = '';
    for (let round = 0; round < ROUNDS; round++) {
      const server = await startServer(env);
      const client = await local(server.url);
      if (round === 0) incident = (await client.call(incidents.declare, { body: { title: 'Under fire' } })).incident.id;
      let alive = true;
      const keep = async (work: (n: number) => Promise<void>) => {
        for (let n = 0; alive; n++) {
          try {
            await work(n);
          } catch (error) {
            if (alive) throw error;
          }
        }
      };
      const load = [
        keep(async (n) => {
          const text = `round ${round} note ${n}`;
          await client.call(warRoom.note, { params: { incident }, body: { text } });
          acknowledged.notes.push(text);
        }),
        keep(async (n) => {
          const ids = [0, 1, 2].map((i) => `r${round}-${n}-${i}`);
          await client.raw('POST', '/api/v1/interactions', {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(
              ids.map((id) => ({ id, system: 'support-bot', output: 'Hello there', at: new Date().toISOString() })),
            ),
          });
          acknowledged.interactions.push(...ids);
        }),
      ];
      // A different moment each round, so that opening, writing and sealing are all hit.
      await new Promise((resolve) => setTimeout(resolve, 60 + 47 * round));
      // However slow the machine: something was acknowledged that could be lost.
      if (round === ROUNDS - 1)
        await vi.waitUntil(() => Math.min(acknowledged.notes.length, acknowledged.interactions.length) > ROUNDS, {
          timeout: 120_000,
        });
      alive = false;
      await server.kill();
      await Promise.all(load);
    }
    const server = await startServer(env);
    const client = await local(server.url);
    const { facts } = await client.call(warRoom.facts, { params: { incident }, query: {} });
    const kept = new Set(facts.filter(({ type }) => type === 'note.written').map(({ data }) => data.text));
    expect(acknowledged.notes.filter((text) => !kept.has(text))).toEqual([]);
    expect(acknowledged.notes.length).toBeGreaterThan(ROUNDS);
    const lost: string[] = [];
    for (const id of acknowledged.interactions.filter((_, i) => i % 7 === 0))
      await client.call(signals.readInteraction, { params: { interaction: id } }).catch(() => lost.push(id));
    expect(lost).toEqual([]);
    expect(acknowledged.interactions.length).toBeGreaterThan(ROUNDS);
    expect(await client.call(evidence.verify, {})).toMatchObject({ intact: true, findings: [] });
    expect(await server.stop()).toBe(0);
  }, 480_000);

  it('leaves no ghost of its own gateway behind when it is killed', async () => {
    const env = { FIREBREAK_DATA: folder, FIREBREAK_GATEWAY_PORT: String(await freePort()) };
    const known = async (client: Client) => {
      const gateways = async () =>
        (await client.call(containment.roster, { query: {} })).instances.filter(({ kind }) => kind === 'gateway');
      await until('its gateway is heard', async () => (await gateways()).some(({ live }) => live));
      return (await gateways()).map(({ instance, live }) => ({ instance, live }));
    };
    const first = await startServer(env);
    const before = await known(await local(first.url));
    expect(before).toMatchObject([{ live: true }]);
    await first.kill();
    const second = await startServer(env);
    expect(await known(await local(second.url))).toEqual(before);
    await second.stop();
  });

  it('keeps a second process off its folder and says which one has it', async () => {
    const server = await startServer({ FIREBREAK_DATA: folder });
    await expect(startServer({ FIREBREAK_DATA: folder })).rejects.toThrow(`in use by process ${server.child.pid}`);
    expect(await server.stop()).toBe(0);
  });

  it('says what is wrong with its settings before it touches anything', async () => {
    await expect(
      startServer({ FIREBREAK_DATA: folder, FIREBREAK_RETENTION_DAYS: 'long', FIREBREAK_PROT: '1' }),
    ).rejects.toThrow(/FIREBREAK_RETENTION_DAYS: [\s\S]*FIREBREAK_PROT: there is no such setting/);
  });

  it('comes back whole from a backup in another folder, refuses a cut one, and leads its guards on', async () => {
    const FIREBREAK_PORT = String(await freePort());
    const server = await startServer({ FIREBREAK_DATA: folder, FIREBREAK_PORT });
    const client = await local(server.url);
    const { incident } = await client.call(incidents.declare, { body: { title: 'To be kept' } });
    await client.call(warRoom.note, { params: { incident: incident.id }, body: { text: 'remember this' } });
    await client.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'generative', features: [] } });
    const order = (by: Client, feature: string) =>
      by.call(containment.order, {
        params: { incident: incident.id },
        body: { system: 'bot', what: { kind: 'disable', feature }, reason: 'it invents' },
      });
    await order(client, 'before');
    const { secret: key } = await client.call(people.createKey, { body: { name: 'guard', scopes: ['guard'] } });
    const guard = await createGuard({ url: server.url, key, system: 'bot', bootFailMode: 'allow' });
    await guard.ready();
    const refuses = (feature: string) => guard.check({ feature }).action === 'deny';
    const cli = (args: string[], env: Record<string, string>) =>
      run(process.execPath, [join(home, 'tools/bin.mjs'), ...args], {
        env: { PATH: process.env.PATH, ...env } as NodeJS.ProcessEnv,
      });
    const { reference } = await client.call(reports.send, { body: { what: 'It invented a rule' } });
    const file = join(folder, 'store.backup');
    await cli(['backup', '-o', file], { FIREBREAK_URL: server.url, FIREBREAK_DATA: folder });
    expect((await stat(file)).mode & 0o077).toBe(0);
    await order(client, 'after');
    await until('the newer order is obeyed', () => refuses('after'));
    const { generation } = guard.stats();
    await server.stop();
    expect([refuses('before'), refuses('after')]).toEqual([true, true]);

    const half = join(folder, 'half.backup');
    const whole = await readFile(file);
    await writeFile(half, whole.subarray(0, whole.length >> 1));
    await expect(cli(['restore', half], { FIREBREAK_DATA: join(folder, 'nothing') })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Nothing was restored'),
    });

    const other = join(folder, 'restored');
    expect((await cli(['restore', file], { FIREBREAK_DATA: other, FIREBREAK_LOG_LEVEL: 'warn' })).stdout).toMatch(
      /Restored \d+ facts .* the log verifies/,
    );
    await expect(cli(['restore', file], { FIREBREAK_DATA: other, FIREBREAK_LOG_LEVEL: 'warn' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('already holds an installation'),
    });
    folder = other;
    const again = await startServer({ FIREBREAK_DATA: other, FIREBREAK_PORT });
    const { facts } = await (await local(again.url)).call(warRoom.facts, {
      params: { incident: incident.id },
      query: {},
    });
    // What assembles itself for an incident may have been recorded after the note.
    expect(facts.map(({ data }) => data)).toContainEqual(expect.objectContaining({ text: 'remember this' }));
    expect(await createClient({ baseUrl: again.url }).call(reports.look, { body: { reference } })).toMatchObject({
      state: 'received',
    });
    // A backup knows nothing of later orders; the guard follows it all the same, and no message from before it counts.
    await until('it follows the restored server', () => guard.stats().generation !== generation, 20_000);
    expect([refuses('before'), refuses('after')]).toEqual([true, false]);
    expect(guard.stats().generation).toBeGreaterThan(generation!);
    await order(await local(again.url), 'anew');
    await until('it obeys the restored server', () => refuses('anew'));
    guard.close();
    await again.stop();
  }, 90_000);
});
