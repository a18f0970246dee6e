import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const TRIPWIRE = {
  id: 'trw_1',
  system: 'bot',
  name: 'Spend',
  state: 'tripped',
  controlName: 'Stop answers',
  says: 'one signal that proves itself',
  trip: { at: '2026-11-20T21:00:00.000Z', label: 'INC-3', refused: null },
};

let server: Server;
const heard: { readonly method: string | undefined; readonly path: string; readonly body: unknown }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    heard.push({ method: request.method, path: request.url!, body: text === '' ? null : JSON.parse(text) });
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ tripwires: [TRIPWIRE], tripwire: TRIPWIRE, removed: 'trw_1' }));
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
  const code = await run(['node', 'firebreak', 'tripwires', ...args], { out: into('out'), err: into('err'), env });
  return { code, ...said };
}
const SET = ['set', 'Spend', '--system', 'bot', '--control', 'ctl_1', '--reason', 'at night'];

it('lists, arms again and removes', async () => {
  expect((await firebreak('list', '--system', 'bot')).out).toMatch(/trw_1 +bot +Spend +tripped +Stop answers .*INC-3/);
  expect(heard.at(-1)!.path).toBe('/api/v1/tripwires?system=bot');
  expect((await firebreak('arm', 'trw_1', '--reason', 'mended')).out).toContain('Spend is armed.');
  expect(heard.at(-1)).toMatchObject({ path: '/api/v1/tripwires/trw_1/arm', body: { reason: 'mended' } });
  expect((await firebreak('remove', 'trw_1', '--reason', 'too eager')).out).toContain('It is removed.');
  expect(heard.at(-1)).toMatchObject({ path: '/api/v1/tripwires/trw_1/remove', body: { reason: 'too eager' } });
});

it('sets one, and says what it does', async () => {
  const { out } = await firebreak(
    ...SET,
    '--kind',
    'budget-exceeded',
    'call-loop',
    '--signals',
    '3',
    '--evidence',
    'strong',
  );
  expect(out).toContain('Spend is armed: it pulls “Stop answers” after one signal that proves itself.');
  expect(heard.at(-1)!.body).toEqual({
    name: 'Spend',
    system: 'bot',
    control: 'ctl_1',
    when: { kinds: ['budget-exceeded', 'call-loop'], evidence: 'strong', signals: 3, minutes: 10 },
    reason: 'at night',
  });
});

it.each([
  ['a control that is none', [...SET.slice(0, 4), '--control', 'x', '--reason', 'y'], 'begins with ctl_'],
  ['evidence there is not', [...SET, '--evidence', 'weak'], '--evidence is one of verified, strong'],
  ['no number', [...SET, '--signals', 'many'], '--signals is a whole number'],
  ['an id of something else', ['arm', 'hld_1', '--reason', 'x'], 'begins with trw_'],
])('refuses %s before anything is sent', async (_, given, says) => {
  const before = heard.length;
  expect(await firebreak(...given)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
  expect(heard).toHaveLength(before);
});
