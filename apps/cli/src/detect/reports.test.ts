import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { run } from '../run.ts';

const AT = '2026-11-20T10:00:00.000Z';
const form = { on: true, names: [{ name: 'Chat', system: 'bot', feature: null }], intro: 'Hello', organisation: '' };
const answers: Record<string, unknown> = {
  'GET /api/v1/feedback': {
    items: [
      {
        id: 'fbk_1',
        system: 'bot',
        receivedAt: AT,
        kind: 'outside-report',
        text: 'It lied',
        report: { harm: 'yes', product: 'Chat', link: null, when: null },
      },
    ],
    next: null,
  },
  'GET /api/v1/reports/fbk_1': {
    feedback: 'fbk_1',
    times: 2,
    contacts: [{ contact: 'rosa@people.example', at: AT }],
    state: 'received',
    answer: null,
  },
  'POST /api/v1/reports/fbk_1/answer': {},
  'POST /report': { reference: '7K3Q-7K3Q-7K3Q-7K3Q-7K3Q', state: 'received', contactKept: true, promisedHours: 4 },
  'POST /report/status': { state: 'received', receivedAt: AT, answer: null },
  'GET /api/v1/report-form': form,
  'PUT /api/v1/report-form': form,
};
let server: Server;
let asked: { what: string; body: unknown; key: boolean }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const what = `${request.method} ${request.url}`;
    const key = request.headers.authorization !== undefined;
    asked.push({ what, body: text === '' ? null : JSON.parse(text), key });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[what.split('?')[0]!]));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
beforeEach(() => {
  asked = [];
});
afterAll(() => server.close());

async function firebreak(...argv: string[]) {
  let out = '';
  const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
  const code = await run(['node', 'firebreak', 'reports', ...argv], {
    out: { write: (text) => (out += text), isTTY: true },
    err: { write: (text) => (out += text) },
    env,
  });
  return { code, out };
}

it('lists reports, shows whom to write to, and answers', async () => {
  expect((await firebreak('list', '--system', 'bot')).out).toMatch(/bot\s+yes\s+Chat\s+It lied\s+fbk_1/);
  expect(asked[0]!.what).toBe('GET /api/v1/feedback?kind=outside-report&system=bot');
  expect((await firebreak('show', 'fbk_1')).out).toBe(
    'received; sent 2 times; may be written to: rosa@people.example; answer: none\n',
  );
  await firebreak('answer', 'fbk_1', '--text', 'Fixed.');
  expect(asked.at(-1)).toMatchObject({ what: 'POST /api/v1/reports/fbk_1/answer', body: { text: 'Fixed.' } });
  expect(await firebreak('show', 'INC-2026-0001')).toMatchObject({ code: 2 });
});

it('sends a report and looks at it as anybody may, without the key', async () => {
  const sent = await firebreak('send', 'It lied', '--quote', 'One device', '--contact', 'rosa@people.example');
  expect(sent).toEqual({
    code: 0,
    out: 'Received as 7K3Q-7K3Q-7K3Q-7K3Q-7K3Q; a person looks at it within 4 hours.\n',
  });
  expect(asked[0]).toEqual({
    what: 'POST /report',
    body: { what: 'It lied', quote: 'One device', harm: 'unsure', contact: 'rosa@people.example', mayWrite: true },
    key: false,
  });
  expect(await firebreak('look', '7K3Q')).toEqual({ code: 1, out: 'received\n' });
  expect(asked.at(-1)!.key).toBe(false);
  expect(await firebreak('send', 'x', '--harm', 'a little')).toMatchObject({ code: 2 });
});

it('shows the public form, and changes only what is said', async () => {
  expect((await firebreak('form')).out).toBe('The public form is on and names Chat (bot).\n');
  expect(asked.map(({ what }) => what)).toEqual(['GET /api/v1/report-form']);
  await firebreak('form', '--off');
  expect(asked.at(-1)!.body).toEqual({ ...form, on: false });
  await firebreak('form', '--name', 'bot/prices=Prices', 'mailer=Mail = letters', '--intro', '');
  expect(asked.at(-1)!.body).toEqual({
    ...form,
    intro: '',
    names: [
      { system: 'bot', feature: 'prices', name: 'Prices' },
      { system: 'mailer', feature: null, name: 'Mail = letters' },
    ],
  });
  await firebreak('form', '--no-names');
  expect(asked.at(-1)!.body).toEqual({ ...form, names: [] });
  expect(await firebreak('form', '--name', 'Chat')).toMatchObject({ code: 2 });
  expect(await firebreak('form', '--on', '--off')).toMatchObject({ code: 2 });
});
