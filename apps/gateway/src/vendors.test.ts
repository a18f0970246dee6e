import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import { createGuard, type Guard } from '@firebreak/guard';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdOf, openStandIn, STAND_IN_KEY, until } from '../../../conformance/stand-in-control-plane.ts';
import { openStandInVendor, type StandInVendor } from '../../../conformance/stand-in-vendor.ts';
import { createGateway, type Gateway, type Interaction } from './index.ts';

let server: Awaited<ReturnType<typeof openStandIn>>;
let guard: Guard;
let vendor: StandInVendor;
let gateway: Gateway;
let records: Interaction[] = [];

beforeAll(async () => {
  server = await openStandIn({ system: '*' });
  guard = await createGuard({ url: server.url, key: STAND_IN_KEY, system: '*', bootFailMode: 'deny' });
  await guard.ready();
  vendor = await openStandInVendor('stand-in');
  gateway = await createGateway({
    port: 0,
    guard,
    upstreams: {
      openai: vendor.url,
      anthropic: vendor.url,
      gemini: {
        url: `${vendor.url}/gemini`,
        shape: 'any',
        credential: { name: 'gemini-prod', secret: 'g-secret', query: 'key' },
      },
    },
    routes: {
      'in-house': { upstreams: ['openai'], system: 'search', feature: 'ranking', record: 'figures' },
      quiet: { upstreams: ['openai'], record: 'nothing' },
      reviewed: { upstreams: ['openai'], reviewSeconds: 5 },
      words: { upstreams: ['gemini'], clients: 'open' },
    },
    record: (interaction) => records.push(interaction),
  });
});
afterAll(async () => {
  await gateway.close();
  guard.close();
  await Promise.all([server.close(), vendor.close()]);
});
beforeEach(() => order());
afterEach(() => {
  records = [];
  Object.assign(vendor, { mode: 'answer', cutOff: 0, says: undefined, calls: undefined }).asked.length = 0;
});

async function order(...holds: ReturnType<typeof holdOf>[]): Promise<void> {
  server.hold(...holds);
  await until('applied', () => guard.stats().epoch === server.snapshot().epoch);
}
const HEADERS = { 'x-firebreak-system': 'support-bot', 'x-firebreak-feature': 'answers' };
const anthropic = () =>
  new Anthropic({ apiKey: 'sk-ant', baseURL: `${gateway.url}/anthropic`, defaultHeaders: HEADERS });
const openai = (route = 'openai') =>
  new OpenAI({ apiKey: 'sk', baseURL: `${gateway.url}/${route}/v1`, defaultHeaders: HEADERS });
const QUESTION = { role: 'user' as const, content: 'How many devices?' };
const MESSAGES = { model: 'claude', max_tokens: 50, system: 'You are a bot.', messages: [QUESTION] };
const recorded = async (count = 1) => {
  await until('it is recorded', () => records.length >= count);
  return records.at(-1)!;
};
const post = (path: string, body: object, headers: Record<string, string> = HEADERS) =>
  fetch(`${gateway.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('the Anthropic SDK through the gateway', () => {
  it('gets its answer, and question, answer, tool call and tokens are recorded', async () => {
    vendor.calls = 'lookup';
    const answer = await anthropic().messages.create(MESSAGES);
    expect(answer.content[0]).toMatchObject({ text: 'Hello from stand-in' });
    expect(vendor.asked[0]).toMatchObject({ path: '/v1/messages', headers: { authorization: 'Bearer sk-ant' } });
    expect(await recorded()).toMatchObject({
      provider: 'anthropic',
      versions: { model: 'claude' },
      input: [{ role: 'system', content: 'You are a bot.' }, QUESTION],
      output: 'Hello from stand-in',
      toolCalls: [{ id: 'toolu_1', name: 'lookup', arguments: '{"a":1}' }],
      tokens: { input: 7, output: 3 },
    });
  });

  it('streams, and the events are put together in the record', async () => {
    vendor.calls = 'lookup';
    const message = await anthropic().messages.stream(MESSAGES).finalMessage();
    expect(message.content[0]).toMatchObject({ text: 'Hello from stand-in' });
    expect(await recorded()).toMatchObject({
      responseId: expect.stringContaining('chatcmpl'),
      versions: { model: 'claude' },
      output: 'Hello from stand-in',
      toolCalls: [{ name: 'lookup', arguments: '{"a":1}' }],
      tokens: { input: 7, output: 3 },
    });
  });

  it('is refused in one attempt, in the shape it reads', async () => {
    const hold = holdOf({ kind: 'disable', feature: 'answers', message: 'Answers are paused.' });
    await order(hold);
    const error = (await anthropic()
      .messages.create(MESSAGES)
      .catch((reason: unknown) => reason)) as InstanceType<typeof Anthropic.APIError>;
    expect(error).toBeInstanceOf(Anthropic.PermissionDeniedError);
    expect(error.message).toBe('403 Answers are paused.');
    expect(error.error).toMatchObject({
      type: 'error',
      error: { type: 'permission_error', message: 'Answers are paused.' },
      problem: '/problems/containment.denied',
      hold: hold.hold,
    });
    expect([error.headers?.get('x-firebreak-control'), error.headers?.get('x-should-retry')]).toEqual([
      hold.hold,
      'false',
    ]);
    expect(vendor.asked).toHaveLength(0);
    await recorded();
    expect(records).toHaveLength(1);
  });

  it('gets an error in the middle of a stream that is stopped, and the vendor is let go', async () => {
    vendor.mode = 'endless';
    let words = 0;
    const stream = anthropic().messages.stream(MESSAGES);
    const error = await (async () => {
      for await (const event of stream) {
        if (event.type !== 'content_block_delta') continue;
        words += 1;
        if (words === 3) server.hold(holdOf({ kind: 'disable', message: 'Answers are paused.' }));
      }
      return 'ended as if complete';
    })().catch((reason: unknown) => reason);
    expect(String(error)).toContain('Answers are paused.');
    await until('the vendor is let go', () => vendor.cutOff === 1);
  });

  it('is told what is wrong with its request in its own shape too', async () => {
    const client = new Anthropic({ apiKey: 'x', baseURL: `${gateway.url}/anthropic` });
    await expect(client.messages.create(MESSAGES)).rejects.toThrow(/which AI system|x-firebreak-system/);
  });
});

describe('the Responses API', () => {
  const ask = { model: 'm', input: 'How many devices?', instructions: 'You are a bot.' };
  it('passes and is recorded, streamed or not', async () => {
    expect((await openai().responses.create(ask)).output_text).toBe('Hello from stand-in');
    expect(await recorded()).toMatchObject({
      input: [{ role: 'system' }, { content: 'How many devices?' }],
      output: 'Hello from stand-in',
      tokens: { input: 7, output: 3 },
    });
    const stream = await openai().responses.create({ ...ask, stream: true });
    for await (const _ of stream);
    expect(await recorded(2)).toMatchObject({ output: 'Hello from stand-in', tokens: { output: 3 } });
  });

  it('ends with an error where it is stopped', async () => {
    vendor.mode = 'endless';
    const stream = await openai().responses.create({ ...ask, stream: true });
    const error = await (async () => {
      for await (const event of stream)
        if (event.type === 'response.output_text.delta')
          server.hold(holdOf({ kind: 'disable', message: 'Answers are paused.' }));
      return 'ended as if complete';
    })().catch((reason: unknown) => reason);
    expect(String(error)).toContain('Answers are paused.');
  });
});

describe('any route', () => {
  it('goes where it is configured to, of the system it is configured for, without words in its record', async () => {
    const response = await post('/any/in-house/v1/chat/completions', { model: 'm', messages: [QUESTION] }, {});
    expect(response.status).toBe(200);
    const record = await recorded();
    expect(record).toMatchObject({ system: 'search', feature: 'ranking', tokens: { output: 3 } });
    expect(record).not.toHaveProperty('input');
    expect(record).not.toHaveProperty('output');
  });

  it('has its credential where the vendor wants it, and reads a vendor of another shape', async () => {
    vendor.says = 'unused';
    const contents = [{ role: 'user', parts: [{ text: 'one device per subscription' }] }];
    await order(holdOf({ kind: 'block', phrases: ['one device'], direction: 'input' }));
    const path = '/any/words/v1beta/models/g:generateContent';
    expect((await post(path, { contents })).status).toBe(403);
    await order();
    expect((await post(path, { contents }, { ...HEADERS, 'x-goog-api-key': 'of the client' })).status).toBe(200);
    expect(vendor.asked[0]?.path).toBe('/gemini/v1beta/models/g:generateContent?key=g-secret');
    expect(vendor.asked[0]?.headers).not.toHaveProperty('x-goog-api-key');
    expect(await recorded(2)).toMatchObject({
      provider: 'gemini',
      input: [{ content: 'one device per subscription' }],
    });
  });

  it('is recorded not at all where that is configured', async () => {
    await post('/quiet/v1/chat/completions', { model: 'm', messages: [QUESTION] });
    await post('/openai/v1/chat/completions', { model: 'm', messages: [QUESTION] });
    await recorded();
    expect(records).toHaveLength(1);
  });
});

describe('answers are judged', () => {
  const block = () =>
    holdOf({ kind: 'block', phrases: ['one device'], direction: 'output', message: 'Being checked.' });

  it('a whole answer with blocked words is refused, kept as evidence, and others pass', async () => {
    const hold = block();
    await order(hold);
    vendor.says = 'You may use One Device only.';
    await expect(openai().chat.completions.create({ model: 'm', messages: [QUESTION] })).rejects.toThrow(
      'Being checked.',
    );
    expect(await recorded()).toMatchObject({ verdict: { action: 'deny', hold: hold.hold }, output: vendor.says });
    await expect(anthropic().messages.create(MESSAGES)).rejects.toThrow('Being checked.');
    vendor.says = 'Two devices.';
    const answer = await anthropic().messages.create(MESSAGES);
    expect(answer.content[0]).toMatchObject({ text: 'Two devices.' });
  });

  it.each(['openai', 'anthropic', 'responses'] as const)(
    'a stream of %s ends before the words are said',
    async (shape) => {
      await order(block());
      vendor.says = 'You may use it on one device only, sorry.';
      let said = '';
      const error = await (async () => {
        if (shape === 'openai') {
          const stream = await openai().chat.completions.create({ model: 'm', messages: [QUESTION], stream: true });
          for await (const chunk of stream) said += chunk.choices[0]?.delta.content ?? '';
        } else if (shape === 'responses') {
          const stream = await openai().responses.create({ model: 'm', input: 'x', stream: true });
          for await (const event of stream) if (event.type === 'response.output_text.delta') said += event.delta;
        } else
          for await (const event of anthropic().messages.stream(MESSAGES))
            if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') said += event.delta.text;
        return 'ended as if complete';
      })().catch((reason: unknown) => reason);
      expect(String(error)).toContain('Being checked.');
      expect(said).not.toContain('device');
    },
  );

  it('an event that comes in two pieces is judged as one, and its words are on record', async () => {
    const pieces = ['data: {"choices":[{"index":0,"delta":{"content":"Only one dev', 'ice."}}]}\n\n', 'data: [DONE]'];
    const broken = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const [place, piece] of pieces.entries())
        setTimeout(() => (place === 2 ? response.end(piece) : response.write(piece)), place * 30);
    }).listen(0, '127.0.0.1');
    await once(broken, 'listening');
    const url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
    const other = await createGateway({
      port: 0,
      guard,
      upstreams: { openai: url },
      record: (interaction) => records.push(interaction),
    });
    const ask = async () => {
      const body = JSON.stringify({ ...{ model: 'm', messages: [QUESTION] }, stream: true });
      const headers = { ...HEADERS, 'content-type': 'application/json' };
      const response = await fetch(`${other.url}/openai/v1/chat/completions`, { method: 'POST', body, headers });
      let said = '';
      try {
        for await (const piece of response.body!) said += Buffer.from(piece).toString();
      } catch {
        said += '[broken off]';
      }
      return said;
    };
    await order(holdOf({ kind: 'block', phrases: ['something else'], direction: 'output' }));
    expect(await ask()).toBe(pieces.join(''));
    await order(block());
    const said = await ask();
    expect(said).not.toContain('dev');
    expect(said).toContain('Being checked.');
    expect(said).toContain('[broken off]');
    expect(await recorded(2)).toMatchObject({ output: 'Only one device.', verdict: { action: 'deny' } });
    await other.close();
    broken.closeAllConnections();
    broken.close();
  });

  it('a tool that was revoked is not handed to the agent, whole or streamed', async () => {
    await order(holdOf({ kind: 'revoke', tools: ['refund'], message: 'Refunds are paused.' }));
    vendor.calls = 'refund';
    const chat = { model: 'm', messages: [QUESTION] };
    await expect(openai().chat.completions.create(chat)).rejects.toThrow('Refunds are paused.');
    const error = await (async () => {
      for await (const _ of await openai().chat.completions.create({ ...chat, stream: true }));
      return 'ended as if complete';
    })().catch((reason: unknown) => reason);
    expect(String(error)).toContain('Refunds are paused.');
    await expect(anthropic().messages.stream(MESSAGES).finalMessage()).rejects.toThrow('Refunds are paused.');
    vendor.calls = 'lookup';
    expect((await openai().chat.completions.create(chat)).choices[0]?.message.tool_calls).toHaveLength(1);
  });

  it('a tool that was revoked is not offered to the model, which goes on with the others', async () => {
    const find = { type: 'function' as const, function: { name: 'find', parameters: {} } };
    const refund = { type: 'function' as const, function: { name: 'refund', parameters: {} } };
    const chat = { model: 'm', messages: [QUESTION], tools: [find, refund] };
    const bodyUp = () => vendor.asked.at(-1)!.body as { tools?: unknown[]; tool_choice?: unknown };
    await openai().chat.completions.create(chat);
    expect(bodyUp().tools).toHaveLength(2);
    await order(holdOf({ kind: 'revoke', agent: 'clerk', tools: ['refund'] }));
    await openai().chat.completions.create(chat, { headers: { 'x-firebreak-agent': 'another' } });
    expect(bodyUp().tools).toHaveLength(2);
    // Who does not say which agent asks may be the one.
    await openai().chat.completions.create(chat);
    expect(bodyUp().tools).toEqual([find]);
    const clerk = { headers: { 'x-firebreak-agent': 'clerk' } };
    const { response } = await openai().chat.completions.create(chat, clerk).withResponse();
    expect(bodyUp().tools).toEqual([find]);
    expect(response.headers.get('x-firebreak-tools-withheld')).toBe('refund');
    const tools = [{ name: 'refund', input_schema: { type: 'object' as const } }];
    await anthropic().messages.create({ ...MESSAGES, tools, tool_choice: { type: 'any' } }, clerk);
    expect(bodyUp()).not.toHaveProperty('tools');
    expect(bodyUp()).not.toHaveProperty('tool_choice');
  });

  it('an order that comes while an answer streams judges what follows', async () => {
    vendor.mode = 'endless';
    const stream = await openai().chat.completions.create({ model: 'm', messages: [QUESTION], stream: true });
    let words = 0;
    const error = await (async () => {
      for await (const _ of stream) {
        words += 1;
        if (words === 3) server.hold(holdOf({ kind: 'block', phrases: ['word word'], direction: 'output' }));
      }
      return 'ended as if complete';
    })().catch((reason: unknown) => reason);
    expect(String(error)).not.toContain('as if complete');
    await until('the vendor is let go', () => vendor.cutOff === 1);
  });

  it('a forced review refuses, unless the route waits for the person', async () => {
    const hold = holdOf({ kind: 'review', queue: 'claims' });
    await order(hold);
    const chat = { model: 'm', messages: [QUESTION] };
    await expect(openai().chat.completions.create(chat)).rejects.toThrow(/403/);
    expect(vendor.asked).toHaveLength(0);

    const reviewed = openai('reviewed').chat.completions.create(chat);
    await until('it is asked', () => server.heard.some(({ type }) => type === 'review'));
    const asked = server.heard.filter(({ type }) => type === 'review');
    expect(asked.at(-1)).toMatchObject({
      queue: 'claims',
      hold: hold.hold,
      question: 'How many devices?',
      text: 'Hello from stand-in',
    });
    server.decisions.set(`rvw_${asked.length}`, { state: 'approved' });
    expect((await reviewed).choices[0]?.message.content).toBe('Hello from stand-in');

    server.decisions.set(`rvw_${asked.length + 1}`, { state: 'edited', text: 'Two devices.' });
    expect((await openai('reviewed').chat.completions.create(chat)).choices[0]?.message.content).toBe('Two devices.');
    server.decisions.set(`rvw_${asked.length + 2}`, { state: 'declined' });
    await expect(openai('reviewed').chat.completions.create(chat)).rejects.toThrow(OpenAI.PermissionDeniedError);
  });
});
