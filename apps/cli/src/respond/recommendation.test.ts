import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { run } from '../run.ts';

const MARK = 'p1-0b5e1f00-980-412-2-0-811c9dc5-811c9dc5';
const PREVIEW = {
  says: 'block “plan”',
  instances: [{}, {}],
  live: 2,
  unable: [{ instance: 'bot-2', host: 'h', why: 'does not know this kind of control' }],
  reach: {
    requests: 980,
    touched: 412,
    unsaid: 3,
    benign: 400,
    people: 180,
    sessions: 200,
    sampled: true,
    parts: { feature: [{ name: 'answers', requests: 500, touched: 412 }] },
  },
  words: { tried: 300, hits: 4, benign: 3, secondLook: true, tookMs: 2 },
  others: [{ label: 'HLD-3', incidentLabel: 'INC-12', says: 'disable answers' }],
  conflict: null,
  around: { nodes: [{ name: 'shop', how: 'needs', via: '' }] },
  mark: MARK,
};
const ORDER = {
  lever: 'roll-back-prompt',
  says: 'roll back prompt v41 → v40',
  title: 'Go back',
  held: null,
  prevents: { says: 'most of it' },
  weighed: { says: 'Worth it if you believe harm is likelier than about 8 %.' },
};
const ADVICE = {
  steps: [{ question: 'roll-back', answer: 'yes', why: 'It ran for 3 days.', missing: [] }],
  ladder: [ORDER],
  pick: 'roll-back-prompt',
  because: 'because',
  byHand: null,
};

let server: Server;
let asked: { url?: string | undefined; body: unknown }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      asked.push({ url: request.url, body: text === '' ? undefined : JSON.parse(text) });
      const answer = request.url?.endsWith('/preview') ? PREVIEW : request.url?.endsWith('/recommend') ? ADVICE : {};
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
});

async function firebreak(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
  const code = await run(['node', 'firebreak', ...argv], {
    out: { isTTY: true, write: (text) => out.push(text) },
    err: { write: (text) => err.push(text) },
    env,
  });
  return { code, out: out.join(''), err: err.join('') };
}

it('recommends: the questions with why, the order to give, and from when it is worth it', async () => {
  const { code, out } = await firebreak(
    ...['contain', 'recommend', '--incident', 'INC-2026-0001', '--roll-back', 'yes', '--loss', '1000', '--hours', '2'],
  );
  expect(code).toBe(0);
  expect(out).toMatch(/roll-back\? +yes +It ran for 3 days\./);
  expect(out).toMatch(/order +roll back prompt v41 → v40 +prevents most of it\. Worth it if .* about 8 %\./);
  expect(asked).toEqual([
    {
      url: '/api/v1/containment/recommend',
      body: { incident: 'INC-2026-0001', answers: { 'roll-back': 'yes' }, worth: { lossPerHour: 1_000, hours: 2 } },
    },
  ]);
});

it('names what is wrong before it asks', async () => {
  expect((await firebreak('contain', 'recommend')).err).toContain('--incident');
  expect((await firebreak('contain', 'recommend', '--system', 'bot', '--loss', 'much')).err).toContain('is no amount');
  expect((await firebreak('contain', 'recommend', '--system', 'bot', '--fence', 'maybe')).err).toContain('yes or no');
  expect((await firebreak('contain', 'preview')).err).toContain('--what');
  expect((await firebreak('contain', 'preview', '--what', '{"kind":"disable"}')).err).toContain('--system');
  expect((await firebreak('contain', 'ctl_1', '--reason', 'x')).err).toContain('--incident');
  expect(asked).toEqual([]);
});

it('previews: who obeys, what it meets, what a pattern would refuse, who else feels it', async () => {
  const what = '{"kind":"block","phrases":["plan"]}';
  const { code, out } = await firebreak('contain', 'preview', '--system', 'bot', '--what', what);
  expect(code).toBe(0);
  expect(out).toMatch(/obey +1 of 2 instances/);
  expect(out).toMatch(/cannot obey +bot-2: does not know/);
  expect(out).toMatch(/meets +about 412 of 980 requests of the last hour, 400 without a signal/);
  expect(out).toMatch(/by feature +answers 412 of 500/);
  expect(out).toMatch(/words +4 hits in 300 stored requests, 3 of them benign: look a second time/);
  expect(out).toMatch(/held as well +HLD-3 of INC-12: disable answers/);
  expect(out).toMatch(/relies on it +shop/);
  expect(out).toMatch(new RegExp(`mark +${MARK}`));
  await firebreak('contain', 'ctl_1', '--incident', 'INC-1', '--reason', 'x', '--if-preview', MARK);
  expect(asked.at(-1)).toMatchObject({ url: '/api/v1/incidents/INC-1/holds', body: { ifPreview: MARK } });
});
