import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const REPORT = {
  accepted: false,
  conforms: false,
  mode: 'strict',
  dialect: 'cosai',
  steps: 0,
  commands: {},
  findings: [{ level: 'error', pointer: '/id', what: 'wrong' }],
};
let server: Server;
let folder: string;
let accepted = false;
const asked: { url?: string | undefined; body: unknown }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firebreak-playbooks-'));
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      asked.push({ url: request.url, body: text === '' ? null : JSON.parse(text) });
      const answer = request.url?.endsWith('/cacao')
        ? { type: 'playbook' }
        : {
            report: { ...REPORT, accepted, commands: accepted ? { bash: 2 } : {} },
            playbook: accepted ? { key: 'k', version: 1 } : null,
          };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function firebreak(...argv: string[]) {
  let out = '';
  let err = '';
  const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
  const code = await run(['node', 'firebreak', ...argv], {
    out: { isTTY: true, write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    env,
  });
  return { code, out, err };
}

it('imports a file, says what is wrong with it, and answers no when it was not taken', async () => {
  const file = join(folder, 'in.json');
  await writeFile(file, '{"a":1}');
  const refused = await firebreak('playbook', 'import', file);
  expect(refused.code).toBe(1);
  expect(refused.out).toContain('error /id: wrong');
  expect(refused.out).toContain('--lenient');
  accepted = true;
  const taken = await firebreak('playbooks', 'import', file, '--lenient', '--check', '--archetype', 'control-failure');
  expect(taken.code).toBe(0);
  expect(taken.out).toContain('none run: 2 bash');
  expect(taken.out).toContain('Kept as k, version 1.');
  expect(asked.at(-1)!.body).toEqual({ text: '{"a":1}', mode: 'lenient', keep: false, archetype: 'control-failure' });
});

it('exports to a file', async () => {
  const file = join(folder, 'out.json');
  expect((await firebreak('playbook', 'export', 'k', file)).code).toBe(0);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ type: 'playbook' });
  expect(asked.at(-1)!.url).toBe('/api/v1/playbooks/k/cacao');
});

it.each([
  [['playbook', 'import', '/nowhere/at/all.json'], 'no such file'],
  [['playbook', 'diff', 'k', 'one', '2'], 'not a version'],
  [['playbook', 'import', 'x', '--archetype', 'gremlins'], 'Allowed choices'],
])('refuses %j with a reason', async (argv, why) => {
  const { code, err } = await firebreak(...argv);
  expect(code).toBe(2);
  expect(err).toContain(why);
});
