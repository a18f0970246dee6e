import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../run.ts';

const HOLD = {
  hold: 'hld_1',
  label: 'HLD-1',
  incident: 'inc_1',
  system: 'bot',
  says: 'disable answers',
  state: 'active',
  confirmation: 'confirmed',
  expiry: { mode: 'until-lifted' },
  orderedAt: '2026-11-20T21:00:00.000Z',
  acknowledged: 2,
  live: 2,
  gone: [
    {
      instance: 'bot-9',
      host: 'rack-9',
      reason: 'machine deleted',
      at: '2026-11-20T21:01:00.000Z',
      by: { kind: 'person', id: 'per_1' },
      backAt: null,
      told: null,
    },
  ],
  proofs: {
    acknowledged: {
      proof: 'acknowledged',
      state: 'missing',
      says: 'One does not obey.',
      todo: ['Kill process bot-7.'],
    },
    probe: { proof: 'probe', state: 'have', says: 'It works.', todo: [] },
  },
  acknowledgements: [
    {
      instance: 'bot-7',
      host: 'rack-7',
      state: 'missing',
      tried: null,
      door: null,
      ackMs: null,
      why: 'no answer',
      traffic: { instance: 'bot-7', contrary: 4, asIntended: 0 },
    },
    { instance: 'bot-8', host: 'rack-8', state: 'have', tried: null, door: null, ackMs: 3, why: '', traffic: null },
  ],
  traffic: {
    elsewhere: [{ instance: 'bot-old', contrary: 2, asIntended: 0 }],
    underWay: { ended: 3, finished: 1 },
  },
};
const TEST = {
  test: 'tst_1',
  control: 'ctl_1',
  name: 'Stop answers',
  system: 'bot',
  why: 'asked',
  begunAt: '2026-11-20T21:00:00.000Z',
  ended: {
    outcome: 'failed',
    effectMs: null,
    instances: [
      {
        instance: 'bot-7',
        host: 'rack-7',
        surface: 'guard',
        outcome: 'late',
        ackMs: null,
        effectMs: null,
        says: 'No answer.',
      },
    ],
  },
};
const CONTROL = {
  control: 'ctl_1',
  name: 'Stop answers',
  says: 'disable answers',
  lastOrderedAt: null,
  what: { kind: 'disable', feature: 'answers' },
  retired: false,
  needs: 'containment.order',
  standing: {
    owner: 'Platform',
    plan: { everyDays: 30, quietHour: 3, surfaces: [] },
    proofs: { acknowledged: 10, probe: 20, traffic: 180 },
  },
  readiness: { state: 'failed', says: 'Its last test failed.' },
  effect: { medianMs: 24, worstMs: 31, tests: 3 },
  lastTest: null,
};

let server: Server;
let asked: { method?: string | undefined; url?: string | undefined; body: unknown }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { method, url = '' } = request;
      asked.push({ method, url, body: text === '' ? undefined : JSON.parse(text) });
      const answer =
        url === '/api/v1/systems/bot'
          ? { system: { architecture: 'rag' } }
          : url.endsWith('/tests') || url.startsWith('/api/v1/control-tests/')
            ? { test: TEST }
            : url.startsWith('/api/v1/control-tests')
              ? { tests: [TEST] }
              : url.includes('/controls') && method === 'GET'
                ? { controls: [CONTROL] }
                : url.startsWith('/api/v1/holds?')
                  ? { holds: [HOLD] }
                  : { ...HOLD, ...CONTROL, names: { per_1: 'Ana Ops' } };
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

describe('firebreak contain', () => {
  it('finds the control by its name and orders it', async () => {
    const { code, out } = await firebreak(
      'contain',
      'stop ANSWERS',
      '--system',
      'bot',
      '--incident',
      'INC-2026-0001',
      '--reason',
      'it invents',
      '--minutes',
      '30',
    );
    expect([code, out]).toEqual([0, 'HLD-1 ordered: disable answers. 2 instances are connected.\n']);
    expect(asked.at(-1)).toMatchObject({
      method: 'POST',
      url: '/api/v1/incidents/INC-2026-0001/holds',
      body: { control: 'ctl_1', reason: 'it invents', expiry: { mode: 'auto-after', minutes: 30 } },
    });
  });

  it('says what becomes of answers that run, and leaves it to the control where nothing is said', async () => {
    const contain = (...more: string[]) =>
      firebreak('contain', 'ctl_1', '--incident', 'INC-1', '--reason', 'x', ...more);
    const sent = async (...more: string[]) => {
      expect((await contain(...more)).code).toBe(0);
      return (asked.at(-1)!.body as { inFlight?: string }).inFlight;
    };
    expect(await sent('--let-finish')).toBe('drain');
    expect(await sent('--end-running')).toBe('abort');
    expect(await sent()).toBeUndefined();
    asked = [];
    const both = await contain('--let-finish', '--end-running');
    expect([both.code, both.err]).toEqual([2, 'Say --let-finish or --end-running, not both.\n']);
    expect(asked.filter(({ url }) => url?.endsWith('/holds'))).toEqual([]);
  });

  it('says what there is when the name is wrong, and asks for what is missing', async () => {
    const wrong = await firebreak('contain', 'stop', '--system', 'bot', '--incident', 'INC-1', '--reason', 'x');
    expect([wrong.code, wrong.err]).toEqual([2, 'bot has no control “stop”. There are: Stop answers.\n']);
    expect((await firebreak('contain', 'stop', '--incident', 'INC-1', '--reason', 'x')).err).toContain('--system');
    expect((await firebreak('contain', 'ctl_1', '--incident', 'INC-1')).code).toBe(2);
    expect(
      (await firebreak('contain', 'ctl_1', '--incident', 'INC-1', '--reason', 'x', '--minutes', 'soon')).code,
    ).toBe(2);
  });
});

it('holds on for longer, and retires a control', async () => {
  const longer = await firebreak('holds', 'extend', 'HLD-1', '--minutes', '90', '--reason', 'not mended yet');
  expect(longer.code).toBe(0);
  expect(asked.at(-1)).toMatchObject({
    url: '/api/v1/incidents/inc_1/holds/hld_1/extend',
    body: { expiry: { mode: 'auto-after', minutes: 90 }, reason: 'not mended yet' },
  });
  await firebreak('holds', 'extend', 'HLD-1', '--reason', 'not mended yet');
  expect(asked.at(-1)).toMatchObject({ body: { expiry: { mode: 'until-lifted' } } });
  const retired = await firebreak('controls', 'retire', 'Stop answers', '--system', 'bot', '--reason', 'another one');
  expect([retired.code, retired.out]).toEqual([0, 'Stop answers is retired.\n']);
  expect(asked.at(-1)).toMatchObject({
    url: '/api/v1/systems/bot/controls/ctl_1/retire',
    body: { reason: 'another one' },
  });
});

it('declares a control, and names what is wrong with one before sending it', async () => {
  const declare = (what: string) => firebreak('controls', 'declare', 'Stop', '--system', 'bot', '--what', what);
  expect((await declare('{"kind":"disable","feature":"answers"}')).out).toBe('ctl_1 declared: disable answers.\n');
  asked = [];
  expect((await declare('{"kind":"fence"}')).err).toContain('name countries');
  expect((await declare('disable')).err).toContain('is not JSON');
  expect(asked).toEqual([]);
});

it('lists holds with who obeys, and lifts one by its label', async () => {
  expect((await firebreak('holds', 'list')).out).toContain('confirmed by 2 of 2');
  expect((await firebreak('holds', 'lift', 'hld-1', '--reason', 'mended')).out).toBe(
    'HLD-1 lifted: disable answers.\n',
  );
  expect(asked.at(-1)?.url).toBe('/api/v1/incidents/inc_1/holds/hld_1/lift');
  expect((await firebreak('holds', 'gone', 'HLD-1', 'bot-7', '--reason', 'machine deleted')).out).toBe(
    'HLD-1 does not wait for bot-7 any more: confirmed by 2 of 2, 1 said to be gone.\n',
  );
  expect(asked.at(-1)).toMatchObject({
    url: '/api/v1/incidents/inc_1/holds/hld_1/gone',
    body: { instance: 'bot-7', reason: 'machine deleted' },
  });
  expect((await firebreak('holds', 'lift', 'HLD-9', '--reason', 'mended')).code).toBe(2);
});

it('lists the levers that fit what a system is built of, those that come first before those that make no sense', async () => {
  const { code, out } = await firebreak('controls', 'fitting', 'bot');
  expect(code).toBe(0);
  const lines = out.split('\n');
  expect(lines.find((line) => line.startsWith('Stop a feature'))).toMatch(/ yes *$/);
  expect(lines.find((line) => line.startsWith('Turn off one retrieval index'))).toContain('comes first');
  const fits = lines.slice(1).flatMap((line) => / (comes first|no: |yes) ?/.exec(line)?.[1] ?? []);
  expect(fits.lastIndexOf('comes first')).toBeLessThan(fits.indexOf('no: '));
  expect(asked.map(({ url }) => url)).toContain('/api/v1/systems/bot');
});

it('shows the three proofs of a hold with what to do, and sends an order on by force', async () => {
  const { out } = await firebreak('holds', 'show', 'HLD-1');
  expect(out).toMatch(/proof: acknowledged +missing .*Kill process bot-7\./);
  expect(out).toMatch(/proof: probe +have/);
  expect(out).toMatch(/bot-7 +rack-7 +missing .* 4 +no answer/);
  expect(out).toMatch(
    /bot-9 +rack-9 +said to be gone .*Ana Ops said at 2026-11-20T21:01:00.000Z that it is gone: “machine deleted”/,
  );
  expect(out).toMatch(/under way when ordered .* 3 ended by it, 1 finished/);
  expect(out).toMatch(/bot-old +not connected .* 2 +named by records alone/);
  expect((await firebreak('holds', 'list')).out).toContain('acknowledged missing, probe have');
  await firebreak('contain', 'ctl_1', '--incident', 'INC-1', '--reason', 'x', '--force');
  expect(asked.at(-1)).toMatchObject({ body: { control: 'ctl_1', force: true } });
});

describe('firebreak control', () => {
  it('tests one now, names what did not pass, and ends with 1', async () => {
    const { code, out } = await firebreak('control', 'test', 'Stop answers', '--system', 'bot', '--incident', 'INC-9');
    expect(code).toBe(1);
    expect(out).toMatch(/bot-7 +rack-7 +guard +late/);
    expect(asked.find(({ method }) => method === 'POST')).toMatchObject({
      url: '/api/v1/systems/bot/controls/ctl_1/tests',
      body: { incident: 'INC-9' },
    });
    expect((await firebreak('control', 'tests', '--system', 'bot')).out).toMatch(/tst_1 +bot +Stop answers .* failed/);
    expect((await firebreak('control', 'show', 'tst_1')).out).toContain('bot-7');
    expect((await firebreak('control', 'show', 'one')).code).toBe(2);
    expect((await firebreak('control', 'test', 'Stop answers')).err).toContain('--system');
  });

  it('plans the tests of one and keeps what is not said', async () => {
    await firebreak('control', 'plan', 'Stop answers', '--system', 'bot', '--every', '7', '--probe', '5');
    expect(asked.at(-1)).toMatchObject({
      method: 'PUT',
      url: '/api/v1/systems/bot/controls/ctl_1/standing',
      body: {
        owner: 'Platform',
        plan: { everyDays: 7, quietHour: 3, surfaces: [] },
        proofs: { acknowledged: 10, probe: 5, traffic: 180 },
      },
    });
    const bad = await firebreak('control', 'plan', 'Stop answers', '--system', 'bot', '--every', 'often');
    expect([bad.code, bad.err]).toEqual([2, '--every: “often” is not a whole number.\n']);
  });

  it('lists which controls are ready, how fast, and by whom', async () => {
    expect((await firebreak('controls', 'list', '--system', 'bot')).out).toMatch(
      /failed +Platform +containment\.order +24 +31 +never/,
    );
  });
});
