import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

const upstream = {
  name: 'openai',
  state: 'well',
  outForMs: 0,
  requests: 7,
  failed: 0,
  credential: 'openai-prod',
  lastAnsweredAt: null,
};
const gateway = {
  instance: 'gateway-eu-1',
  live: true,
  fault: null,
  routes: [
    { name: 'openai', upstreams: ['openai'] },
    { name: 'chat', upstreams: ['openai', 'azure'] },
  ],
  upstreams: [upstream],
};

describe('gateways, in a terminal', () => {
  let server: Server;
  let listed: object[] = [];
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ gateways: listed }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => server.close());
  async function status(...gateways: object[]) {
    listed = gateways;
    let out = '';
    const into = { isTTY: true, write: (text: string) => (out += text) };
    const env = {
      FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      FIREBREAK_KEY: 'fbk_x',
    };
    const code = await run(['node', 'firebreak', 'gateway', 'status'], { out: into, err: into, env });
    return { code, out };
  }

  it('are listed with their upstreams', async () => {
    const { code, out } = await status(gateway);
    expect(code).toBe(0);
    expect(out).toMatch(/gateway-eu-1 +live +openai +openai, chat +well +7 +0 +never +openai-prod/);
  });

  it('exit 1 where an upstream is left out, or nobody is live', async () => {
    const out = await status({ ...gateway, upstreams: [{ ...upstream, state: 'out', outForMs: 9_001 }] });
    expect([out.code, /out for 10 s/.test(out.out)]).toEqual([1, true]);
    expect((await status({ ...gateway, live: false })).out).toContain('silent');
    expect((await status({ ...gateway, live: false })).code).toBe(1);
    expect((await status()).code).toBe(1);
    expect((await status({ ...gateway, fault: '/upstreams: missing' })).out).toContain('newest setup refused');
  });
});
