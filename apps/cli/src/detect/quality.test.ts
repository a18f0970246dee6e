import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const rate = { x: 2, n: 4, share: 0.5, interval: { lower: 0.15, upper: 0.85 } };
const none = { x: 0, n: 0, share: null, interval: null };
const at = '2026-11-28T10:00:00.000Z';
const stages = { sent: at, received: at, candidate: at, coherent: at, paged: at, handed: '2026-11-28T10:00:02.500Z' };
const drill = {
  id: 'fdr_1',
  system: 'bot',
  failure: 'leaked-secret',
  startedAt: at,
  sentAt: at,
  stages,
  candidate: 'cnd_1',
  why: null,
};
let asked = 0;
const answers: Record<string, () => unknown> = {
  'GET /api/v1/quality': () => ({
    precision: rate,
    duplicates: none,
    falsePages: rate,
    coherence: { n: 3, never: 1, p50Ms: 1_234, p95Ms: null },
  }),
  'GET /api/v1/quality/candidates': () => ({
    items: [{ candidate: 'cnd_1', counted: true, says: 'dismissed: expected', title: 'A key' }],
  }),
  'GET /api/v1/fire-drills': () => ({
    drills: [],
    systems: [{ system: 'bot', name: 'Bot', lastAt: null, outcome: null, stale: true }],
    failures: [
      {
        key: 'leaked-secret',
        name: 'A key',
        archetype: 'data-exfiltration',
        detector: 'secrets',
        messages: 1,
        skips: null,
      },
    ],
  }),
  'POST /api/v1/fire-drills': () => ({ ...drill, ended: null }),
  'GET /api/v1/fire-drills/fdr_1': () => ({
    ...drill,
    ended: ++asked < 2 ? null : { outcome: 'met', says: 'A channel had the page.' },
  }),
};
let server: Server;
let url = '';
beforeAll(async () => {
  server = createServer((request, reply) => {
    const found = answers[`${request.method} ${request.url!.split('?')[0]}`];
    reply.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    reply.end(JSON.stringify(found?.() ?? { type: 'about:blank', title: 'no', status: 404 }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

it.each([
  [['quality'], 0, '15.0 % to 85.0 %'],
  [['quality', 'candidates', 'precision', '--days', '7'], 0, 'dismissed: expected'],
  [['quality', 'candidates', 'beauty'], 2, 'There is no figure'],
  [['quality', '--days', 'x'], 2, 'no number of days'],
  [['drills', 'detection'], 1, 'STALE'],
  [['drills', 'detection', 'failures'], 0, 'leaked-secret'],
  [['drills', 'detection', 'run', '--system', 'bot', '--wait', '5'], 0, 'handed     2.5 s'],
  [['drills', 'detection', 'run', '--system', 'bot', '--wait', 'x'], 2, 'no number of seconds'],
] as const)('%j exits %i', async (args, code, says) => {
  let out = '';
  const write = (text: string) => (out += text);
  const told = await run(['node', 'firebreak', ...args], {
    out: { write, isTTY: true },
    err: { write },
    env: { FIREBREAK_URL: url, FIREBREAK_KEY: 'fbk_x' },
  });
  expect([told, out]).toEqual([code, expect.stringContaining(says)]);
});
