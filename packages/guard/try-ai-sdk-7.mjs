// Tries the built package with AI SDK 7, found at FIREBREAK_AI_SDK: its middleware and its approval of tools.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { standIn, until } from './try-package.mjs';

const dist = fileURLToPath(new URL('./dist/', import.meta.url));
const load = (...path) => import(pathToFileURL(join(...path)).href);
const sdk = process.env.FIREBREAK_AI_SDK;
const { generateText, streamText, jsonSchema, tool, wrapLanguageModel, stepCountIs } = await load(sdk, 'dist/index.js');
const { MockLanguageModelV4, simulateReadableStream } = await load(sdk, 'dist/test/index.js');
const { createGuard, ContainedError } = await load(dist, 'index.js');
const { middleware, toolApproval } = await load(dist, 'ai-sdk.js');
const { openStandIn, holdOf, STAND_IN_KEY: key } = await standIn();

const server = await openStandIn();
const guard = await createGuard({ url: server.url, key, system: 'support-bot', bootFailMode: 'deny' });
await guard.ready();
const order = async (...holds) => {
  server.hold(...holds);
  await until('obeyed', () => guard.stats().epoch === server.snapshot().epoch);
};
const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
const answer = (content, reason = 'stop') => ({
  content,
  finishReason: { unified: reason, raw: undefined },
  usage,
  warnings: [],
});
const guarded = (model) =>
  wrapLanguageModel({ model, middleware: middleware(guard, { asking: { feature: 'answers' } }) });

// Refused before the model is asked, in one attempt; another feature goes on.
await order();
const plain = new MockLanguageModelV4({
  doGenerate: async () => answer([{ type: 'text', text: 'All sales are final' }]),
});
assert.equal((await generateText({ model: guarded(plain), prompt: 'hello' })).text, 'All sales are final');
await order(holdOf({ kind: 'disable', feature: 'answers' }));
const began = performance.now();
await assert.rejects(
  generateText({ model: guarded(plain), prompt: 'hello' }),
  (error) => error instanceof ContainedError,
);
assert.ok(performance.now() - began < 1_000, 'a refusal was tried again');
assert.equal(plain.doGenerateCalls.length, 1);

// An answer under way is ended with an error, never as if it were whole.
await order();
const slow = new MockLanguageModelV4({
  doStream: async () => ({
    stream: simulateReadableStream({
      chunkDelayInMs: 40,
      chunks: [
        { type: 'stream-start', warnings: [] },
        { type: 'text-start', id: '1' },
        ...Array.from({ length: 200 }, (_, i) => ({ type: 'text-delta', id: '1', delta: `word ${i} ` })),
        { type: 'text-end', id: '1' },
        { type: 'finish', finishReason: { unified: 'stop', raw: undefined }, usage },
      ],
    }),
  }),
});
const errors = [];
const { fullStream, stream = fullStream } = streamText({
  model: guarded(slow),
  prompt: 'hello',
  onError: () => undefined,
});
let words = 0;
try {
  for await (const part of stream) {
    if (part.type === 'text-delta' && ++words === 3) await order(holdOf({ kind: 'disable', feature: 'answers' }));
    if (part.type === 'error') errors.push(part.error);
  }
} catch (error) {
  errors.push(error);
}
assert.ok(words < 100, 'the answer went on');
assert.ok(errors[0] instanceof ContainedError, 'it ended in silence');

// A tool that was revoked does not run and the model is told; one that is reviewed waits for a person.
const sent = [];
const tools = {
  send_mail: tool({
    description: 'sends mail',
    inputSchema: jsonSchema({ type: 'object', properties: { to: { type: 'string' } } }),
    execute: async ({ to }) => {
      sent.push(to);
      return 'sent';
    },
  }),
};
const clerk = new MockLanguageModelV4({
  doGenerate: async () =>
    answer([{ type: 'tool-call', toolCallId: 'c1', toolName: 'send_mail', input: '{"to":"ann"}' }], 'tool-calls'),
});
const run = () =>
  generateText({
    model: clerk,
    prompt: 'mail ann',
    tools,
    stopWhen: stepCountIs(1),
    toolApproval: toolApproval(guard, { agent: 'clerk' }),
  });
await order();
await run();
assert.deepEqual(sent, ['ann']);
await order(holdOf({ kind: 'revoke', tools: ['send_mail'] }));
const denied = JSON.stringify((await run()).content);
assert.match(denied, /denied|approval/i);
await order(holdOf({ kind: 'review', tools: ['send_mail'] }));
const held = await run();
assert.ok(held.content.some(({ type }) => type === 'tool-approval-request'));
assert.deepEqual(sent, ['ann']);

guard.close();
await server.close();
console.log('with AI SDK 7 it refuses once, ends answers loudly, and keeps tools from running');
process.exit(0);
