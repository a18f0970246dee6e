import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const silence = {
  id: 'sil_1',
  system: 'bot',
  detector: null,
  archetype: null,
  channel: null,
  text: 'known test',
  reason: 'planned',
  owner: 'QA',
  until: '2026-11-28T10:00:00.000Z',
  holdsSevOne: false,
  setAt: '2026-11-28T09:00:00.000Z',
  setBy: { kind: 'person', id: 'usr_1' },
  over: null,
  silenced: 4,
};
const condition = {
  id: 'con_1',
  system: 'bot',
  detector: null,
  kind: null,
  rule: { kind: 'rate', over: 5, minutes: 10 },
  reason: 'noisy',
  setAt: '2026-11-28T09:00:00.000Z',
  setBy: { kind: 'person', id: 'usr_1' },
  removed: null,
  says: 'page only on more than 5 in 10 min',
  met: false,
  stands: '0 in 10 min',
};
const answer = {
  paged: false,
  says: 'Nobody was paged. Silenced: planned (QA).',
  hindrances: [{ kind: 'silence', says: 'silenced: planned (QA)', of: 'sil_1', signals: 4 }],
  nextAt: null,
};
const answers: Record<string, unknown> = {
  'GET /api/v1/candidates/cnd_1/why': { ...answer, candidate: 'cnd_1', state: 'coherent', pages: [], channels: [] },
  'GET /api/v1/signals/sig_1/why': { ...answer, paged: true, signal: 'sig_1', candidate: 'cnd_1' },
  'POST /api/v1/candidates/cnd_1/acknowledge': { title: 'A key leaked' },
  'GET /api/v1/set-aside': {
    count: 1,
    signals: [
      {
        signal: 'sig_9',
        system: 'bot',
        detector: 'own',
        text: 'odd',
        receivedAt: silence.until,
        at: silence.until,
        why: 'no profile',
      },
    ],
  },
  'POST /api/v1/set-aside/again': { tried: 1 },
  'GET /api/v1/silences': { silences: [silence, { ...silence, id: 'sil_2', over: { at: silence.until } }] },
  'POST /api/v1/silences': { silence },
  'POST /api/v1/silences/sil_1/extend': { silence },
  'POST /api/v1/silences/sil_1/end': { silence },
  'GET /api/v1/conditions': { conditions: [condition] },
  'POST /api/v1/conditions': { condition },
  'DELETE /api/v1/conditions/con_1': {},
};

let server: Server;
let url = '';
const sent: { readonly path: string; readonly body: Record<string, unknown> }[] = [];
beforeAll(async () => {
  server = createServer((request, reply) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      sent.push({ path: request.url!, body: body === '' ? {} : JSON.parse(body) });
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
  return { code, out, err };
}

it.each([
  [['candidates', 'why', 'cnd_1'], 1, 'silenced: planned (QA) (4 signals)'],
  [['signals', 'why', 'sig_1'], 0, 'Nobody was paged'],
  [['candidates', 'look', 'cnd_1'], 0, 'You look at it: A key leaked'],
  [['candidates', 'why', 'x'], 2, 'begin with cnd_'],
  [['candidates', 'set-aside'], 1, 'no profile'],
  [['candidates', 'set-aside', '--again'], 0, 'One signal is tried again.'],
  [['silences'], 0, 'bot “known test”'],
  [['silences', 'extend', 'sil_1', '--for', '2d', '--reason', 'still'], 0, 'silent until'],
  [['silences', 'end', 'sil_1', '--reason', 'done'], 0, 'held back 4 signals'],
  [['silences', 'end', 'x', '--reason', 'done'], 2, 'begin with sil_'],
  [['silences', 'add', '--system', 'bot', '--for', '8w', '--reason', 'x', '--owner', 'QA'], 2, 'no length of time'],
  [['silences', 'add', '--channel', 'tv', '--for', '1h', '--reason', 'x', '--owner', 'QA'], 2, 'no channel'],
  [['conditions'], 0, 'page only on more than 5 in 10 min'],
  [['conditions', 'set', '--system', 'bot', '--rate', '5', '--reason', 'noisy'], 2, 'cannot be read'],
  [['conditions', 'set', '--system', 'bot', '--reason', 'noisy'], 2, 'Say one of'],
  [['conditions', 'remove', 'con_1', '--reason', 'quiet now'], 0, 'count from the first on'],
] as const)('%j exits %i', async (args, code, says) => {
  const told = await firebreak(...args);
  expect([told.code, told.out + told.err]).toEqual([code, expect.stringContaining(says)]);
});

it('sends what was asked for, with an end inside the seven days', async () => {
  const { code } = await firebreak(
    'silences',
    'add',
    '--text',
    'known test',
    '--for',
    '7d',
    '--reason',
    'planned',
    '--owner',
    'QA',
  );
  expect(code).toBe(0);
  const { body } = sent.at(-1)!;
  expect(body).toMatchObject({ system: null, text: 'known test', holdsSevOne: false });
  expect(Date.parse(String(body.until)) - Date.now()).toBeLessThan(7 * 86_400_000);
  await firebreak('conditions', 'set', '--detector', 'claims', '--seen', '3/5/10', '--reason', 'noisy');
  expect(sent.at(-1)!.body.rule).toEqual({ kind: 'n-of-m', n: 3, m: 5, minutes: 10 });
  await firebreak('conditions', 'set', '--system', 'bot', '--warm-up', '200/7', '--reason', 'new');
  expect(sent.at(-1)!.body.rule).toEqual({ kind: 'warm-up', observations: 200, days: 7 });
});
