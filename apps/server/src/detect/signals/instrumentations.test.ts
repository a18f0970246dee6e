import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signals } from '@firebreak/contract/detect/signals';
import { openWorld, type World } from '@firebreak/world';
import { type Context, context, ROOT_CONTEXT } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai';
import { generateText, tool } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const CALLED = [{ id: 'call_9Xk2', type: 'function', function: { name: 'lookup', arguments: '{"order":"4711"}' } }];

let world: World;
let vendor: Server;
let sender: Awaited<ReturnType<World['program']>>;
const contexts = new AsyncLocalStorage<Context>();
const contextManager: Parameters<typeof context.setGlobalContextManager>[0] = {
  active: () => contexts.getStore() ?? ROOT_CONTEXT,
  with: (of, call, self, ...args) => contexts.run(of, () => call.call(self as never, ...args)),
  bind: (_, target) => target,
  enable: () => contextManager,
  disable: () => contextManager,
};
beforeAll(async () => {
  context.setGlobalContextManager(contextManager);
  world = await openWorld({ listen: true });
  sender = await world.program('telemetry:write', 'read');
  vendor = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        id: 'chatcmpl-story-1',
        object: 'chat.completion',
        created: 1_795_860_000,
        model: 'm-1-2026',
        choices: [
          request.url?.startsWith('/tools/')
            ? {
                index: 0,
                finish_reason: 'tool_calls',
                message: { role: 'assistant', content: null, tool_calls: CALLED },
              }
            : {
                index: 0,
                finish_reason: 'stop',
                message: { role: 'assistant', content: 'Only one device is allowed.' },
              },
        ],
        usage: { prompt_tokens: 21, completion_tokens: 6, total_tokens: 27 },
      }),
    );
  });
  await new Promise<void>((done) => vendor.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  context.disable();
  vendor.closeAllConnections();
  vendor.close();
  await world.close();
});

const headers = () => ({ authorization: `Bearer ${sender.key}` });
const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  const began = Date.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() - began > 15_000) throw new Error('it did not happen within 15 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const interactionsOf = (system: string) =>
  until(async () => {
    const { items } = await sender.call(signals.listInteractions, { query: { system } });
    return items.length > 0 ? items : undefined;
  });
const tracing = (service: string) =>
  new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${world.url}/v1/traces`, headers: headers() })),
    ],
  });

describe.each([
  ['JSON', 'json-logs', JsonLogs],
  ['protobuf', 'proto-logs', ProtobufLogs],
] as const)('the OpenTelemetry log exporter for %s', (_, service, Exporter) => {
  it('reaches a running server: errors are signals, events of calls are interactions', async () => {
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({ 'service.name': service }),
      processors: [
        new BatchLogRecordProcessor({
          exporter: new Exporter({ url: `${world.url}/v1/logs`, headers: headers() }),
        } as never),
      ],
    });
    const logger = provider.getLogger('app');
    const now = Date.now();
    logger.emit({
      eventName: 'gen_ai.client.inference.operation.details',
      timestamp: now,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.response.id': `chatcmpl-${service}`,
        'gen_ai.response.model': 'm-3',
        'gen_ai.output.messages': JSON.stringify([
          { role: 'assistant', parts: [{ type: 'text', content: 'Grüße 🙂' }] },
        ]),
      },
    });
    logger.emit({ severityNumber: SeverityNumber.ERROR, body: 'the index is gone', timestamp: now });
    logger.emit({ severityNumber: SeverityNumber.INFO, body: 'nothing to see', timestamp: now });
    await provider.forceFlush();
    await provider.shutdown();
    expect(await interactionsOf(service)).toMatchObject([{ answer: 'Grüße 🙂', versions: { model: 'm-3' } }]);
    const { items } = await sender.call(signals.listSignals, { query: { system: service } });
    expect(items).toMatchObject([{ kind: 'logged-error', text: 'Logged: the index is gone' }]);
  });
});

it('reads what OpenLLMetry says of the OpenAI SDK', async () => {
  const provider = tracing('openllmetry-bot');
  const instrumentation = new OpenAIInstrumentation({ traceContent: true });
  instrumentation.setTracerProvider(provider);
  instrumentation.manuallyInstrument(OpenAI);
  const { port } = vendor.address() as AddressInfo;
  const openai = new OpenAI({ apiKey: 'sk-test', baseURL: `http://127.0.0.1:${port}/v1` });
  await openai.chat.completions.create({
    model: 'm-1',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'How many devices?' },
    ],
  });
  await provider.forceFlush();
  await provider.shutdown();
  const [row] = await interactionsOf('openllmetry-bot');
  expect(row).toMatchObject({
    question: 'How many devices?',
    answer: 'Only one device is allowed.',
    versions: { model: 'm-1-2026', modelAsked: 'm-1' },
  });
  const { interaction } = await sender.call(signals.readInteraction, { params: { interaction: row!.id } });
  expect(interaction).toMatchObject({ tokens: { input: 21, output: 6 }, provider: expect.stringMatching(/openai/i) });
});

it('reads calls of tools of the OpenAI SDK, and what its own span of the tool says', async () => {
  const provider = tracing('openllmetry-clerk');
  const instrumentation = new OpenAIInstrumentation({ traceContent: true });
  instrumentation.setTracerProvider(provider);
  instrumentation.manuallyInstrument(OpenAI);
  const { port } = vendor.address() as AddressInfo;
  const openai = new OpenAI({ apiKey: 'sk-test', baseURL: `http://127.0.0.1:${port}/tools/v1` });
  const tracer = provider.getTracer('app');
  await tracer.startActiveSpan('turn', async (turn) => {
    await openai.chat.completions.create({ model: 'm-1', messages: [{ role: 'user', content: 'Where is it?' }] });
    // The call of the model arrives before the tool has run.
    await provider.forceFlush();
    await interactionsOf('openllmetry-clerk');
    const attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'lookup',
      'gen_ai.tool.call.id': 'call_9Xk2',
      'gen_ai.tool.call.result': '{"state":"on its way"}',
    };
    tracer.startSpan('execute_tool lookup', { attributes }).end();
    turn.end();
  });
  await provider.forceFlush();
  await provider.shutdown();
  const rows = await interactionsOf('openllmetry-clerk');
  expect(rows).toHaveLength(1);
  const { interaction } = await sender.call(signals.readInteraction, { params: { interaction: rows[0]!.id } });
  expect(interaction.toolCalls).toEqual([
    { id: 'call_9Xk2', name: 'lookup', arguments: '{"order":"4711"}', result: '{"state":"on its way"}' },
  ]);
});

it('reads what the Vercel AI SDK says, also of tools', async () => {
  const provider = tracing('vercel-bot');
  const usage = {
    inputTokens: { total: 12, noCache: 12, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 7, text: 7, reasoning: 0 },
  };
  let step = 0;
  const model = new MockLanguageModelV3({
    modelId: 'mock-1',
    doGenerate: async () =>
      step++ === 0
        ? {
            finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
            usage,
            warnings: [],
            content: [
              { type: 'tool-call', toolCallId: 'call-1', toolName: 'lookup', input: JSON.stringify({ order: '4711' }) },
            ],
          }
        : {
            finishReason: { unified: 'stop', raw: 'stop' },
            usage,
            warnings: [],
            content: [{ type: 'text', text: 'It arrives on Friday.' }],
          },
  });
  await generateText({
    model,
    prompt: 'Where is my parcel?',
    tools: {
      lookup: tool({ inputSchema: z.object({ order: z.string() }), execute: async () => ({ state: 'on its way' }) }),
    },
    stopWhen: ({ steps }) => steps.length >= 2,
    experimental_telemetry: {
      isEnabled: true,
      functionId: 'parcel-questions',
      metadata: { userId: 'u-9' },
      tracer: provider.getTracer('ai'),
    },
  });
  await provider.forceFlush();
  await provider.shutdown();
  const items = await interactionsOf('vercel-bot');
  expect(items).toHaveLength(2);
  const whole = await Promise.all(
    items.map(
      async ({ id }) => (await sender.call(signals.readInteraction, { params: { interaction: id } })).interaction,
    ),
  );
  const last = whole.find(({ output }) => output === 'It arrives on Friday.')!;
  expect(last).toMatchObject({
    feature: 'parcel-questions',
    subject: 'u-9',
    versions: { modelAsked: 'mock-1' },
    tokens: { input: 12, output: 7 },
  });
  expect(last.input!.some(({ content }) => content.includes('Where is my parcel?'))).toBe(true);
  const first = whole.find((it) => it !== last)!;
  expect(first.toolCalls).toEqual([
    { id: 'call-1', name: 'lookup', arguments: '{"order":"4711"}', result: '{"state":"on its way"}' },
  ]);
});
