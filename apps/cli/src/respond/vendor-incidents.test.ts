import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../run.ts';

const GAPS = [
  { kind: 'duty', duty: 'logging', why: 'nobody' },
  { kind: 'unanswered', question: 'region' },
];
const ANSWERS: Record<string, object> = {
  '/api/v1/vendors': {
    vendors: [
      { id: 'vnd_1', name: 'Northwind', dependants: [{ system: 'bot' }], contactCount: 0, gaps: GAPS, retired: null },
    ],
    unrecorded: [{ name: 'Contoso', systems: ['sorter'] }],
  },
  '/api/v1/vendor-questions': { questions: [{ id: 'region', text: 'Where is it?', incident: null }] },
  '/api/v1/incidents/INC-2026-0001/vendors': {
    vendors: [
      {
        name: 'Northwind',
        statusPage: '',
        contacts: [{ name: 'Duty desk', address: '+49 30 1', hours: '24/7', answerMinutes: 30 }],
      },
      { name: 'Contoso', statusPage: 'https://status.example', contacts: null },
    ],
  },
};
let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = ANSWERS[request.url!.split('?')[0]!];
    response.writeHead(answer ? 200 : 500, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => server.close());

async function say(...args: string[]): Promise<string[]> {
  let out = '';
  const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
  const code = await run(['node', 'firebreak', ...args], {
    out: { isTTY: true, write: (text: string) => (out += text) },
    err: { write: (text: string) => (out += text) },
    env,
  });
  expect(code).toBe(0);
  return out.trimEnd().split('\n').slice(1);
}

it('lists vendors with those that have no record, and what would fail', async () => {
  const [first, second] = await say('vendors', 'list');
  expect(first).toMatch(/Northwind +bot +NOBODY +2/);
  expect(second).toMatch(/Contoso +sorter +NOBODY +no record/);
  expect(await say('vendors', 'gaps')).toEqual([
    expect.stringMatching(/duty \(nobody\) +logging/),
    expect.stringMatching(/unanswered +Where is it\?/),
  ]);
});

it('says whom to call for an incident, and where nobody is named', async () => {
  expect(await say('vendors', 'call', 'INC-2026-0001')).toEqual([
    expect.stringMatching(/Northwind +Duty desk +\+49 30 1 +24\/7 +30 min/),
    expect.stringMatching(/Contoso +NOBODY IS NAMED +https:\/\/status\.example/),
  ]);
});
