import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const monitor = {
  id: 'mon_1',
  name: 'Press',
  kind: 'feed',
  address: 'https://x.test/feed',
  looksAt: 'https://x.test/feed',
  system: 'bot',
  vendor: null,
  vendorName: null,
  keywords: { brand: ['Northwind'], must: [], any: [], not: [], near: [] },
  threshold: 0.6,
  everyMinutes: 15,
  paths: null,
  addedAt: '2026-11-20T10:00:00.000Z',
  changedAt: '2026-11-20T10:00:00.000Z',
  changedBy: { kind: 'person', id: 'usr_1' },
  paused: null,
  silent: { at: '2026-11-20T10:00:00.000Z', why: 'It answers a web page.' },
  lookedAt: '2026-11-20T10:00:00.000Z',
  goodAt: null,
  nextAt: null,
  fault: 'It answers a web page.',
  failures: 3,
  kept: 1,
  dropped: 2,
  toldTo: null,
};
const figures = {
  waiting: 1,
  overdue: 1,
  oldestAt: '2026-11-20T10:00:00.000Z',
  decided: 0,
  inTime: 0,
  medianMinutes: null,
  systems: [{ system: 'bot', promisedHours: 24, waiting: 1, overdue: 1, oldestAt: '2026-11-20T10:00:00.000Z' }],
};
const answers: Record<string, unknown> = {
  'GET /api/v1/monitors': { monitors: [monitor] },
  'POST /api/v1/monitors': { monitor },
  'POST /api/v1/monitors/mon_1/pause': { monitor: { ...monitor, paused: 'loud' } },
  'POST /api/v1/monitor-trials': {
    trial: { looksAt: monitor.looksAt, status: 200, fault: 'The answer is empty.', items: [], wouldTell: ['bot'] },
  },
  'GET /api/v1/reviews/figures': figures,
  'POST /api/v1/reviews/decide': {
    decided: ['fbk_1'],
    signals: [],
    leftOut: [{ feedback: 'fbk_2', code: 'review.taken', detail: 'Somebody else is looking at this.' }],
  },
};
let server: Server;
const asked: { what: string; body: Record<string, unknown> }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const what = `${request.method} ${request.url!.split('?')[0]}`;
    asked.push({ what, body: text === '' ? {} : JSON.parse(text) });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[what] ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => server.close());

async function firebreak(...argv: string[]) {
  let out = '';
  let err = '';
  const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
  const code = await run(['node', 'firebreak', ...argv], {
    out: { write: (text) => (out += text), isTTY: true },
    err: { write: (text) => (err += text) },
    env,
  });
  return { code, out, err };
}

it('lists monitors with what is wrong, adds them from options, and finds them by name', async () => {
  const list = await firebreak('monitors', 'list');
  expect(list.out).toMatch(/Press\s+feed\s+bot\s+SILENT\s+1\s+2/);
  const options = ['--kind', 'hacker-news', '--system', 'bot', '--brand', 'Northwind', 'North Wind', '--every', '30'];
  expect((await firebreak('monitors', 'add', ...options)).out).toContain('Press looks at https://x.test/feed every 15');
  expect(asked.at(-1)!.body).toMatchObject({
    kind: 'hacker-news',
    name: 'hacker-news',
    everyMinutes: 30,
    keywords: { brand: ['Northwind', 'North Wind'], must: [] },
  });
  expect((await firebreak('monitors', 'test', ...options)).out).toContain('cannot be read: The answer is empty.');
  expect((await firebreak('monitors', 'pause', 'press', '--reason', 'loud')).out).toBe('Press is paused.\n');
  expect(await firebreak('monitors', 'pause', 'nobody', '--reason', 'x')).toMatchObject({ code: 2 });
  expect(await firebreak('monitors', 'add', '--kind', 'telepathy')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^(name|kind): /),
  });
});

it('decides feedback, says what was left out, and answers no while something is late', async () => {
  const decided = await firebreak('feedback', 'decide', 'fbk_1', 'fbk_2', '--as', 'answered', '--reason', 'helped');
  expect(decided).toMatchObject({ code: 1, out: expect.stringContaining('1 decided. fbk_2: Somebody else') });
  expect(asked.at(-1)!.body).toEqual({
    feedback: ['fbk_1', 'fbk_2'],
    as: 'answered',
    reason: 'helped',
    incident: null,
  });
  expect(await firebreak('feedback', 'decide', 'fbk_1', '--as', 'maybe', '--reason', 'x')).toMatchObject({ code: 2 });
  expect(await firebreak('feedback', 'take', '17')).toMatchObject({ code: 2 });
  expect(await firebreak('feedback', 'figures')).toMatchObject({
    code: 1,
    out: expect.stringMatching(/bot\s+24 h\s+1\s+1/),
  });
});
