import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { run } from '../run.ts';

const everybody = { roles: [], seats: [] };
const RULE = {
  who: { pull: everybody, extend: everybody, ask: everybody, approve: everybody, 'break-glass': everybody },
  second: null,
  freshMinutes: 15,
  typed: true,
};
const says = {
  pull: 'everybody',
  extend: 'everybody',
  ask: 'everybody',
  approve: 'everybody',
  'break-glass': 'nobody',
};

let rows: readonly object[] = [];
let sent: { url?: string | undefined; body: unknown }[] = [];
let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      if (request.method === 'POST') sent.push({ url: request.url, body: JSON.parse(text) });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ rows }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  sent = [];
});

async function set(...argv: string[]) {
  const err: string[] = [];
  const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
  const code = await run(['node', 'firebreak', 'rights', 'set', 'wide', '--system', 'bot', '--reason', 'x', ...argv], {
    out: { isTTY: true, write: () => true },
    err: { write: (text) => err.push(text) },
    env,
  });
  return { code, err: err.join(''), rule: (sent.at(-1)?.body as { rule?: typeof RULE & { quiet?: true } })?.rule };
}

it('says with --pages whether a pull of all of it pages people, and keeps what is not said', async () => {
  rows = [{ of: 'wide', name: 'All of it', says, rule: RULE }];
  const quiet = await set('--pages', 'no');
  expect([quiet.code, quiet.rule]).toEqual([0, { ...RULE, quiet: true }]);
  expect((await set('--pages', 'yes')).rule).toEqual(RULE);
  expect((await set('--typed', 'no')).rule).toEqual({ ...RULE, typed: false });
  rows = [{ of: 'wide', name: 'All of it', says, rule: { ...RULE, quiet: true } }];
  expect((await set('--typed', 'no')).rule).toEqual({ ...RULE, typed: false, quiet: true });
  expect((await set('--pages', 'yes')).rule).toEqual(RULE);
});
