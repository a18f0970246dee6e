import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

const AT = '2026-11-28T08:00:00.000Z';
const MEASURE = {
  system: 'bot',
  name: 'errors',
  title: 'Errors',
  says: null,
  kind: 'rate',
  unit: '',
  origin: 'interactions',
  series: 1,
  lastAt: AT,
  last: 0.125,
  lastN: 8,
  spark: [],
};
const BUDGET = { perWeek: 1, expected: 0.08, watches: 2, suites: 1, supporting: 3 };

describe('measures in a terminal', () => {
  let server: Server;
  const heard: { path: string; body: Record<string, unknown> }[] = [];
  const answers: Record<string, object> = {
    '/api/v1/measures': { measures: [MEASURE], more: false, leftOut: [] },
    '/api/v1/measures/bot/errors': {
      measure: MEASURE,
      from: AT,
      to: AT,
      stepMinutes: 10,
      lines: [{ label: 'v1', points: [{ at: AT, n: 8, value: 0.125, low: 0.02, high: 0.5 }] }],
      more: 0,
      parts: [],
    },
    '/api/v1/watches': { watches: [], budget: BUDGET },
    '/api/v1/alarm-budget': { budget: { ...BUDGET, perWeek: 2 } },
    '/api/v1/alarms': { alarms: [] },
    '/api/v1/watch-trials': {
      trial: { from: AT, to: AT, steps: 3, alarms: [], state: 'learning', usualValue: null, falseAlarmDays: 30 },
    },
    '/api/v1/watches/wch_1/pause': { watch: {} },
    '/api/v1/watches/wch_1/resume': { watch: {} },
    '/api/v1/watches/wch_1/remove': {},
  };
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      const path = request.url!.split('?')[0]!;
      heard.push({ path: request.url!, body: text === '' ? {} : JSON.parse(text) });
      response.setHeader('content-type', 'application/json');
      const answer =
        request.method === 'POST' && path === '/api/v1/watches' ? { watch: { name: 'Slow' } } : answers[path];
      response.end(JSON.stringify(answer ?? {}));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => void server.close());

  async function firebreak(...args: string[]) {
    let out = '';
    let err = '';
    const code = await run(['node', 'firebreak', 'measures', ...args], {
      out: { write: (text) => (out += text), isTTY: true },
      err: { write: (text) => (err += text) },
      env: { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' },
    });
    return { code, out, err };
  }

  it('lists and shows them as people read numbers', async () => {
    expect((await firebreak('list')).out).toMatch(/bot\s+errors\s+rate\s+12\.5 %\s+8/);
    expect((await firebreak('show', 'bot', 'errors', '--split', 'prompt')).out).toMatch(
      /v1\s+12\.5 %\s+2\.0 %\s+50\.0 %/,
    );
    expect(await firebreak('show', 'bot', 'errors', '--range', 'ever')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Choose 3h'),
    });
    expect(await firebreak('show', 'bot', 'errors', '--split', 'moon')).toMatchObject({ code: 2 });
  });

  it('tries, makes, pauses and removes watches, and says what they cost', async () => {
    const rule = '{"kind":"limit","steps":[{"limit":0.2,"severity":2}]}';
    expect((await firebreak('watch', 'bot', 'errors', '--rule', rule, '--try')).code).toBe(0);
    expect(heard.at(-1)).toMatchObject({
      path: '/api/v1/watch-trials',
      body: { system: 'bot', rule: { kind: 'limit', share: 0.9, side: 'above' } },
    });
    expect((await firebreak('watch', 'bot', 'errors', '--rule', rule, '--name', 'Slow', '--pages')).out).toContain(
      '“Slow” watches errors of bot.',
    );
    expect(heard.at(-1)!.body).toMatchObject({ name: 'Slow', pages: true });
    for (const bad of ['{', '{"kind":"moon"}'])
      expect(await firebreak('watch', 'bot', 'errors', '--rule', bad)).toMatchObject({
        code: 2,
        err: expect.stringContaining('rule'),
      });
    expect((await firebreak('pause', 'wch_1', '--reason', 'holidays')).out).toContain('paused');
    expect((await firebreak('remove', 'wch_1', '--reason', 'noise')).out).toContain('removed');
    expect((await firebreak('resume', 'wch_1')).code).toBe(0);
    expect((await firebreak('budget')).out).toContain(
      '0.08 false pages a week from 2 watches and 1 golden sets or suites of probes, of 1 put up with.',
    );
    expect((await firebreak('budget', '2')).out).toContain('of 2 put up with');
    expect(await firebreak('budget', 'none')).toMatchObject({ code: 2 });
    for (const each of ['watches', 'alarms']) expect((await firebreak(each, 'bot')).code).toBe(0);
  });
});
