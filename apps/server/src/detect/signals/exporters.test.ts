import { signals } from '@firebreak/contract/detect/signals';
import { openWorld, type World } from '@firebreak/world';
import { SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
beforeAll(async () => {
  world = await openWorld({ listen: true });
  sender = await world.program('telemetry:write', 'read');
});
afterAll(() => world.close());

/** One chat with retrieval around it, as an instrumented application would trace it. */
async function traced(exporter: SpanExporter, service: string): Promise<void> {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('app', '1');
  const root = tracer.startSpan('answer', {
    attributes: { 'firebreak.feature': 'policy-answers', 'enduser.id': 'u-1' },
  });
  const within = trace.setSpan((await import('@opentelemetry/api')).context.active(), root);
  const found = tracer.startSpan(
    'retrieval',
    {
      attributes: {
        'gen_ai.operation.name': 'retrieval',
        'gen_ai.retrieval.documents': JSON.stringify([
          { id: 'd', content: 'Up to five devices for one subscription.' },
        ]),
      },
    },
    within,
  );
  found.end();
  const chat = tracer.startSpan(
    'chat m-1',
    {
      kind: SpanKind.CLIENT,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'm-1',
        'gen_ai.response.model': 'm-1-2026',
        'gen_ai.usage.input_tokens': 320,
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.input.messages': JSON.stringify([
          { role: 'user', parts: [{ type: 'text', content: 'Wie viele Geräte? 🙂' }] },
        ]),
        'gen_ai.output.messages': JSON.stringify([
          { role: 'assistant', parts: [{ type: 'text', content: 'Each subscription is limited to one device.' }] },
        ]),
      },
    },
    within,
  );
  chat.end();
  root.end();
  await provider.forceFlush();
  await provider.shutdown();
}

const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  const began = Date.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() - began > 15_000) throw new Error('it did not happen within 15 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

describe.each([
  ['JSON', 'json-bot', JsonExporter],
  ['protobuf', 'proto-bot', ProtobufExporter],
] as const)('the OpenTelemetry exporter for %s', (_, service, Exporter) => {
  it('reaches a running server, and what it sends is read and looked at', async () => {
    const exporter = new Exporter({
      url: `${world.url}/v1/traces`,
      headers: { authorization: `Bearer ${sender.key}` },
      compression: 'gzip' as never,
    });
    await traced(exporter, service);
    const row = await until(
      async () => (await sender.call(signals.listInteractions, { query: { system: service } })).items[0],
    );
    expect(row).toMatchObject({
      feature: 'policy-answers',
      question: 'Wie viele Geräte? 🙂',
      versions: { model: 'm-1-2026', modelAsked: 'm-1' },
      sources: ['otlp'],
    });
    const whole = await until(async () => {
      const read = await sender.call(signals.readInteraction, { params: { interaction: row.id } });
      return read.signals.length > 0 && read.sealed !== null ? read : undefined;
    });
    expect(whole.interaction).toMatchObject({
      subject: 'u-1',
      retrieved: [{ id: 'd', title: null, text: 'Up to five devices for one subscription.' }],
      tokens: { input: 320, output: null },
    });
    expect(whole.signals[0]).toMatchObject({ detector: 'ungrounded-claim', feature: 'policy-answers' });
  });
});

it('tells an exporter with a wrong key that it is refused', async () => {
  const exporter = new ProtobufExporter({
    url: `${world.url}/v1/traces`,
    headers: { authorization: 'Bearer fbk_wrong' },
  });
  const answers: unknown[] = [];
  const provider = new BasicTracerProvider({
    spanProcessors: [
      new BatchSpanProcessor({
        export: (spans, done) =>
          exporter.export(spans, (result) => {
            answers.push(result);
            done(result);
          }),
        shutdown: () => exporter.shutdown(),
      }),
    ],
  });
  provider.getTracer('x').startSpan('x').end();
  await provider.forceFlush().catch(() => undefined);
  await provider.shutdown().catch(() => undefined);
  expect(answers).toMatchObject([{ code: 1, error: { code: 401 } }]);
});
