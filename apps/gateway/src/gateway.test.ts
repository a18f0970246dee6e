import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { RequestContext } from '@firebreak/core/respond/containment';
import { createGuard, type Guard } from '@firebreak/guard';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newRequestVectors } from '../../../conformance/containment.ts';
import { holdOf, openStandIn, STAND_IN_KEY, until } from '../../../conformance/stand-in-control-plane.ts';
import { openStandInVendor, type StandInVendor } from '../../../conformance/stand-in-vendor.ts';
import { createGateway, createRecorder, type Gateway, type Interaction } from './index.ts';

let server: Awaited<ReturnType<typeof openStandIn>>;
let guard: Guard;
let openai: StandInVendor;
let azure: StandInVendor;
let gateway: Gateway;
let records: Interaction[] = [];

beforeAll(async () => {
  server = await openStandIn({ system: '*' });
  guard = await createGuard({ url: server.url, key: STAND_IN_KEY, system: '*', bootFailMode: 'deny' });
  await guard.ready();
  [openai, azure] = await Promise.all([openStandInVendor('openai'), openStandInVendor('azure')]);
  gateway = await createGateway({
    port: 0,
    guard,
    upstreams: {
      openai: openai.url,
      azure: { url: `${azure.url}/deployments`, headers: { Authorization: 'Bearer azure-key' } },
    },
    record: (interaction) => records.push(interaction),
    limits: { bodyBytes: 100_000, answerMs: 300 },
  });
});
afterAll(async () => {
  await gateway.close();
  guard.close();
  await Promise.all([server.close(), openai.close(), azure.close()]);
});
beforeEach(() => order());
afterEach(() => {
  records = [];
  for (const vendor of [openai, azure])
    Object.assign(vendor, { mode: 'answer', cutOff: 0, says: undefined, calls: undefined }).asked.length = 0;
});

async function order(...holds: ReturnType<typeof holdOf>[]): Promise<void> {
  server.hold(...holds);
  await until('applied', () => guard.stats().epoch === server.snapshot().epoch);
}
const client = (headers: Record<string, string> = {}) =>
  new OpenAI({
    apiKey: 'sk-client',
    baseURL: `${gateway.url}/openai/v1`,
    defaultHeaders: { 'x-firebreak-system': 'support-bot', 'x-firebreak-feature': 'answers', ...headers },
  });
const MESSAGES = [
  { role: 'system' as const, content: 'You are a bot.' },
  { role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] },
];
const recorded = async (count = 1) => {
  await until('it is recorded', () => records.length >= count);
  return records[0]!;
};

describe('the OpenAI SDK through the gateway', () => {
  it('gets the answer of the vendor, and both are recorded', async () => {
    const headers = {
      'x-firebreak-user': 'u1',
      'x-firebreak-country': 'DE',
      'x-firebreak-prompt': 'v40',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    };
    const answer = await client(headers).chat.completions.create({ model: 'm1', messages: MESSAGES });
    expect(answer.choices[0]?.message.content).toBe('Hello from openai');
    const [asked] = openai.asked;
    expect(asked).toMatchObject({ path: '/v1/chat/completions', headers: { authorization: 'Bearer sk-client' } });
    expect(Object.keys(asked!.headers).filter((name) => name.startsWith('x-firebreak'))).toEqual([]);
    expect(await recorded()).toMatchObject({
      system: 'support-bot',
      feature: 'answers',
      source: 'gateway',
      instance: guard.instance,
      versions: { model: 'm1', modelAsked: 'm1', prompt: 'v40' },
      provider: 'openai',
      subject: 'u1',
      country: 'DE',
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      responseId: expect.stringMatching(/^chatcmpl-/),
      input: [
        { role: 'system', content: 'You are a bot.' },
        { role: 'user', content: 'Hi' },
      ],
      output: 'Hello from openai',
      tokens: { input: 7, output: 3 },
      verdict: { action: 'allow' },
    });
  });

  it('streams, and the pieces are put together in the record', async () => {
    const stream = await client().chat.completions.create({ model: 'm1', messages: MESSAGES, stream: true });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('Hello from openai');
    expect(await recorded()).toMatchObject({ output: 'Hello from openai', tokens: { output: 3 } });
  });

  it('is refused in one attempt, with the calm text, and the vendor is never asked', async () => {
    const hold = holdOf({ kind: 'disable', feature: 'answers', message: 'Answers are paused.' });
    await order(hold);
    const error = await client()
      .chat.completions.create({ model: 'm1', messages: MESSAGES })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect((error as Error).message).toContain('Answers are paused.');
    expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get('x-firebreak-control')).toBe(hold.hold);
    expect(openai.asked).toHaveLength(0);
    const record = await recorded();
    expect(record).toMatchObject({ verdict: { action: 'deny', hold: hold.hold }, input: [{}, { content: 'Hi' }] });
    expect(record).not.toHaveProperty('output');
    expect(records).toHaveLength(1);
  });

  it('is served by the model and the vendor that are ordered', async () => {
    await order(holdOf({ kind: 'route', from: { provider: 'openai' }, to: { provider: 'azure', model: 'm-safe' } }));
    const answer = await client().chat.completions.create({ model: 'm1', messages: MESSAGES });
    expect(answer.choices[0]?.message.content).toBe('Hello from azure');
    expect(azure.asked[0]).toMatchObject({
      path: '/deployments/v1/chat/completions',
      headers: { authorization: 'Bearer azure-key' },
      body: { model: 'm-safe', messages: MESSAGES },
    });
    expect(openai.asked).toHaveLength(0);
    expect(await recorded()).toMatchObject({
      provider: 'azure',
      versions: { model: 'm-safe', modelAsked: 'm1' },
      verdict: { action: 'reroute' },
    });
  });

  it('never shows the key of one vendor to another', async () => {
    await order(holdOf({ kind: 'route', from: { provider: 'azure' }, to: { provider: 'openai' } }));
    const other = new OpenAI({
      apiKey: 'azure-client-key',
      organization: 'org-1',
      baseURL: `${gateway.url}/azure/v1`,
      defaultHeaders: { 'x-firebreak-system': 'support-bot' },
    });
    await other.chat.completions.create({ model: 'm1', messages: MESSAGES });
    expect(openai.asked[0]?.headers).not.toHaveProperty('authorization');
    expect(openai.asked[0]?.headers).not.toHaveProperty('openai-organization');
  });

  it('is recorded within bounds, whatever it sends', async () => {
    const many = Array.from({ length: 300 }, (_, index) => ({
      role: 'user' as const,
      content: `${index} ${'x'.repeat(70_000 / 300)}`,
    }));
    await client({ 'x-firebreak-user': 'u'.repeat(2_000) }).chat.completions.create({ model: 'm1', messages: many });
    const record = await recorded();
    expect(record.subject).toHaveLength(256);
    expect(record.input).toHaveLength(100);
    expect([record.input?.[0]?.content, record.input?.at(-1)?.content].map((text) => text?.split(' ')[0])).toEqual([
      '0',
      '299',
    ]);
  });

  it('may look around without that being recorded', async () => {
    await client().models.list();
    await client().embeddings.create({ model: 'e1', input: ['one', 'two'] });
    expect(await recorded()).toMatchObject({
      versions: { modelAsked: 'e1' },
      input: [{ role: 'user', content: 'one\ntwo' }],
    });
    expect(records).toHaveLength(1);
  });

  it('is refused rather than sent where it must not go', async () => {
    await order(holdOf({ kind: 'route', to: { provider: 'mistral' } }));
    await expect(client().chat.completions.create({ model: 'm1', messages: MESSAGES })).rejects.toThrow(
      OpenAI.PermissionDeniedError,
    );
    expect(openai.asked).toHaveLength(0);
  });

  it('gets an error in the middle of a stream that is stopped, never a silent end', async () => {
    openai.mode = 'endless';
    const stream = await client().chat.completions.create({ model: 'm1', messages: MESSAGES, stream: true });
    const hold = holdOf({ kind: 'disable', feature: 'answers', message: 'Answers are paused.' });
    let words = 0;
    const error = await (async () => {
      for await (const _ of stream) {
        words += 1;
        if (words === 3) server.hold(hold);
      }
      return 'ended as if complete';
    })().catch((reason: unknown) => reason);
    expect(String(error)).toContain('Answers are paused.');
    await until('the vendor is let go', () => openai.cutOff === 1);
    expect(await recorded()).toMatchObject({
      verdict: { action: 'deny', hold: hold.hold },
      output: expect.stringContaining('word word'),
      error: expect.stringContaining('contained'),
    });
  });

  it.each([
    ['nothing else is looked at', []],
    ['the words of answers are read', [holdOf({ kind: 'block', phrases: ['nobody says this'], direction: 'output' })]],
  ] as const)(
    'gets the rest of its answer where the order lets it finish, and is cut by the next: %s',
    async (_, others) => {
      await order(...others);
      openai.mode = 'endless';
      const stream = await client().chat.completions.create({ model: 'm1', messages: MESSAGES, stream: true });
      const words = stream[Symbol.asyncIterator]();
      await words.next();
      const drain = holdOf({ kind: 'disable', feature: 'answers', inFlight: 'drain' });
      await order(...others, drain);
      for (let word = 0; word < 20; word += 1) expect((await words.next()).done).toBe(false);
      await expect(client().chat.completions.create({ model: 'm1', messages: MESSAGES })).rejects.toThrow(/403/);
      expect(openai.asked).toHaveLength(1);
      const cut = holdOf({ kind: 'disable', feature: 'answers', message: 'Answers are off.' });
      server.hold(...others, drain, cut);
      const rest = (async () => {
        while (!(await words.next()).done);
        return 'ended as if complete';
      })();
      await expect(rest).rejects.toThrow(/Answers are off/);
      // It comes a moment later, and would be taken for one of the next test.
      await recorded(2);
    },
  );

  it('that goes away takes the request to the vendor with it', async () => {
    openai.mode = 'endless';
    const controller = new AbortController();
    const stream = await client().chat.completions.create(
      { model: 'm1', messages: MESSAGES, stream: true },
      { signal: controller.signal },
    );
    for await (const _ of stream) controller.abort();
    await until('the vendor is let go', () => openai.cutOff === 1);
    expect(await recorded()).toMatchObject({ error: expect.stringContaining('client left') });
    expect(guard.stats().inFlight).toBe(0);
  });
});

describe('what goes wrong', () => {
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-firebreak-system': 'support-bot', ...headers },
    });
  const typeOf = async (response: Response) => [response.status, (await response.json()).type];

  it('is passed on as it is when the vendor says it', async () => {
    openai.mode = 'fail';
    const response = await post('/openai/v1/chat/completions', '{"model":"m"}');
    expect([response.status, await response.json()]).toEqual([500, { error: { message: 'the vendor is unwell' } }]);
    expect(await recorded()).toMatchObject({ error: 'the vendor is unwell' });
  });

  it('is said when nobody is there', async () => {
    const lonely = createServer().listen(0, '127.0.0.1');
    await once(lonely, 'listening');
    const { port } = lonely.address() as AddressInfo;
    lonely.close();
    const other = await createGateway({
      port: 0,
      guard,
      upstreams: { openai: `http://127.0.0.1:${port}` },
      system: 'support-bot',
    });
    const response = await fetch(`${other.url}/openai/v1/models`);
    expect(await typeOf(response)).toEqual([502, '/problems/gateway.upstream-unreachable']);
    await other.close();
  });

  it('is said when the vendor is too slow', async () => {
    openai.mode = 'silent';
    const response = await post('/openai/v1/chat/completions', '{"model":"m"}');
    expect(await typeOf(response)).toEqual([504, '/problems/gateway.upstream-timeout']);
  });

  it('breaks for the client as well when the vendor breaks off', async () => {
    openai.mode = 'break';
    await expect(
      post('/openai/v1/chat/completions', '{"model":"m"}').then((response) => response.text()),
    ).rejects.toThrow();
  });

  it('is refused: no system, no such route, too much', async () => {
    expect(await typeOf(await post('/openai/v1/x', '{}', { 'x-firebreak-system': '' }))).toEqual([
      400,
      '/problems/gateway.system-missing',
    ]);
    expect(await typeOf(await post('/mistral/v1/x', '{}'))).toEqual([404, '/problems/gateway.unknown-route']);
    expect(await typeOf(await post('/openai/v1/x', 'x'.repeat(100_001)))).toEqual([413, '/problems/gateway.too-large']);
    expect(openai.asked).toHaveLength(0);
  });

  it('passes what is no JSON as it is', async () => {
    expect((await post('/openai/v1/x', '{"model":')).status).toBe(400);
    const { port } = new URL(gateway.url);
    const raw = connect(Number(port), '127.0.0.1');
    raw.write('NONSENSE\r\n\r\n');
    const [data] = await once(raw, 'data');
    expect(String(data)).toContain('400');
    raw.destroy();
  });
});

function partsOf({ text, attachments = 0 }: RequestContext): object[] {
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };
  return [...(text === undefined ? [] : [{ type: 'text', text }]), ...Array.from({ length: attachments }, () => image)];
}

describe('the gateway answers as the guard does', () => {
  it.each(newRequestVectors.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
    await order(...vector.holds);
    const { request, expect: wanted } = vector;
    const output = request.direction === 'output';
    for (const each of [openai, azure]) each.says = output ? request.text : undefined;
    const said = {
      system: request.system,
      feature: request.feature,
      country: request.country,
      user: request.subject,
      prompt: request.prompt,
      authenticated: request.authenticated?.toString(),
      agent: request.agent,
      credential: request.credential,
      tool: request.tool,
      index: request.index,
      trigger: request.trigger,
    };
    const headers = Object.entries(said).flatMap(([name, value]) =>
      value === undefined ? [] : [[`x-firebreak-${name}`, value] as [string, string]],
    );
    const response = await fetch(`${gateway.url}/${request.provider ?? 'openai'}/v1/chat/completions`, {
      method: 'POST',
      headers: [...headers, ['content-type', 'application/json']],
      body: JSON.stringify({
        ...(request.model === undefined ? {} : { model: request.model }),
        messages:
          output || (request.text === undefined && request.attachments === undefined)
            ? []
            : [{ role: 'user', content: partsOf(request) }],
      }),
    });
    const [asked] = [...openai.asked, ...azure.asked];
    const body = await response.json();
    if (wanted.action === 'deny' || wanted.action === 'review' || wanted.to?.prompt !== undefined) {
      expect([response.status, response.headers.get('x-firebreak-control'), asked !== undefined]).toEqual([
        403,
        wanted.hold,
        output,
      ]);
      if (output) expect(JSON.stringify(body)).not.toContain(request.text);
      if (wanted.message !== undefined) expect(body.error.message).toBe(wanted.message);
      return;
    }
    expect(response.status).toBe(200);
    if (wanted.to?.model !== undefined) expect(asked?.body.model).toBe(wanted.to.model);
    else expect(asked?.body.model).toBe(request.model);
    if (wanted.settings?.temperature !== undefined)
      expect(asked?.body).toMatchObject({
        temperature: wanted.settings.temperature,
        max_tokens: wanted.settings.maxTokens,
      });
    const provider = wanted.to?.provider ?? request.provider ?? 'openai';
    expect((provider === 'azure' ? azure : openai).asked).toHaveLength(1);
  });
});

describe('the recorder', () => {
  const interaction = {
    id: 'g1',
    system: 's',
    at: 'now',
    source: 'gateway',
    versions: {},
    provider: 'p',
    latencyMs: 1,
    verdict: { action: 'allow' },
  } as const;

  it('sends in batches, waits while nobody is there, and says what it lost', async () => {
    let up = false;
    const batches: unknown[][] = [];
    const intake = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        if (!up) return void response.writeHead(503).end();
        batches.push(JSON.parse(text));
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"accepted":1,"duplicate":0,"rejected":[{}],"ids":[]}');
      });
    }).listen(0, '127.0.0.1');
    await once(intake, 'listening');
    const recorder = createRecorder({
      url: `http://127.0.0.1:${(intake.address() as AddressInfo).port}`,
      key: 'fbk_x',
    });
    for (let count = 0; count < 5_010; count += 1) recorder.record(interaction);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(recorder.stats()).toMatchObject({ sent: 0, dropped: 10, waiting: 5_000 });
    up = true;
    await until('all are sent', () => recorder.stats().waiting === 0, 10_000);
    expect(batches.every((batch) => batch.length === 100)).toBe(true);
    expect(recorder.stats()).toMatchObject({ sent: 4_950, refused: 50 });
    await recorder.close();
    intake.close();
    intake.closeAllConnections();
  });
});

describe('a cache of answers behind the gateway', () => {
  it('gives no answer again from before an order, nor from before it was let go', async () => {
    const kept = new Map<string, string>();
    let made = 0;
    const cache = createServer(async (request, response) => {
      const body: Buffer[] = [];
      for await (const piece of request) body.push(piece as Buffer);
      const key = `${request.headers['x-portkey-cache-namespace']} ${Buffer.concat(body)}`;
      if (!kept.has(key)) kept.set(key, `answer ${++made}`);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: 'c', choices: [{ message: { role: 'assistant', content: kept.get(key) } }] }));
    });
    await new Promise<void>((resolve) => cache.listen(0, '127.0.0.1', resolve));
    const caching = await createGateway({
      port: 0,
      guard,
      upstreams: {
        cached: {
          url: `http://127.0.0.1:${(cache.address() as AddressInfo).port}`,
          cacheHeader: 'X-Portkey-Cache-Namespace',
        },
      },
    });
    try {
      const ask = async (own?: string) => {
        const answer = await fetch(`${caching.url}/cached/v1/chat/completions`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-firebreak-system': 'support-bot',
            'x-firebreak-prompt': 'v40',
            ...(own && { 'x-portkey-cache-namespace': own }),
          },
          body: JSON.stringify({ model: 'm1', messages: [{ role: 'user', content: 'How many devices?' }] }),
        });
        expect(answer.headers.get('x-firebreak-epoch')).toBe(String(guard.stats().epoch));
        return (await answer.json()).choices[0].message.content;
      };
      expect([await ask(), await ask()]).toEqual(['answer 1', 'answer 1']);
      // The same words to a prompt that was rolled back: what the withdrawn one said is not said again.
      await order(holdOf({ kind: 'route', from: { prompt: 'v41' }, to: { prompt: 'v40' } }, { system: 'support-bot' }));
      expect([await ask(), await ask()]).toEqual(['answer 2', 'answer 2']);
      await order();
      expect(await ask()).toBe('answer 3');
      expect([await ask('tenant-7'), await ask()]).toEqual(['answer 4', 'answer 3']);
      expect([...kept.keys()].at(-1)).toMatch(/^tenant-7-\d+\.\d+ /);
    } finally {
      await caching.close();
      await new Promise((resolve) => cache.close(resolve));
    }
  });
});
