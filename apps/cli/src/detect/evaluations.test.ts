import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { run } from '../run.ts';

interface Sent {
  readonly name?: string;
  readonly system?: string;
}
const JUDGED = { score: null, label: 'not_relevant', outcome: 'failed', interaction: 'int_1' };
const READ = {
  interaction: { system: 'bot', at: '2026-11-20T21:00:00.000Z', versions: {}, output: 'Friday.', judge: true },
  signals: [],
  feedback: [],
  evaluations: [
    { ...JUDGED, name: 'Relevance' },
    { ...JUDGED, name: 'Tone', score: 3, label: null, outcome: 'unsaid', interaction: null },
  ],
  sealed: null,
};
let server: Server;
let batches: Sent[][] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      if (request.url === '/api/v1/interactions/a-1')
        return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(READ));
      if (request.method !== 'POST' || request.url !== '/api/v1/evaluations') return response.writeHead(404).end('{}');
      const batch: Sent[] = JSON.parse(text);
      batches.push(batch);
      const rejected = batch.flatMap(({ name }, index) =>
        name === undefined ? [{ index, pointer: `/${index}/name`, detail: 'say which' }] : [],
      );
      const none = rejected.length === batch.length;
      const good = { accepted: batch.length - rejected.length - 1, duplicate: 1, rejected, ids: [] };
      const bad = { type: 'https://x/problems/telemetry.batch-refused', title: 'No', errors: rejected };
      return response
        .writeHead(none ? 400 : rejected.length > 0 ? 207 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(none ? bad : good));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  batches = [];
});

async function send(text: string, ...argv: string[]) {
  const file = join(await mkdtemp(join(tmpdir(), 'firebreak-evaluations-')), 'judged.jsonl');
  await writeFile(file, text);
  return firebreak('evaluations', 'send', file, ...argv);
}
async function firebreak(...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(['node', 'firebreak', ...argv], {
    out: { isTTY: true, write: (said) => out.push(said) },
    err: { write: (said) => err.push(said) },
    env: { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' },
  });
  return { code, out: out.join(''), err: err.join('') };
}
const lines = (of: readonly object[]) => of.map((it) => JSON.stringify(it)).join('\n');

it('sends lines or a list, with the system that is named for those without one', async () => {
  const judged = [
    { name: 'Relevance', score: 1 },
    { system: 'other', name: 'Tone', score: 1 },
  ];
  expect(await send(`\uFEFF${lines(judged)}\n\n`, '--system', 'bot')).toMatchObject({
    code: 0,
    out: '1 in, 1 known already, 0 refused.\n',
  });
  await send(JSON.stringify(judged, null, 2));
  expect(batches).toEqual([[{ system: 'bot', name: 'Relevance', score: 1 }, judged[1]], judged]);
});

it('sends many in batches, and names lines that were refused, also where all of a batch was', async () => {
  const many = Array.from({ length: 1_001 }, (_, i) => (i === 700 || i === 1_000 ? { n: i } : { name: `of ${i}` }));
  const { code, out } = await send(lines(many));
  expect(batches.map(({ length }) => length)).toEqual([500, 500, 1]);
  expect([code, out]).toEqual([
    1,
    '997 in, 2 known already, 2 refused.\nline 701 /name: say which\nline 1001 /name: say which\n',
  ]);
  const long = Array.from({ length: 5 }, () => ({ name: 'x', explanation: 'y'.repeat(900_000) }));
  await send(lines(long));
  expect(batches.slice(3).map(({ length }) => length)).toEqual([2, 2, 1]);
});

it('sends nothing of a file that cannot be read', async () => {
  const bad = await send(`${lines([{ name: 'x' }])}\n{"name":`);
  expect([bad.code, bad.err]).toEqual([2, expect.stringMatching(/line 2 is not JSON.*Nothing was sent/)]);
  expect((await send(' \n')).code).toBe(2);
  expect(batches).toEqual([]);
});

it('shows those of an interaction, and says of which nobody knows the answer', async () => {
  const { out } = await firebreak('interactions', 'show', 'a-1');
  expect(out.split('\n')).toEqual(
    expect.arrayContaining([
      'the call of a judge, about another answer',
      'evaluation Relevance, not_relevant, failed',
      'evaluation Tone, 3, of this trace, of which answer is not known',
    ]),
  );
});
