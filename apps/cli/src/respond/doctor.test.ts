import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

const bot = { system: 'bot', name: 'Bot', liveGuards: 1, controls: [] as object[], missing: [] };
const guard = {
  instance: 'bot-1',
  system: 'bot',
  kind: 'guard',
  live: true,
  left: false,
  current: true,
  unsupported: [],
};

describe('firebreak doctor', () => {
  let server: Server;
  let told: Record<string, object> = {};
  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://here');
      response.setHeader('content-type', 'application/json').end(JSON.stringify(told[pathname] ?? {}));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => server.close());
  async function doctor(systems: object[], instances: object[], ...args: string[]) {
    told = {
      '/api/v1/containment/coverage': { systems },
      '/api/v1/guard/instances': { instances },
      '/api/v1/executors': { executors: [] },
      '/api/v1/coverage': { systems: [] },
    };
    let out = '';
    const into = { isTTY: true, write: (text: string) => (out += text) };
    const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
    const code = await run(['node', 'firebreak', 'doctor', ...args], { out: into, err: into, env });
    return { code, out };
  }

  it('is content where everything would stop', async () => {
    expect(await doctor([bot], [guard])).toMatchObject({
      code: 0,
      out: expect.stringContaining('Everything would stop'),
    });
    expect((await doctor([bot], [guard], '--all')).out).toMatch(/bot +yes +guard +bot-1 +would stop/);
  });

  it('exits 1 and names what would not', async () => {
    const silent = await doctor([bot], [guard, { ...guard, instance: 'bot-2', live: false }]);
    expect(silent).toMatchObject({ code: 1 });
    expect(silent.out).toMatch(/bot +partly +guard +bot-2 +silent/);
    expect(silent.out).not.toContain('bot-1');
    const untried = await doctor(
      [
        {
          ...bot,
          controls: [
            { name: 'Stop', says: 'disable all', readiness: { state: 'never-tested', says: 'Never tested.' } },
          ],
        },
      ],
      [guard],
    );
    expect(untried).toMatchObject({ code: 1, out: expect.stringMatching(/control +Stop +not proven/) });
  });

  it('says no where nothing is registered', async () => {
    expect(await doctor([], [])).toMatchObject({ code: 1, out: expect.stringContaining('No system is registered') });
  });
});
