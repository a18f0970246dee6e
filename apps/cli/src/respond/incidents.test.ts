import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

const by = (kind: string, id: string) => ({ kind, id });
const FACTS = [
  { seq: 4, at: '2026-11-20T21:00:00.000Z', by: by('person', 'usr_1'), type: 'incident.declared' },
  { seq: 5, at: '2026-11-20T21:00:01.000Z', by: by('system', 'triage'), type: 'context.assembled' },
  { seq: 6, at: '2026-11-20T21:00:02.000Z', by: by('key', 'key_7'), type: 'note.written' },
  { seq: 7, at: '2026-11-20T21:00:03.000Z', by: by('person', 'usr_gone'), type: 'note.written' },
];
const CALLED = { archetype: 'quality-drift', also: ['vendor-outage'] };
const MISS = {
  ...CALLED,
  id: 'inc_1',
  systems: ['support-bot', 'mailer'],
  label: 'INC-2026-0001',
  severity: 2,
  provisional: true,
};

describe('incidents in a terminal', () => {
  let server: Server;
  const heard: { path: string; query: string; body: unknown }[] = [];
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      const { pathname, search } = new URL(request.url!, 'http://x');
      heard.push({ path: pathname, query: search, body: text === '' ? null : JSON.parse(text) });
      const answers: Record<string, object> = {
        '/api/v1/people/directory': { names: { usr_1: 'Ana Nkemelu', key_7: 'Status bot' } },
        '/api/v1/incidents/INC-2026-0001/facts': { facts: FACTS, next: null },
        '/api/v1/incidents': { incident: MISS, incidents: [], next: null },
      };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answers[pathname] ?? { incident: MISS }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
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

  it.each(['show', 'timeline'])('%s names who acted, and shows an id nobody knows as it is', async (command) => {
    const { code, out } = await firebreak('incidents', command, 'INC-2026-0001');
    expect(code).toBe(0);
    const lines = out.split('\n').map((line) => line.replace(/\s+/g, ' '));
    expect(lines[1]).toContain('Ana Nkemelu incident.declared');
    expect(lines[2]).toContain('Firebreak (triage) context.assembled');
    expect(lines[3]).toContain('Status bot note.written');
    expect(lines[4]).toContain('usr_gone note.written');
  });

  it('files a near miss with what stopped it, and refuses a kind of failure there is not', async () => {
    const { out } = await firebreak(
      ...['declare', 'Nearly paid twice', '--near-miss', '--stopped-by', 'the reviewer'],
      ...['--would-have', 'paid 40 people twice', '--archetype', 'control-failure'],
    );
    expect(out).toBe('INC-2026-0001 filed as a near miss; it would have been Sev 2.\n');
    expect(heard.at(-1)!.body).toMatchObject({
      kind: 'near-miss',
      archetype: 'control-failure',
      miss: { stoppedBy: 'the reviewer', wouldHave: 'paid 40 people twice', proximateCause: '' },
    });
    expect(await firebreak('declare', 'x', '--archetype', 'gremlins')).toMatchObject({
      code: 2,
      err: expect.stringContaining('“gremlins” is not a kind of failure'),
    });
    await firebreak('incidents', 'refile', 'INC-2026-0001', '--reason', 'two were paid');
    expect(heard.at(-1)).toMatchObject({
      path: '/api/v1/incidents/INC-2026-0001/kind',
      body: { to: 'normal', reason: 'two were paid' },
    });
    await firebreak('incidents', 'list', '--kind', 'near-miss');
    expect(heard.at(-1)!.query).toContain('kind=near-miss');
  });

  it('says what kind of failure it is, what else it shows, and lists by it', async () => {
    const { out } = await firebreak(
      ...['incidents', 'archetype', 'INC-2026-0001', 'quality-drift', '--also', 'vendor-outage'],
      ...['--reason', 'the vendor changed the model'],
    );
    expect(out).toBe('INC-2026-0001 called quality drift, also vendor-outage.\n');
    expect(heard.at(-1)).toMatchObject({
      path: '/api/v1/incidents/INC-2026-0001/archetype',
      body: { to: 'quality-drift', also: ['vendor-outage'], reason: 'the vendor changed the model' },
    });
    await firebreak('incidents', 'list', '--archetype', 'outside');
    expect(heard.at(-1)!.query).toContain('archetype=outside');
    const asked = heard.length;
    expect(await firebreak('incidents', 'archetype', 'INC-2026-0001', 'drift')).toMatchObject({
      code: 2,
      err: expect.stringContaining('outside, unknown'),
    });
    expect(heard).toHaveLength(asked);
  });

  it('names the systems an incident is about, and asks which where nothing is said', async () => {
    const { out } = await firebreak(
      ...[
        'incidents',
        'systems',
        'INC-2026-0001',
        '--system',
        'support-bot',
        'mailer',
        '--reason',
        'the caller said so',
      ],
    );
    expect(out).toBe('INC-2026-0001 is about support-bot, mailer.\n');
    expect(heard.at(-1)).toMatchObject({
      path: '/api/v1/incidents/INC-2026-0001/systems',
      body: { systems: ['support-bot', 'mailer'], reason: 'the caller said so' },
    });
    await firebreak('incidents', 'systems', 'INC-2026-0001', '--none');
    expect(heard.at(-1)!.body).toEqual({ systems: [], reason: '' });
    const asked = heard.length;
    for (const more of [[], ['--none', '--system', 'support-bot']])
      expect(await firebreak('incidents', 'systems', 'INC-2026-0001', ...more)).toMatchObject({
        code: 2,
        err: expect.stringContaining('--none'),
      });
    expect(heard).toHaveLength(asked);
  });
});
