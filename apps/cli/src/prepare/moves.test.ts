import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const item = (says: string, done: boolean, needed = true) => ({ item: says, says, done, needed });
const found = (third: boolean) => ({
  moves: [
    { move: 'define', done: true, items: [item('the table is your own', true)] },
    { move: 'map', done: true, items: [item('Bot is registered', true), item('nothing was heard yet', false, false)] },
    { move: 'playbook', done: third, items: [item('adopt one', third)] },
  ],
  systems: 1,
  entry: null,
  riskiest: {
    key: 'bot',
    name: 'Bot',
    type: 'agent',
    reasons: ['it acts alone', 'no guardrail is on'],
    failures: [{ archetype: 'prompt-injection', why: 'x', playbook: { key: 'prompt-injection.agent' } }],
  },
  playbook: null,
});
let server: Server;
let third = false;
const shipped = { key: 'k', own: false, version: 1, content: { name: 'K', steps: [] } };
const asked: { method: string | undefined; url: string | undefined; body: unknown }[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    asked.push({ method: request.method, url: request.url, body: text === '' ? null : JSON.parse(text) });
    const answer = request.url?.startsWith('/api/v1/moves')
      ? found(third)
      : request.url?.startsWith('/api/v1/rubric')
        ? { current: { version: 1 } }
        : request.url === '/api/v1/tasks'
          ? { incidents: [{ label: 'INC-2026-0001', late: 2, next: null }] }
          : { playbook: shipped, retired: 'plb_1' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => server.close());

async function firebreak(...argv: string[]) {
  let out = '';
  const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
  const code = await run(['node', 'firebreak', ...argv], {
    out: { isTTY: true, write: (text) => (out += text) },
    err: { write: () => {} },
    env,
  });
  return { code, out };
}

it('prints the three moves, what each lacks, and the proposal while the third is open', async () => {
  expect((await firebreak('moves')).out).toBe(
    [
      '✓ 1. Say what an AI incident is, and how grave',
      '✓ 2. Map the AI systems, who answers for them, and how they log',
      '     ○ nothing was heard yet',
      '· 3. One playbook for the riskiest use',
      '     · adopt one',
      'The riskiest system seems to be Bot: it acts alone; no guardrail is on.',
      'What may go wrong first: prompt-injection. Adopt its playbook: firebreak playbooks adopt prompt-injection.agent',
      '2 of 3 made. Go on under /start.',
      '',
    ].join('\n'),
  );
  third = true;
  const { out } = await firebreak('moves');
  expect(out).toContain('3 of 3 made.\n');
  expect(out).not.toContain('riskiest system');
});

it('takes the table and a playbook for one’s own, and retires one with a reason', async () => {
  expect(await firebreak('rubric', 'accept')).toMatchObject({ code: 0 });
  expect(asked.at(-1)).toMatchObject({ url: '/api/v1/rubric/accept', body: { version: 1 } });
  expect((await firebreak('playbooks', 'adopt', 'k')).out).toBe('k is your own.\n');
  expect(asked.at(-1)).toMatchObject({
    method: 'PUT',
    body: { content: { name: 'K' }, because: 'Adopted as shipped' },
  });
  expect(await firebreak('playbooks', 'retire', 'k')).toMatchObject({ code: 2 });
  expect((await firebreak('playbooks', 'retire', 'k', '--reason', 'old')).out).toBe('Retired k.\n');
  expect(asked.at(-1)).toMatchObject({ url: '/api/v1/playbooks/k/retire', body: { reason: 'old' } });
});

it('says what open incidents are late with', async () => {
  expect((await firebreak('tasks', 'due')).out).toMatch(/INC-2026-0001 +2 +— +—/);
});
