import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

const PLAN = {
  created: 1,
  changed: 1,
  same: 3,
  rows: [
    { row: 0, key: 'bot', action: 'create', changes: [{ member: 'name', from: null, to: 'Bot' }] },
    { row: 2, key: 'rag', action: 'change', changes: [{ member: 'owner', from: '', to: 'Team' }] },
  ],
  problems: [{ row: 1, key: 'crm', pointer: '/colour', detail: 'not a member' }],
};
const ENTRY = {
  id: 'chg_1',
  kind: 'deploy',
  subject: '',
  from: null,
  to: 'v1.4',
  deployment: null,
  diff: null,
  note: '',
  source: 'ci',
  link: '',
  occurredAt: '2026-11-20T21:00:00.000Z',
};

describe('systems and changes in a terminal', () => {
  let server: Server;
  let folder: string;
  let problems = PLAN.problems;
  const heard: { readonly path: string; readonly body: Record<string, unknown> }[] = [];
  const answers: Record<string, (body: Record<string, unknown>) => object> = {
    '/api/v1/systems/apply': ({ dryRun }) => ({ ...PLAN, problems, dryRun }),
    '/api/v1/changes': ({ id }) => ({ accepted: 1, duplicate: id === 'run-1' ? 1 : 0, rejected: [], ids: [null] }),
    '/api/v1/systems/bot/changes': () => ({ changes: [ENTRY], total: 1 }),
    '/api/v1/systems/bot/dependencies': () => ({ system: { name: 'Bot' } }),
    '/api/v1/systems/bot/graph': () => ({ edges: [{ needs: 'bot', needed: 'crm' }] }),
    '/api/v1/systems-file': () => ({ systems: [{ key: 'bot', name: 'Bot: “1”' }] }),
    '/api/v1/coverage': () => ({
      systems: [
        {
          system: 'bot',
          name: 'Bot',
          channels: [{ channel: 'probe', state: 'missing', heardAt: null, routedTo: null }],
        },
      ],
    }),
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-cli-'));
    server = createServer(async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      const path = request.url!.split('?')[0]!;
      const body = text === '' ? {} : JSON.parse(text);
      heard.push({ path, body });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[path]?.(body) ?? {}));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    server.close();
  });

  async function say(...args: string[]) {
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
    const code = await run(['node', 'firebreak', ...args], { out: into('out'), err: into('err'), env });
    return { code, ...said };
  }

  it('shows the difference first, applies only with --yes, and names the rows it cannot take', async () => {
    const file = join(folder, 'systems.yaml');
    await writeFile(file, 'systems:\n  - key: bot\n    name: Bot\n  - key: crm\n  - key: rag\n');
    expect(await say('systems', 'apply', file)).toMatchObject({
      code: 2,
      out: [
        '+ bot',
        '    name: Bot',
        '~ rag',
        '    owner: “” → Team',
        '3 as they should be',
        '! line 4, row 2 (crm) /colour: not a member',
        'Nothing was changed yet: 1 new, 1 changed, 3 as before, 1 not taken. Apply it with --yes.',
        '',
      ].join('\n'),
      err: '1 of 3 rows cannot be taken; they are named above.\n',
    });
    expect(heard.at(-1)).toMatchObject({ body: { dryRun: true, systems: [{ key: 'bot' }, {}, {}] } });
    problems = [];
    expect(await say('systems', 'apply', file, '--yes')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Applied: 1 new'),
    });
    expect(heard.at(-1)).toMatchObject({ body: { dryRun: false } });
  });

  it('says what it wants instead of a file it cannot read', async () => {
    const file = join(folder, 'other.yaml');
    for (const [text, says] of [
      ['- key: bot\n  key: crm\n', 'line 2, column 3: “key” stands twice'],
      ['{"systems": 5}', 'no list'],
      ['[]', 'no system'],
      [JSON.stringify(Array.from({ length: 10_001 }, () => 1)), 'at most 10000'],
    ] as const) {
      await writeFile(file, text);
      expect(await say('systems', 'apply', file)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
    }
    expect(await say('systems', 'apply', join(folder, 'none.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('no such file'),
    });
  });

  it('writes the systems in use as a file that it can read again', async () => {
    for (const name of ['out.yaml', 'out.json']) {
      const file = join(folder, name);
      expect(await say('systems', 'export', file)).toMatchObject({ code: 0, out: `Saved 1 systems to ${file}.\n` });
      expect(await say('systems', 'apply', file)).toMatchObject({ code: 0 });
      expect(heard.at(-1)).toMatchObject({ body: { systems: [{ key: 'bot', name: 'Bot: “1”' }] } });
    }
    expect((await say('systems', 'export')).out).toBe('systems:\n  - key: bot\n    name: "Bot: “1”"\n');
  });

  it('records a change of a pipeline, lists changes, and shows coverage', async () => {
    const text = join(folder, 'prompt.txt');
    await writeFile(text, 'Be kind.');
    expect(await say('changes', 'record', 'bot', '--kind', 'prompt', '--to', 'v2', '--text-file', text)).toMatchObject({
      code: 0,
      out: 'Recorded.\n',
    });
    expect(heard.at(-1)).toMatchObject({ body: { system: 'bot', kind: 'prompt', to: 'v2', text: 'Be kind.' } });
    expect((await say('changes', 'record', 'bot', '--kind', 'deploy', '--id', 'run-1')).out).toContain('Known already');
    expect(await say('changes', 'record', 'bot', '--kind', 'weather')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no kind “weather”'),
    });
    expect((await say('changes', 'list', 'bot')).out).toMatch(/deploy +— +— +v1\.4/);
    expect((await say('systems', 'coverage', 'bot')).out).toMatch(/bot +probe +missing/);
  });

  it('says what a system needs or feeds, what passes, and who approves it', async () => {
    expect((await say('systems', 'depends', 'bot', 'crm')).out).toBe('Bot needs crm.\n');
    expect(heard.at(-1)).toEqual({
      path: '/api/v1/systems/bot/dependencies',
      body: { direction: 'up', kind: 'system', on: 'crm', note: '', flow: 'unsaid', approval: '' },
    });
    const more = ['--down', '--kind', 'service', '--passes', 'writes', '--approval', 'the billing desk', '--note', 'n'];
    expect((await say('systems', 'depends', 'bot', 'billing', ...more)).out).toBe('billing needs Bot.\n');
    expect(heard.at(-1)!.body).toEqual({
      ...{ direction: 'down', kind: 'service', on: 'billing', note: 'n' },
      ...{ flow: 'writes', approval: 'the billing desk' },
    });
    const before = heard.length;
    expect(await say('systems', 'depends', 'bot', 'crm', '--passes', 'gossip')).toMatchObject({
      code: 2,
      err: expect.stringContaining('“gossip” is nothing that passes. Use one of: '),
    });
    expect(heard).toHaveLength(before);
    expect((await say('systems', 'graph', 'bot')).out).toMatch(/bot +crm/);
  });
});
