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
const moderator = {
  ...monitor,
  id: 'mdr_1',
  name: 'Guard',
  kind: 'llama-guard',
  model: '',
  systems: [],
  side: 'both',
  share: 1,
  aDay: 1,
  timeoutMs: 2_000,
  atOnce: 4,
  threshold: 0.5,
  trust: 'weak',
  whenSilent: 'tell',
  keyed: true,
  waiting: 0,
  lastDay: { asked: 9, flagged: 2, clean: 6, none: 1, notAsked: 3, meanMs: 12 },
  precision: { judged: 20, right: 19, rate: { value: 0.95, lower: 0.764, upper: 0.991 }, enough: false },
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
  'GET /api/v1/moderators': { moderators: [moderator] },
  'POST /api/v1/moderators': { moderator },
  'POST /api/v1/moderators/mdr_1/judgements': { moderator },
  'GET /api/v1/moderators/mdr_1/opinions': { opinions: [] },
  'POST /api/v1/moderator-trials': {
    trial: {
      status: 200,
      fault: null,
      latencyMs: 12,
      model: 'g',
      said: { flagged: true, categories: [{ name: 'hate', score: 0.4 }], score: 0.4, reason: '' },
      counts: false,
    },
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

it('lists moderators with how often they were right, tries one, and takes no key from the command line', async () => {
  const list = await firebreak('moderators', 'list');
  expect(list.out).toMatch(/Guard\s+llama-guard\s+SILENT\s+9\s+2\s+1\s+3\s+19\/20 \[76 %, 99 %\]/);
  const options = ['--kind', 'llama-guard', '--address', 'http://guard.test/v1', '--share', '0.5'];
  expect((await firebreak('moderators', 'add', ...options)).out).toBe('Guard is asked from now on.\n');
  expect(asked.at(-1)!.body).toMatchObject({ name: 'llama-guard', share: 0.5, side: 'both' });
  expect((await firebreak('moderators', 'test', 'You fool', ...options)).out).toBe(
    'flagged: hate 0.4 (below the score that counts) (12 ms)\n',
  );
  expect(await firebreak('moderators', 'add', ...options, '--key-file', '/nowhere')).toMatchObject({ code: 2 });
  expect(await firebreak('moderators', 'add', '--kind', 'oracle', '--address', 'x')).toMatchObject({ code: 2 });
  expect(await firebreak('moderators', 'judge', 'guard', 'int_1')).toMatchObject({ code: 2 });
  expect((await firebreak('moderators', 'judge', 'guard', 'int_1', '--wrong')).out).toContain('19/20');
  expect(asked.at(-1)!.body).toEqual({ interaction: 'int_1', right: false });
  expect(await firebreak('moderators', 'opinions', 'guard', '--show', 'some')).toMatchObject({ code: 2 });
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
