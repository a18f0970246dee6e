import type { Span } from '../span.ts';
import type { Dialect, SpanReading, Work } from './dialect.ts';
import { conversation, count, structure, word } from './dialect.ts';

/** `ai.generateText` wraps `ai.generateText.doGenerate`, which is the call itself; both carry the content. */
function workOf(operation: string | null): Work | null {
  if (operation === null) return null;
  if (/^ai\.(?:generate|stream)(?:Text|Object)/.test(operation)) return 'llm';
  if (/^ai\.embed/.test(operation)) return 'embedding';
  return operation.startsWith('ai.toolCall') ? 'tool' : 'other';
}

function read({ attributes }: Span): Partial<SpanReading> {
  const asked = conversation(structure(attributes.get('ai.prompt.messages') ?? attributes.get('ai.prompt')), 'user');
  const calls =
    conversation({ content: '', tool_calls: structure(attributes.get('ai.response.toolCalls')) }, 'assistant')?.calls ??
    [];
  const said =
    attributes.get('ai.response.text') ?? attributes.get('ai.response.object') ?? attributes.get('ai.result.text');
  return {
    work: workOf(word(attributes, 'ai.operationId', 'operation.name')),
    provider: word(attributes, 'ai.model.provider'),
    modelAsked: word(attributes, 'ai.model.id'),
    model: word(attributes, 'ai.response.model', 'ai.model.id'),
    responseId: word(attributes, 'ai.response.id'),
    session: word(attributes, 'ai.telemetry.metadata.sessionId'),
    subject: word(attributes, 'ai.telemetry.metadata.userId'),
    feature: word(attributes, 'ai.telemetry.functionId'),
    input: asked?.messages ?? null,
    output: typeof said === 'string' ? said : null,
    toolCalls: calls.length > 0 ? calls : null,
    inputTokens: count(attributes, 'ai.usage.promptTokens', 'ai.usage.inputTokens'),
    outputTokens: count(attributes, 'ai.usage.completionTokens', 'ai.usage.outputTokens'),
  };
}

/** The telemetry of the Vercel AI SDK. */
export const vercelAi: Dialect = {
  name: 'vercel-ai',
  speaks: (span) => [...span.attributes.keys()].some((key) => key.startsWith('ai.')),
  read,
};
