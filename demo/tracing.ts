import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Article } from './articles.ts';
import { MODEL_ASKED, SYSTEM } from './setup.ts';

/** What is known of one answer once it has been given. */
export interface Told {
  readonly question: string;
  readonly instructions: string;
  readonly answer: string;
  readonly responseId: string | null;
  readonly model: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

export interface Turn {
  readonly traceId: string;
  /** The call to the model begins; answers the `traceparent` for it. */
  calling(): string;
  retrieved(question: string, articles: readonly Article[]): void;
  told(it: Told): void;
  failed(why: string): void;
  end(): void;
}

export interface Tracing {
  /** What this process calls itself, in traces and as a guard. */
  readonly instance: string;
  turn(about: { feature: string; prompt: string | null; customer: string; session: string }): Turn;
  stop(): Promise<void>;
}

const message = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] });

/** Traces by the official exporter, with the names of the OpenTelemetry conventions for generative AI. */
export function startTracing(serverUrl: string, key: string): Tracing {
  const instance = `${SYSTEM}-${process.pid}`;
  const exporter = new OTLPTraceExporter({
    url: `${serverUrl}/v1/traces`,
    headers: { authorization: `Bearer ${key}` },
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': SYSTEM,
      'service.instance.id': instance,
      'deployment.environment.name': 'production',
    }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1_000 })],
  });
  const tracer: Tracer = provider.getTracer('support-bot', '1.0.0');
  return {
    instance,
    turn({ feature, prompt, customer, session }) {
      const root = tracer.startSpan('answer a customer', {
        kind: SpanKind.SERVER,
        attributes: {
          'firebreak.feature': feature,
          ...(prompt !== null && { 'firebreak.prompt.version': prompt }),
          'enduser.id': customer,
          'gen_ai.conversation.id': session,
        },
      });
      const within = trace.setSpan(context.active(), root);
      let chat: Span | null = null;
      const { traceId } = root.spanContext();
      return {
        traceId,
        calling() {
          chat?.end();
          chat = tracer.startSpan(
            `chat ${MODEL_ASKED}`,
            {
              kind: SpanKind.CLIENT,
              attributes: {
                'gen_ai.operation.name': 'chat',
                'gen_ai.provider.name': 'openai',
                'gen_ai.request.model': MODEL_ASKED,
              },
            },
            within,
          );
          return `00-${traceId}-${chat.spanContext().spanId}-01`;
        },
        retrieved(question, articles) {
          chat?.setAttribute('gen_ai.retrieval.query.text', question);
          chat?.setAttribute(
            'gen_ai.retrieval.documents',
            JSON.stringify(articles.map(({ id, title, text }) => ({ id, title, content: text }))),
          );
        },
        told({ question, instructions, answer, responseId, model, inputTokens, outputTokens }) {
          chat?.setAttributes({
            'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: instructions }]),
            'gen_ai.input.messages': JSON.stringify([message('user', question)]),
            'gen_ai.output.messages': JSON.stringify([{ ...message('assistant', answer), finish_reason: 'stop' }]),
            ...(responseId !== null && { 'gen_ai.response.id': responseId }),
            ...(model !== null && { 'gen_ai.response.model': model }),
            ...(inputTokens !== null && { 'gen_ai.usage.input_tokens': inputTokens }),
            ...(outputTokens !== null && { 'gen_ai.usage.output_tokens': outputTokens }),
          });
        },
        failed(why) {
          for (const span of [chat, root]) span?.setStatus({ code: SpanStatusCode.ERROR, message: why });
        },
        end() {
          chat?.end();
          root.end();
        },
      };
    },
    stop: () => provider.shutdown(),
  };
}
