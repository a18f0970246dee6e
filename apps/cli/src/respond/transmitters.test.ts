import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const TRANSMITTER = {
  id: 'trm_1',
  name: 'IdP',
  issuer: 'https://idp.example',
  endpoint: 'https://firebreak.example/ssf/events/trm_1',
  lastAt: null,
  revoked: 2,
  refused: { description: 'The signature is not by the key it names.' },
  ended: null,
};
const EVENT = { at: '2026-11-20T21:00:00.000Z', type: 'session-revoked', subject: 'clerk', revoked: 2, why: '' };

let server: Server;
let folder: string;
const heard: { readonly method: string | undefined; readonly path: string; readonly body: unknown }[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firebreak-'));
  server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    heard.push({ method: request.method, path: request.url!, body: text === '' ? null : JSON.parse(text) });
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ transmitters: [TRANSMITTER], transmitter: TRANSMITTER, events: [EVENT] }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

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
  const code = await run(['node', 'firebreak', 'transmitters', ...args], { out: into('out'), err: into('err'), env });
  return { code, ...said };
}
const WHO = ['add', 'IdP', '--issuer', 'https://idp.example', '--audience', 'us'];

it('lists who is believed and what they told, and ends one', async () => {
  expect((await firebreak('list')).out).toMatch(/trm_1 +IdP .* 2 +The signature is not/);
  expect((await firebreak('events')).out).toMatch(/session-revoked +clerk +2/);
  expect((await firebreak('end', 'trm_1', '--reason', 'moved')).out).toContain('IdP is believed no more.');
  expect(heard.at(-1)).toMatchObject({ path: '/api/v1/transmitters/trm_1/end', body: { reason: 'moved' } });
  expect(await firebreak('end', 'sub_1', '--reason', 'moved')).toMatchObject({ code: 2 });
});

it('adds one with the address of its keys or with the keys, and says where it pushes to', async () => {
  const { out } = await firebreak(...WHO, '--keys-url', 'https://idp.example/jwks', '--system', 'bot', 'shop');
  expect(out).toContain('It pushes to https://firebreak.example/ssf/events/trm_1');
  expect(heard.at(-1)!.body).toMatchObject({ keysUrl: 'https://idp.example/jwks', systems: ['bot', 'shop'] });
  const file = join(folder, 'jwks.json');
  await writeFile(file, '{"keys":[]}');
  await firebreak(...WHO, '--keys', file);
  expect(heard.at(-1)!.body).toMatchObject({ keys: { keys: [] }, systems: [] });
});

it.each([
  ['neither', [], 'Say where its keys stand'],
  ['both', ['--keys-url', 'https://idp.example/jwks', '--keys', 'x.json'], 'and not both'],
  ['a file that cannot be read', ['--keys', '/nowhere/x.json'], 'holds no JWK set'],
])('refuses %s before anything is sent', async (_, given, says) => {
  const before = heard.length;
  expect(await firebreak(...WHO, ...given)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
  expect(heard).toHaveLength(before);
});
