import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

const PROPOSAL = { id: 'prp_1', state: 'open', severity: 2, reasons: ['three of one kind', 'in 14 days'] };

describe('small incidents that add up, in a terminal', () => {
  let server: Server;
  const heard: { readonly path: string; readonly body: unknown }[] = [];
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      heard.push({ path: request.url!, body: text === '' ? null : JSON.parse(text) });
      const answer = request.url!.endsWith('/accept')
        ? { incident: { label: 'INC-2026-0009', severity: 2, children: [1, 2, 3] } }
        : { proposals: [PROPOSAL], proposal: { ...PROPOSAL, state: 'dismissed' } };
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
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { FIREBREAK_URL: url, FIREBREAK_KEY: 'fbk_x' };
    const code = await run(['node', 'firebreak', ...args], { out: into('out'), err: into('err'), env });
    return { code, ...said };
  }

  it('are listed with the reasons: open ones, or all, or those with one incident', async () => {
    const { code, out } = await firebreak('parents', 'list');
    expect(code).toBe(0);
    expect(out).toMatch(/prp_1 +open +2 +three of one kind; in 14 days/);
    expect(heard.at(-1)!.path).toBe('/api/v1/parent-proposals?show=open');
    await firebreak('parents', 'list', '--all', '--incident', 'INC-2026-0003');
    expect(heard.at(-1)!.path).toBe('/api/v1/parent-proposals?show=all&incident=INC-2026-0003');
  });

  it('become the parts of a parent, or are kept apart with a reason', async () => {
    expect((await firebreak('parents', 'accept', 'prp_1', 'Refund rule invented')).out).toBe(
      'INC-2026-0009 declared, Sev 2, with 3 parts.\n',
    );
    expect(heard.at(-1)).toEqual({
      path: '/api/v1/parent-proposals/prp_1/accept',
      body: { title: 'Refund rule invented' },
    });
    expect((await firebreak('parents', 'dismiss', 'prp_1', '--reason', 'two vendors')).out).toBe('Kept apart.\n');
    expect(heard.at(-1)).toEqual({ path: '/api/v1/parent-proposals/prp_1/dismiss', body: { reason: 'two vendors' } });
  });

  it('are asked for by an id that can be one, and not dismissed without a reason', async () => {
    const before = heard.length;
    expect(await firebreak('parents', 'accept', 'INC-2026-0001', 'x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('“firebreak parents list” shows them'),
    });
    expect(await firebreak('parents', 'dismiss', 'prp_1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--reason'),
    });
    expect(heard).toHaveLength(before);
  });
});
