import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const hold = {
  id: 'lgh_1',
  reason: 'claim',
  matter: '',
  placedAt: '2026-11-20T10:00:00.000Z',
  placedBy: { kind: 'person', id: 'usr_1' },
  lifted: null,
};
const rule = {
  system: 'bot',
  keptDays: null,
  takesOut: ['secret'],
  sentShare: null,
  changedAt: '2026-11-20T10:00:00.000Z',
  changedBy: { kind: 'person', id: 'usr_1' },
  reason: 'law',
  legalHolds: [hold],
};
let server: Server;
const asked: { what: string; body: unknown }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    asked.push({ what: `${request.method} ${request.url}`, body: text === '' ? null : JSON.parse(text) });
    const answer = request.method === 'GET' ? { keptDays: 30, rules: [rule] } : { rule };
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

it('lists rules with what is usual, changes one, and places and lifts legal holds', async () => {
  expect((await firebreak('records')).out).toMatch(/bot\s+30\s+secret\s+1\s+lgh_1\s+law/);
  await firebreak('records', 'rule', 'bot', '--days', '90', '--take-out', 'secret', 'email_address', '--reason', 'r');
  expect(asked.at(-1)).toEqual({
    what: 'PUT /api/v1/systems/bot/record-rule',
    body: { keptDays: 90, takesOut: ['secret', 'EMAIL_ADDRESS'], sentShare: null, reason: 'r' },
  });
  expect(await firebreak('records', 'rule', 'bot', '--take-out', 'names', '--reason', 'r')).toMatchObject({ code: 2 });
  expect(await firebreak('records', 'rule', 'bot', '--days', 'long', '--reason', 'r')).toMatchObject({ code: 2 });
  expect((await firebreak('records', 'hold', 'bot', '--reason', 'claim')).out).toContain('lgh_1');
  expect((await firebreak('records', 'lift', 'bot', 'lgh_1', '--reason', 'over')).out).toContain('1 still lie');
  expect(await firebreak('records', 'lift', 'bot', '1', '--reason', 'over')).toMatchObject({ code: 2 });
});
