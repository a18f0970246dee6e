import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

let server: Server;
let asked: [string, unknown][] = [];
let answers: Record<string, object> = {};
const CANDIDATE = { id: 'cnd_1', title: 'One event', state: 'forming', summary: { count: 3 }, mergedInto: null };

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url!.replace('/api/v1', '');
    void (request.method === 'GET' ? Promise.resolve(null) : json(request)).then((body) => {
      if (request.method !== 'GET') asked.push([path, body]);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answers[path] ?? CANDIDATE));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  answers = {};
});

async function firebreak(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(['node', 'firebreak', ...argv], {
    out: { write: (text) => out.push(text) },
    err: { write: (text) => err.push(text) },
    env: { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' },
  });
  return { code, out: out.join(''), err: err.join('') };
}
const reason = 'Both quote the device rule';
const because = ['--reason', reason];

describe('a person says what belongs together', () => {
  it('merges, splits, and takes back whichever of the two it was', async () => {
    expect((await firebreak('candidates', 'merge', 'cnd_1', '--into', 'cnd_2', ...because)).code).toBe(0);
    const some = ['--signals', 'sig_1', 'sig_2', '--title', 'Another'];
    expect((await firebreak('candidates', 'split', 'cnd_1', ...some, ...because)).code).toBe(0);
    expect((await firebreak('candidates', 'take-back', 'cnd_1', ...because)).code).toBe(0);
    answers['/candidates/cnd_1'] = { ...CANDIDATE, mergedInto: 'cnd_2' };
    expect((await firebreak('candidates', 'take-back', 'cnd_1', ...because)).code).toBe(0);
    expect(asked).toEqual([
      ['/candidates/cnd_1/merge', { into: 'cnd_2', reason }],
      ['/candidates/cnd_1/split', { signals: ['sig_1', 'sig_2'], reason, title: 'Another' }],
      ['/candidates/cnd_1/unsplit', { reason }],
      ['/candidates/cnd_1/unmerge', { reason }],
    ]);
  });

  it('says whether one follows from another, and what became of late reports', async () => {
    answers['/candidates/cnd_1/parent'] = { ...CANDIDATE, parent: { candidate: 'cnd_7' } };
    expect((await firebreak('candidates', 'follows', 'cnd_1', ...because)).code).toBe(0);
    expect((await firebreak('candidates', 'follows', 'cnd_1', '--not', ...because)).code).toBe(0);
    expect((await firebreak('candidates', 'late', 'cnd_1', '--as', 'known', ...because)).code).toBe(0);
    expect(asked).toEqual([
      ['/candidates/cnd_1/parent', { accepted: true, reason }],
      ['/candidates/cnd_1/parent', { accepted: false, reason }],
      ['/candidates/cnd_1/late', { as: 'known', reason }],
    ]);
    answers['/late-reports'] = { candidates: [{ ...CANDIDATE, incident: 'inc_1', late: { summary: { count: 2 } } }] };
    expect(await firebreak('candidates', 'late')).toMatchObject({ code: 0, out: expect.stringContaining('inc_1') });
  });

  it('is told what is missing before anything is asked', async () => {
    expect(await firebreak('candidates', 'late', 'cnd_1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('reopened, linked, known'),
    });
    expect(await firebreak('candidates', 'split', 'cnd_1', '--signals', 'int_1', ...because)).toMatchObject({
      code: 2,
      err: expect.stringContaining('sig_'),
    });
    expect(asked).toEqual([]);
  });
});

describe('a simulated signal', () => {
  it('is raised, marked, and answered with whether it pages', async () => {
    answers['/simulations'] = { mark: 'simulated:a1', signal: 'sig_9' };
    answers['/signals/sig_9/why'] = {
      signal: 'sig_9',
      candidate: 'cnd_1',
      paged: false,
      says: 'A second finding is missing.',
    };
    const first = await firebreak('signals', 'simulate', 'bot', 'It invents a rule', '--severity', '2');
    expect(first).toMatchObject({ code: 1, out: expect.stringContaining('A second finding is missing.') });
    answers['/signals/sig_9/why'] = { signal: 'sig_9', candidate: 'cnd_1', paged: true, says: 'It paged.' };
    const second = ['--mark', 'simulated:a1', '--detector', 'another', '--channel', 'feedback'];
    expect((await firebreak('signals', 'simulate', 'bot', 'They complain', ...second)).code).toBe(0);
    expect(asked.map(([, body]) => body)).toMatchObject([
      { system: 'bot', channel: 'output-filter', evidenceClass: 'strong', severityHint: 2, mark: null },
      { system: 'bot', channel: 'feedback', detector: 'another', severityHint: null, mark: 'simulated:a1' },
    ]);
  });

  it.each([
    [['--channel', 'radio'], 'output-filter'],
    [['--severity', '5'], 'gravest'],
    [['--mark', 'real:1'], 'is no mark'],
  ])('refuses %j', async (bad, says) => {
    expect(await firebreak('signals', 'simulate', 'bot', 'It invents', ...bad)).toMatchObject({
      code: 2,
      err: expect.stringContaining(says),
    });
    expect(asked).toEqual([]);
  });
});
