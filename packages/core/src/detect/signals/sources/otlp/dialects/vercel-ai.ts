import type { Span } from '../span.ts';
import type { Dialect, SpanReading, Work } from './dialect.ts';
import { calledOf, conversation, count, membersIn, structure, word, wordIn } from './dialect.ts';

/**
 * `ai.generateText` wraps `ai.generateText.doGenerate`, which is the call itself; both carry the content. The wrapper ends
 * last, often in another batch, and would then be taken for a call of its own.
 */
function workOf(operation: string | null): Work | null {
  if (operation === null) return null;
  if (/^ai\.(?:generate|stream)(?:Text|Object)\.do(?:Generate|Stream)/.test(operation)) return 'llm';
  if (/^ai\.(?:generate|stream)(?:Text|Object)/.test(operation)) return 'workflow';
  if (/^ai\.embed/.test(operation)) return 'embedding';
  return operation.startsWith('ai.toolCall') ? 'tool' : 'other';
}

/** Its own names of a tool call, beside those everybody uses. */
function plainCall(it: unknown): unknown {
  if (typeof it !== 'object' || it === null || !('toolName' in it)) return it;
  const { toolCallId: id, toolName: name, input, args } = it as Readonly<Record<string, unknown>>;
  return { id, name, arguments: input ?? args };
}

function read({ attributes }: Span): Partial<SpanReading> {
  const prompt = attributes.get('ai.prompt');
  const asked = conversation(structure(attributes.get('ai.prompt.messages') ?? prompt), 'user');
  const system = wordIn(membersIn(prompt), 'system', 'instructions');
  const made = structure(attributes.get('ai.response.toolCalls'));
  const calls =
    conversation({ content: '', tool_calls: Array.isArray(made) ? made.map(plainCall) : made }, 'assistant')?.calls ??
    [];
  const said =
    attributes.get('ai.response.text') ?? attributes.get('ai.response.object') ?? attributes.get('ai.result.text');
  const work = workOf(word(attributes, 'ai.operationId', 'operation.name'));
  return {
    work,
    provider: word(attributes, 'ai.model.provider'),
    modelAsked: word(attributes, 'ai.model.id'),
    model: word(attributes, 'ai.response.model', 'ai.model.id'),
    responseId: word(attributes, 'ai.response.id'),
    session: word(attributes, 'ai.telemetry.metadata.sessionId'),
    subject: word(attributes, 'ai.telemetry.metadata.userId'),
    feature: word(attributes, 'ai.telemetry.functionId'),
    input:
      asked === null
        ? null
        : system === null || asked.messages.some((it) => it.role === 'system')
          ? asked.messages
          : [{ role: 'system', content: system }, ...asked.messages],
    output: typeof said === 'string' ? said : null,
    toolCalls: calls.length > 0 ? calls : null,
    called:
      work === 'tool'
        ? calledOf({
            id: word(attributes, 'ai.toolCall.id'),
            name: word(attributes, 'ai.toolCall.name'),
            arguments: attributes.get('ai.toolCall.args') ?? attributes.get('ai.toolCall.input'),
            result: attributes.get('ai.toolCall.result') ?? attributes.get('ai.toolCall.output'),
          })
        : null,
    results: asked?.results ?? null,
    inputTokens: count(attributes, 'ai.usage.promptTokens', 'ai.usage.inputTokens', 'ai.usage.tokens'),
    outputTokens: count(attributes, 'ai.usage.completionTokens', 'ai.usage.outputTokens'),
  };
}

/** The telemetry of the Vercel AI SDK. */
export const vercelAi: Dialect = {
  name: 'vercel-ai',
  speaks: (span) => [...span.attributes.keys()].some((key) => key.startsWith('ai.')),
  read,
};
