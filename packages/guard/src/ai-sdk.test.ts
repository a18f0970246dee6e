import { generateText, stepCountIs, streamText, tool, wrapLanguageModel } from 'ai';
import { MockLanguageModelV3, simulateReadableStream } from 'ai/test';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type Guarded, openGuarded } from '../../../conformance/guarded.ts';
import { holdOf, until } from '../../../conformance/stand-in-control-plane.ts';
import { middleware, needsApproval, toolApproval } from './ai-sdk.ts';
import { ContainedError } from './index.ts';

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
};
const finishReason = { unified: 'stop' as const, raw: undefined };

let open: Guarded;
let aborted = 0;
function modelOf(text: string, modelId = 'm2', chunkDelayInMs: number | null = null) {
  return new MockLanguageModelV3({
    modelId,
    provider: 'acme.chat',
    doGenerate: async () => ({ content: [{ type: 'text', text }], finishReason, usage, warnings: [] }),
    doStream: async ({ abortSignal }) => {
      abortSignal?.addEventListener('abort', () => {
        aborted += 1;
      });
      return {
        stream: simulateReadableStream({
          chunkDelayInMs,
          chunks: [
            { type: 'text-start', id: '1' },
            ...text.split(' ').map((word) => ({ type: 'text-delta' as const, id: '1', delta: `${word} ` })),
            { type: 'text-end', id: '1' },
            { type: 'finish', finishReason, usage },
          ],
        }),
      };
    },
  });
}
const guarded = (model: MockLanguageModelV3, options: Parameters<typeof middleware>[1] = {}) =>
  wrapLanguageModel({ model, middleware: middleware(open.guard, options) as never });
const ask = (model: ReturnType<typeof guarded>, prompt = 'hello') => generateText({ model, prompt, maxRetries: 2 });

beforeEach(async () => {
  aborted = 0;
  open = await openGuarded();
});
afterEach(() => open.close());

it('refuses before the model is called, once', async () => {
  const model = modelOf('Hello');
  expect((await ask(guarded(model))).text).toBe('Hello');
  await open.order(holdOf({ kind: 'disable', feature: 'answers' }));
  await expect(ask(guarded(model, { asking: { feature: 'answers' } }))).rejects.toThrow(ContainedError);
  expect(model.doGenerateCalls).toHaveLength(1);
});

it('sees what is asked, and what the tools said', async () => {
  const model = modelOf('Hello');
  await open.order(holdOf({ kind: 'block', phrases: ['my card number'], direction: 'input' }));
  await expect(ask(guarded(model), 'Here is MY card number')).rejects.toThrow(ContainedError);
  expect((await ask(guarded(model))).text).toBe('Hello');
});

it('generates no more freely than ordered, by the model ordered', async () => {
  const [withdrawn, other] = [modelOf('bad'), modelOf('good', 'm1')];
  await open.order(
    holdOf({ kind: 'route', from: { model: 'm2' }, to: { model: 'm1' } }),
    holdOf({ kind: 'settings', temperature: 0.2, maxTokens: 40 }),
  );
  const asked: object[] = [];
  const toModel = (to: object) => {
    asked.push(to);
    return other;
  };
  expect((await ask(guarded(withdrawn, { toModel }))).text).toBe('good');
  expect(asked).toEqual([{ model: 'm1' }]);
  expect(other.doGenerateCalls[0]).toMatchObject({ temperature: 0.2, maxOutputTokens: 40 });
  await expect(ask(guarded(withdrawn))).rejects.toThrow(ContainedError);
  expect(withdrawn.doGenerateCalls).toHaveLength(0);
});

it('does not give an answer that says what is blocked, whole or streamed', async () => {
  const model = modelOf('You may use two devices at most');
  await open.order(holdOf({ kind: 'block', phrases: ['two devices'], direction: 'output' }));
  await expect(ask(guarded(model))).rejects.toThrow(ContainedError);
  const heard: string[] = [];
  const { textStream } = streamText({
    model: guarded(model),
    prompt: 'hello',
    onError: () => undefined,
  });
  const reading = (async () => {
    for await (const text of textStream) heard.push(text);
  })();
  await expect(reading).rejects.toThrow(ContainedError);
  expect(heard.join('')).toBe('You may use two ');
});

it('ends a stream that is running, aloud, and tells the model to stop', async () => {
  const model = modelOf('word '.repeat(2_000).trim(), 'm2', 5);
  const { textStream } = streamText({
    model: guarded(model),
    prompt: 'hello',
    onError: () => undefined,
  });
  let words = 0;
  const reading = (async () => {
    for await (const _ of textStream) {
      words += 1;
      if (words === 2) await open.order(holdOf({ kind: 'disable' }));
    }
  })();
  await expect(reading).rejects.toThrow(ContainedError);
  expect(words).toBeLessThan(500);
  await until('aborted', () => aborted === 1);
  expect(open.guard.stats().inFlight).toBe(0);
});

it('has a person look first, and says what they made of it', async () => {
  const model = modelOf('All sales are final');
  await open.order(holdOf({ kind: 'review', queue: 'claims' }));
  await expect(ask(guarded(model))).rejects.toThrow(ContainedError);
  expect(model.doGenerateCalls).toHaveLength(0);

  open.server.decisions.set('rvw_1', { state: 'edited', text: 'You have 14 days' });
  const waiting = guarded(model, { waitForReview: true, asking: { feature: 'answers' } });
  expect((await ask(waiting)).text).toBe('You have 14 days');
  expect(open.server.heard.filter(({ type }) => type === 'review')).toMatchObject([
    { text: 'All sales are final', question: 'hello', queue: 'claims', feature: 'answers', system: 'support-bot' },
  ]);
  open.server.decisions.set('rvw_2', { state: 'approved' });
  expect(await streamText({ model: waiting, prompt: 'hello' }).text).toBe('All sales are final');
  open.server.decisions.set('rvw_3', { state: 'declined' });
  await expect(ask(waiting)).rejects.toThrow(ContainedError);
});

it('keeps an agent from a tool that was revoked, and asks for approval of one that is reviewed', async () => {
  const sent: string[] = [];
  const send = tool({
    description: 'sends mail',
    inputSchema: z.object({ to: z.string() }),
    execute: async ({ to }) => {
      sent.push(to);
      return 'sent';
    },
  });
  const calls = new MockLanguageModelV3({
    doGenerate: async () => ({
      content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'send_mail', input: '{"to":"ann"}' }],
      finishReason: { unified: 'tool-calls' as const, raw: undefined },
      usage,
      warnings: [],
    }),
  });
  const question = { tool: 'send_mail', agent: 'clerk' };
  const run = () =>
    generateText({
      model: calls,
      prompt: 'mail ann',
      stopWhen: stepCountIs(1),
      tools: {
        send_mail: { ...open.guard.tool(send, question), needsApproval: needsApproval(open.guard, question) },
      },
    });
  await run();
  expect(sent).toEqual(['ann']);
  await open.order(holdOf({ kind: 'revoke', tools: ['send_mail'] }));
  const { content } = await run();
  expect(content.find(({ type }) => type === 'tool-error')).toMatchObject({ error: { name: 'ContainedError' } });
  await open.order(holdOf({ kind: 'review', tools: ['send_mail'] }));
  const held = await run();
  expect(held.content.some(({ type }) => type === 'tool-approval-request')).toBe(true);
  expect(sent).toEqual(['ann']);
});

it('says of every tool call whether it may be made, as AI SDK 7 asks', async () => {
  const approval = toolApproval(open.guard, () => ({ agent: 'clerk' }));
  const of = (toolName: string) => approval({ toolCall: { toolName, toolCallId: 'c1', input: {} } });
  expect(of('send_mail')).toBeUndefined();
  await open.order(
    holdOf({ kind: 'revoke', agent: 'clerk', tools: ['send_mail'] }),
    holdOf({ kind: 'review', tools: ['refund'] }),
  );
  expect(of('send_mail')).toMatchObject({ type: 'denied', reason: expect.stringContaining('paused') });
  expect(of('refund')).toBe('user-approval');
  expect(of('look_up')).toBeUndefined();
  expect(toolApproval(open.guard, { agent: 'other' })({ toolCall: { toolName: 'send_mail' } })).toBeUndefined();
});
