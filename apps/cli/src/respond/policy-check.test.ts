import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

const REVIEW = { kind: 'review', what: 'refunds', by: 'support' };
const MEANS = [
  { kind: 'control', system: 'bot', control: 'Stop answers' },
  { kind: 'step', playbook: 'own', step: 'tell-users' },
  REVIEW,
];
const policy = (part: object) => ({ id: 'pol_1', title: 'No promises', means: MEANS, uncovered: [], ...part });

describe('policies in a terminal', () => {
  let server: Server;
  let tested: string | null = '2026-11-20T21:00:00.000Z';
  let held = [policy({})];
  const asked: string[] = [];
  const answers: Record<string, () => object> = {
    '/api/v1/policies': () => ({ policies: held }),
    '/api/v1/containment/coverage': () => ({
      systems: [{ system: 'bot', controls: [{ control: 'ctl_1', name: 'Stop answers', testedAt: tested }] }],
    }),
    '/api/v1/coverage': () => ({ systems: [] }),
    '/api/v1/playbooks': () => ({ playbooks: [{ key: 'own' }, { key: 'other' }] }),
    '/api/v1/playbooks/own': () => ({ playbook: { key: 'own', content: { steps: [{ key: 'tell-users' }] } } }),
    '/api/v1/policy-exceptions': () => ({ exceptions: [], more: false }),
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url!);
      if (request.url!.endsWith('system=ghost')) {
        const problem = { type: '/problems/system.unknown', title: 'There is no such system', status: 404 };
        response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
        return;
      }
      const answer = answers[request.url!.split('?')[0]!];
      response
        .writeHead(answer ? 200 : 500, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer?.() ?? {}));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => server.close());

  async function say(...args: string[]) {
    let out = '';
    let err = '';
    const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
    const code = await run(['node', 'firebreak', ...args], {
      out: { isTTY: true, write: (text: string) => (out += text) },
      err: { write: (text: string) => (err += text) },
      env,
    });
    return { code, out, err };
  }

  it('pass the check only when everything that carries them out is there', async () => {
    expect(await say('policies', 'check')).toMatchObject({ code: 0, out: expect.not.stringContaining('GAP') });
    expect(asked).not.toContain('/api/v1/playbooks/other');
    expect(asked).toContain('/api/v1/containment/coverage?system=bot');
    expect(asked.filter((path) => path.startsWith('/api/v1/coverage'))).toEqual([]);
    tested = null;
    expect(await say('policies', 'check')).toMatchObject({ code: 1, out: expect.stringMatching(/GAP .*untested/) });
    tested = '2026-11-20T21:00:00.000Z';
    held = [policy({ means: [] })];
    expect(await say('policies', 'check')).toMatchObject({ code: 1, out: expect.stringMatching(/GAP .*not mapped/) });
    held = [policy({ means: [{ kind: 'control', system: 'ghost', control: 'Stop' }] })];
    expect(await say('policies', 'check')).toMatchObject({ code: 1, out: expect.stringMatching(/GAP .*missing/) });
    held = [policy({ means: MEANS.slice(0, 1), uncovered: ['mailer'] })];
    expect(await say('policies', 'check')).toMatchObject({ code: 1, out: expect.stringMatching(/GAP .*mailer/) });
  });

  it('ask for what was in force at a time, and say what a wrong word should have been', async () => {
    await say('policies', 'exceptions', '--system', 'bot', '--at', '2026-11-20T22:00:00+01:00');
    expect(asked.at(-1)).toContain('at=2026-11-20T21%3A00%3A00.000Z');
    expect(await say('policies', 'exceptions', '--at', 'noon')).toMatchObject({
      code: 2,
      err: expect.stringContaining('is no time'),
    });
    expect(await say('policies', 'show', 'promises')).toMatchObject({
      code: 2,
      err: expect.stringContaining('is no policy id'),
    });
  });
});
