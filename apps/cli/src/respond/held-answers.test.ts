import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

const answer = {
  held: 'hda_1',
  system: 'bot',
  state: 'pending',
  at: '2026-11-28T10:00:00.000Z',
  question: 'May I return it?',
  text: 'Within 90 days.',
  tool: null,
  arguments: null,
};

describe('held answers, in a terminal', () => {
  let server: Server;
  let asked: { url: string; body: unknown }[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      void (request.method === 'POST' ? json(request) : Promise.resolve(null)).then((body) => {
        asked.push({ url: request.url ?? '', body });
        const call = { ...answer, held: 'hda_2', text: null, tool: 'refund', arguments: '{"amount":40}' };
        const told = request.method === 'POST' ? { ...answer, state: 'edited' } : { items: [answer, call], waiting: 2 };
        response.setHeader('content-type', 'application/json').end(JSON.stringify(told));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => server.close());
  async function held(...args: string[]) {
    asked = [];
    let out = '';
    const into = { isTTY: true, write: (text: string) => (out += text) };
    const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
    const code = await run(['node', 'firebreak', 'held', ...args], { out: into, err: into, env });
    return { code, out };
  }

  it('are listed with what would be said or called', async () => {
    const { code, out } = await held('list', '--system', 'bot');
    expect(code).toBe(0);
    expect(asked[0]?.url).toContain('system=bot');
    expect(out).toMatch(/hda_1 +bot +pending .* May I return it\? +Within 90 days\./);
    expect(out).toContain('refund({"amount":40})');
  });

  it.each([
    [['approve', 'hda_1'], { as: 'approved', text: null, reason: null }],
    [['decline', 'hda_1', '--reason', 'invented'], { as: 'declined', text: null, reason: 'invented' }],
    [['edit', 'hda_1', 'Within 30 days.'], { as: 'edited', text: 'Within 30 days.', reason: null }],
  ])('are decided: %j', async (args, body) => {
    expect(await held(...args)).toMatchObject({ code: 0 });
    expect(asked).toEqual([{ url: '/api/v1/held-answers/hda_1/decide', body }]);
  });

  it('are named by their id', async () => {
    expect(await held('approve', 'INC-1')).toMatchObject({
      code: 2,
      out: expect.stringContaining('firebreak held list'),
    });
    expect(asked).toEqual([]);
  });
});
