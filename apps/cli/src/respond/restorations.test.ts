import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { run } from '../run.ts';

const RESTORATION = {
  hold: 'hld_1',
  label: 'HLD-1',
  incident: 'inc_1',
  system: 'bot',
  says: 'disable answers',
  state: 'asked',
  conditions: [{ condition: { kind: 'check', text: 'mended' }, met: null }],
  approvals: { needed: 1, given: [] },
  stages: [{ percent: 10, minutes: 30 }],
  step: 0,
  nextAt: null,
};

const WAITING = [
  { kind: 'pull', id: 'pul_1', incident: 'inc_1', hold: null },
  { kind: 'restoration', id: 'hld_1', incident: 'inc_1', hold: 'hld_1' },
  { kind: 'adoption', id: 'hld_2', incident: 'inc_1', hold: 'hld_2' },
].map((each) => ({ ...each, system: 'bot', says: 'disable answers' }));

let server: Server;
let asked: { method?: string | undefined; url?: string | undefined; body: unknown }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { method, url = '' } = request;
      asked.push({ method, url, body: text === '' ? undefined : JSON.parse(text) });
      const answer = url.startsWith('/api/v1/approvals')
        ? { items: WAITING }
        : url.endsWith('restorations')
          ? { restorations: [RESTORATION] }
          : url.startsWith('/api/v1/holds')
            ? { holds: [RESTORATION] }
            : RESTORATION;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
});

async function firebreak(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
  const exit = await run(['node', 'firebreak', ...argv], {
    out: { isTTY: true, write: (text) => out.push(text) },
    err: { write: (text) => err.push(text) },
    env,
  });
  return { exit, out: out.join(''), err: err.join('') };
}

it('asks with checks and stages, and says what it waits for', async () => {
  const done = await firebreak(
    ...['restorations', 'ask', 'HLD-1', '--reason', 'v42 is live', '--check', 'mended', '--check', 'read by legal'],
    ...['--stage', '10:30', '--stage', '0:60:NL,BE', '--watch', '90'],
  );
  expect(asked.at(-1)).toMatchObject({
    url: '/api/v1/incidents/inc_1/holds/hld_1/restoration',
    body: {
      checks: ['mended', 'read by legal'],
      stages: [
        { percent: 10, minutes: 30 },
        { percent: 0, minutes: 60, countries: ['NL', 'BE'] },
      ],
      watchMinutes: 90,
    },
  });
  expect(done).toMatchObject({ exit: 0 });
  expect(done.out).toContain('It waits for 1 conditions.');
});

it('lists, meets by place from 1, agrees and halts', async () => {
  expect((await firebreak('restorations', 'list')).out).toContain('0 of 2');
  await firebreak('restorations', 'met', 'HLD-1', '1', '--note', 'Lea read it');
  expect(asked.at(-1)).toMatchObject({ body: { condition: 0, note: 'Lea read it' } });
  await firebreak('restorations', 'approve', 'HLD-1');
  expect(asked.at(-1)?.url).toMatch(/\/approve$/);
  await firebreak('restorations', 'halt', 'HLD-1', '--reason', 'it lies again');
  expect(asked.at(-1)).toMatchObject({ body: { reason: 'it lies again' } });
});

it('takes back what waits for somebody else', async () => {
  const withdraw = (id: string) => firebreak('approvals', 'withdraw', id, '--reason', 'the wrong system');
  expect((await withdraw('pul_1')).out).toBe('Taken back: disable answers on bot.\n');
  expect(asked.at(-1)).toMatchObject({
    method: 'POST',
    url: '/api/v1/incidents/inc_1/pulls/pul_1/withdraw',
    body: { reason: 'the wrong system' },
  });
  await withdraw('hld_1');
  expect(asked.at(-1)?.url).toBe('/api/v1/incidents/inc_1/holds/hld_1/restoration/withdraw');
  expect(await withdraw('hld_2')).toMatchObject({ exit: 2, err: expect.stringContaining('ends by itself') });
  expect(await withdraw('pul_9')).toMatchObject({ exit: 2, err: expect.stringContaining('approvals list') });
});

it.each([
  [['restorations', 'ask', 'HLD-1', '--reason', 'x', '--stage', 'half'], 'percent:minutes'],
  [['restorations', 'met', 'HLD-1', '0', '--note', 'x'], 'The first condition is 1'],
])('refuses %j before anything is sent', async (argv, says) => {
  const done = await firebreak(...argv);
  expect(done.exit).toBe(2);
  expect(done.err).toContain(says);
  expect(asked.filter(({ method }) => method === 'POST')).toEqual([]);
});
