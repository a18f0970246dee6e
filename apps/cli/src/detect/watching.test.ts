import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const AT = '2026-11-28T09:00:00.000Z';
const share = { x: 90, n: 100, rate: 0.9, lower: 0.82, upper: 0.95 };
const agreement = {
  system: 'bot',
  name: 'Bot',
  models: ['m-4*'],
  reviewed: [{ feature: 'refunds', withinMinutes: 30 }],
  content: true,
  perDay: 500,
  deployed: [],
  answering: [],
  lastDay: 12,
  hole: { since: AT, through: 60 },
  waiting: 3,
  bypassed: 1,
  at: AT,
  by: null,
};
const notice = {
  id: 'ntc_1',
  vendor: 'vnd_1',
  vendorName: 'Contoso',
  kind: 'deprecation',
  model: 'm-4',
  on: AT,
  text: 'm-4 ends',
  link: '',
  recordedAt: AT,
  settled: null,
  systems: ['bot'],
};
const told = {
  signal: 'sig_1',
  system: 'bot',
  at: AT,
  since: AT,
  of: 'person',
  who: 'u-17',
  kind: 'many-requests',
  evidenceClass: 'weak',
  text: 'asked',
  seen: 80,
  usual: 4.25,
  chance: 1e-6,
  interactions: ['int_1', 'int_2'],
  signIns: [],
};
const usual = {
  system: 'bot',
  of: 'person',
  principals: 40,
  windows: 210,
  known: true,
  perHour: 4.2,
  nearShare: 0.1,
  since: AT,
};
const heartbeat = {
  key: 'telemetry bot',
  name: 'Telemetry of bot',
  state: 'silent',
  lastAt: AT,
  everyMinutes: 30,
  lateSince: AT,
};
const assessment = {
  system: 'desk',
  now: 200,
  before: 800,
  from: AT,
  performance: [{ which: 'all', now: share, before: share, change: null, worse: true }],
  calibration: null,
  drift: [{ name: 'income', kind: 'number', now: 200, before: 800, psi: 0.4, chance: 0.02, ks: null, moved: true }],
  gaps: [],
};
const answers: Record<string, unknown> = {
  'GET /api/v1/access': { told: [told], usual: [usual] },
  'GET /api/v1/oversight': { agreements: [agreement], notices: [notice] },
  'PUT /api/v1/oversight/bot': { agreement },
  'GET /api/v1/heartbeats': { heartbeats: [heartbeat] },
  'PUT /api/v1/heartbeats': { heartbeat },
  'GET /api/v1/predictions': { assessments: [assessment] },
};

let server: Server;
let url = '';
const sent: { readonly path: string; readonly body: unknown }[] = [];
beforeAll(async () => {
  server = createServer((request, reply) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      sent.push({ path: request.url!, body: body === '' ? null : JSON.parse(body) });
      const found = answers[`${request.method} ${request.url!.split('?')[0]}`];
      reply.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
      reply.end(JSON.stringify(found ?? { type: 'about:blank', title: 'no', status: 404 }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function firebreak(...args: string[]) {
  let out = '';
  let err = '';
  const code = await run(['node', 'firebreak', ...args], {
    out: { write: (text) => (out += text), isTTY: true },
    err: { write: (text) => (err += text) },
    env: { FIREBREAK_URL: url, FIREBREAK_KEY: 'fbk_x' },
  });
  return { code, out: out + err };
}

it.each([
  [['access', 'list', 'bot'], 0, 'u-17'],
  [['access', 'list'], 0, '4.3'],
  [['access', 'usual'], 0, '210'],
  [['oversight', 'list'], 0, `60 since ${AT}`],
  [['oversight', 'notices'], 0, 'm-4 ends'],
  [['oversight', 'agree', 'bot', '--review', 'refunds'], 2, 'Write refunds=30'],
  [['channels', 'list'], 0, 'SILENT'],
  [['channels', 'expect', 'telemetry bot'], 2, 'Say one of'],
  [['channels', 'expect', 'telemetry bot', '--every', '0'], 2, 'no number of minutes'],
  [['channels', 'expect', 'telemetry bot', '--every', '30'], 0, 'expected every 30 minutes'],
  [['predictions'], 0, '90.0 %'],
  [['predictions', 'desk'], 0, 'drift of income'],
] as const)('%j exits %i', async (args, code, says) => {
  const answer = await firebreak(...args);
  expect([answer.code, answer.out]).toEqual([code, expect.stringContaining(says)]);
});

it('narrows what it asks for, and replaces the whole of what was agreed', async () => {
  sent.length = 0;
  await firebreak('access', 'list', 'bot');
  await firebreak('predictions', 'desk');
  await firebreak('oversight', 'agree', 'bot', '--models', 'm-4*', '--review', 'refunds=30', '--per-day', '500');
  expect(sent).toMatchObject([
    { path: expect.stringContaining('system=bot') },
    { path: expect.stringContaining('system=desk') },
    {
      path: '/api/v1/oversight/bot',
      body: {
        models: ['m-4*'],
        reviewed: [{ feature: 'refunds', withinMinutes: 30 }],
        content: false,
        perDay: 500,
      },
    },
  ]);
});
