import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HoldInForce } from '@firebreak/core/respond/containment';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { holdOf, openStandIn, STAND_IN_KEY, until } from '../../../conformance/stand-in-control-plane.ts';
import { createGuard, type FetchOptions, type Guard } from './index.ts';

const asked: { headers: IncomingMessage['headers']; body: { model: string; stream?: boolean } }[] = [];
let closedByPeer = 0;
let vendor: Server;
let vendorUrl: string;
let server: Awaited<ReturnType<typeof openStandIn>>;
let guard: Guard;

const chunk = (text: string) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content: text }, finish_reason: null }] })}\n\n`;

beforeAll(async () => {
  vendor = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      const body = JSON.parse(text);
      asked.push({ headers: request.headers, body });
      if (body.stream !== true) {
        const message = { role: 'assistant', content: 'Hello' };
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            id: 'chatcmpl-1',
            object: 'chat.completion',
            created: 1,
            model: body.model,
            choices: [{ index: 0, message, finish_reason: 'stop' }],
          }),
        );
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => response.write(chunk('word ')), 5);
      response.on('close', () => {
        clearInterval(timer);
        closedByPeer += 1;
      });
    });
  });
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  vendorUrl = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}/v1`;
});
afterAll(() => {
  vendor.closeAllConnections();
  vendor.close();
});
beforeEach(async () => {
  asked.length = 0;
  closedByPeer = 0;
  server = await openStandIn();
  guard = await createGuard({ url: server.url, key: STAND_IN_KEY, system: 'support-bot', bootFailMode: 'deny' });
  await guard.ready();
});
afterEach(async () => {
  guard.close();
  await server.close();
});

const client = (options?: FetchOptions) =>
  new OpenAI({
    apiKey: 'sk-x',
    baseURL: vendorUrl,
    fetch: guard.fetch(fetch, { asking: { feature: 'answers' }, ...options }) as typeof fetch,
  });
const MESSAGES = [{ role: 'user' as const, content: 'hi' }];
async function order(...holds: HoldInForce[]) {
  server.hold(...holds);
  await until('applied', () => guard.stats().epoch === server.snapshot().epoch);
}

describe('the OpenAI SDK behind guard.fetch', () => {
  it('works as without it while nothing is in force', async () => {
    const answer = await client().chat.completions.create(
      { model: 'm1', messages: MESSAGES },
      { headers: { 'x-firebreak-user': 'u1' } },
    );
    expect(answer.choices[0]?.message.content).toBe('Hello');
    expect(asked[0]?.headers['x-firebreak-user']).toBeUndefined();
    expect(guard.stats().inFlight).toBe(0);
  });

  it('is refused in one attempt, at once, with our message, and the vendor is never asked', async () => {
    await order(holdOf({ kind: 'disable', feature: 'answers', message: 'Answers are paused.' }));
    const began = performance.now();
    const error = await client()
      .chat.completions.create({ model: 'm1', messages: MESSAGES })
      .catch((reason: unknown) => reason);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect((error as InstanceType<typeof OpenAI.APIError>).message).toContain('Answers are paused.');
    expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get('x-firebreak-control')).toMatch(/^hld_/);
    expect(error).toMatchObject({ status: 403, code: 'containment.denied' });
    expect(asked).toHaveLength(0);
    expect(guard.stats().refused).toBe(1);
  });

  it('asks the model that is ordered', async () => {
    await order(holdOf({ kind: 'route', from: { model: 'm2' }, to: { model: 'm1' } }));
    const answer = await client().chat.completions.create({ model: 'm2', messages: MESSAGES });
    expect(answer.model).toBe('m1');
    expect(asked[0]?.body.model).toBe('m1');
  });

  it('refuses what it cannot re-route, rather than asking the withdrawn one', async () => {
    await order(holdOf({ kind: 'route', to: { provider: 'azure' } }));
    await expect(client().chat.completions.create({ model: 'm', messages: MESSAGES })).rejects.toThrow(/paused/);
    expect(asked).toHaveLength(0);
    const toProvider = (request: Request) => new Request(`${vendorUrl}/azure`, request);
    await client({ toProvider }).chat.completions.create({ model: 'm', messages: MESSAGES });
    expect(asked).toHaveLength(1);
  });

  it('passes a request that says it already uses the prompt ordered', async () => {
    await order(holdOf({ kind: 'route', from: { prompt: 'v41' }, to: { prompt: 'v40' } }));
    const create = (prompt?: string) =>
      client().chat.completions.create(
        { model: 'm', messages: MESSAGES },
        { headers: prompt === undefined ? {} : { 'x-firebreak-prompt': prompt } },
      );
    await expect(create()).rejects.toThrow(OpenAI.PermissionDeniedError);
    await expect(create('v41')).rejects.toThrow(OpenAI.PermissionDeniedError);
    await create(guard.resolvePrompt('v41'));
    expect(asked).toHaveLength(1);
  });

  it('ends a running answer with an error, never in silence, and lets go of the vendor', async () => {
    const stream = await client().chat.completions.create({ model: 'm', messages: MESSAGES, stream: true });
    let words = 0;
    let orderedAt = 0;
    const read = (async () => {
      for await (const _ of stream) {
        words += 1;
        if (words === 3) {
          orderedAt = performance.now();
          server.hold(holdOf({ kind: 'disable', feature: 'answers' }));
        }
      }
      return 'ended as if complete';
    })();
    const error = await read.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ContainedError', status: 403 });
    expect(performance.now() - orderedAt).toBeLessThan(2_000);
    await until('the vendor is let go', () => closedByPeer === 1);
    expect(guard.stats().inFlight).toBe(0);
  });

  it.each([
    ['nothing else is looked at', []],
    ['the words of answers are read', [holdOf({ kind: 'block', phrases: ['nobody says this'], direction: 'output' })]],
  ] as const)(
    'goes on where the order lets it finish, refuses what is new, and ends it by the next order: %s',
    async (_, others) => {
      await order(...others);
      const stream = await client().chat.completions.create({ model: 'm', messages: MESSAGES, stream: true });
      const words = stream[Symbol.asyncIterator]();
      await words.next();
      const drain = holdOf({ kind: 'disable', feature: 'answers', inFlight: 'drain' });
      await order(...others, drain);
      for (let word = 0; word < 20; word += 1) expect((await words.next()).done).toBe(false);
      await expect(client().chat.completions.create({ model: 'm', messages: MESSAGES })).rejects.toThrow(/paused/);
      expect(asked).toHaveLength(1);
      server.hold(...others, drain, holdOf({ kind: 'disable', feature: 'answers' }));
      const rest = (async () => {
        while (!(await words.next()).done);
        return 'ended as if complete';
      })();
      await expect(rest).rejects.toMatchObject({ name: 'ContainedError' });
    },
  );

  it('lets the caller abort as before', async () => {
    const controller = new AbortController();
    const stream = await client().chat.completions.create(
      { model: 'm', messages: MESSAGES, stream: true },
      { signal: controller.signal },
    );
    for await (const _ of stream) controller.abort();
    await until('the vendor is let go', () => closedByPeer === 1);
    await until('nothing is tracked', () => guard.stats().inFlight === 0);
  });
});
