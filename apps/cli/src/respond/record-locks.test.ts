import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const lock = {
  incident: 'inc_1',
  label: 'INC-2026-0007',
  since: '2026-11-20T10:00:00.000Z',
  beganAt: '2026-11-20T09:00:00.000Z',
  candidates: ['cnd_1'],
  records: ['int_1', 'int_2'],
  spans: [
    { system: 'bot', from: '2026-11-19T09:00:00.000Z', to: '2026-11-20T10:05:00.000Z' },
    { system: 'bot', from: '2026-11-21T09:00:00.000Z', to: '2026-11-22T10:05:00.000Z' },
  ],
  closed: null,
  released: null,
  until: null,
  stands: true,
};
let server: Server;
const asked: { what: string; body: unknown }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    asked.push({ what: `${request.method} ${request.url}`, body: text === '' ? null : JSON.parse(text) });
    const answer = request.method === 'GET' ? { locks: [lock], more: false } : lock;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => server.close());

async function firebreak(...argv: string[]) {
  let out = '';
  const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
  const code = await run(['node', 'firebreak', ...argv], {
    out: { write: (text) => (out += text), isTTY: true },
    err: { write: (text) => (out += text) },
    env,
  });
  return { code, out };
}

it('lists what is kept for incidents, and releases it with a reason', async () => {
  expect((await firebreak('record-locks')).out).toMatch(/INC-2026-0007\s+1\s+2\s+bot\s+2026-11-20\S+\s+while open/);
  expect((await firebreak('record-locks', 'release', 'INC-2026-0007')).code).not.toBe(0);
  const { out, code } = await firebreak('record-locks', 'release', 'INC-2026-0007', '--reason', 'settled');
  expect([code, out]).toEqual([0, expect.stringContaining('Nothing is kept for INC-2026-0007 any more.')]);
  expect(asked.at(-1)).toEqual({
    what: 'POST /api/v1/incidents/INC-2026-0007/record-lock/release',
    body: { reason: 'settled' },
  });
});
