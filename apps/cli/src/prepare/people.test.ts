import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const MADE = { id: 'key_1', name: 'shop', scopes: ['flags'], lastUsedAt: null, revoked: false, page: null };

let server: Server;
let heard: unknown;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    heard = text === '' ? null : JSON.parse(text);
    const page = (heard as { page?: object } | null)?.page ?? null;
    const rows = [{ ...MADE, page: { origins: ['https://shop.example'], systems: ['shop-bot'] } }, MADE];
    const answer = heard === null ? { keys: rows } : { key: { ...MADE, page }, secret: 'fbk_made' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => server.close());

async function firebreak(...args: string[]) {
  const said = { out: '', err: '' };
  const into = (stream: 'out' | 'err') => ({
    isTTY: true,
    write: (text: string) => {
      said[stream] += text;
    },
  });
  const env = {
    FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    FIREBREAK_KEY: 'fbk_x',
  };
  const code = await run(['node', 'firebreak', 'keys', ...args], { out: into('out'), err: into('err'), env });
  return { code, ...said };
}

it('makes a page key of origins and systems, and says that everybody can read it', async () => {
  const made = await firebreak(
    ...['create', '--name', 'shop', '--scope', 'flags', '--origin', 'https://shop.example', 'http://127.0.0.1:3000'],
    ...['--system', 'shop-bot'],
  );
  expect(heard).toEqual({
    name: 'shop',
    scopes: ['flags'],
    page: { origins: ['https://shop.example', 'http://127.0.0.1:3000'], systems: ['shop-bot'] },
  });
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^fbk_made\n.*everybody can read it/) });
});

it('asks for none where neither is named, and lets the server say what is missing where one is', async () => {
  expect((await firebreak('create', '--name', 'a', '--scope', 'flags')).out).toContain('the secret is shown');
  expect(heard).toEqual({ name: 'a', scopes: ['flags'] });
  await firebreak('create', '--name', 'a', '--scope', 'flags', '--system', 'shop-bot');
  expect(heard).toMatchObject({ page: { origins: [], systems: ['shop-bot'] } });
});

it('lists where each may be used, and what it reads', async () => {
  expect((await firebreak('list')).out).toMatch(/shop +flags +https:\/\/shop\.example +shop-bot/);
});
