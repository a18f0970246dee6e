import type { Message } from '../../../interaction.ts';
import type { Attributes, Span } from '../span.ts';
import type { Dialect, SpanReading, Work } from './dialect.ts';
import { conversation, count, structure, word } from './dialect.ts';

const WORK: Readonly<Record<string, Work>> = {
  workflow: 'workflow',
  task: 'other',
  agent: 'agent',
  tool: 'tool',
  session: 'other',
};
const MOST = 200;
const NUMBERED = /^gen_ai\.(?:prompt|completion)\.\d/;

/** `gen_ai.prompt.{i}.role|content`; `null` where there is none. */
function messages(attributes: Attributes, prefix: string, roleIfNone: string): Message[] | null {
  const found: Message[] = [];
  for (let i = 0; i < MOST; i++) {
    const said = attributes.get(`${prefix}.${i}.content`);
    const role = word(attributes, `${prefix}.${i}.role`);
    if (said === undefined && role === null) break;
    found.push(
      ...(conversation({ role: role ?? roleIfNone, content: structure(said) ?? '' }, roleIfNone)?.messages ?? []),
    );
  }
  return found.length > 0 ? found : null;
}

function read({ attributes }: Span): Partial<SpanReading> {
  const kind = word(attributes, 'traceloop.span.kind');
  const calls =
    word(attributes, 'llm.request.type') !== null || [...attributes.keys()].some((key) => NUMBERED.test(key));
  const output = messages(attributes, 'gen_ai.completion', 'assistant');
  return {
    work: kind !== null ? (WORK[kind] ?? 'other') : calls ? 'llm' : null,
    provider: word(attributes, 'llm.vendor'),
    model: word(attributes, 'llm.response.model'),
    modelAsked: word(attributes, 'llm.request.model'),
    inputTokens: count(attributes, 'llm.usage.prompt_tokens'),
    outputTokens: count(attributes, 'llm.usage.completion_tokens'),
    session: word(attributes, 'traceloop.association.properties.session_id'),
    subject: word(attributes, 'traceloop.association.properties.user_id'),
    feature: word(attributes, 'traceloop.workflow.name'),
    prompt: word(attributes, 'traceloop.prompt.version'),
    input: messages(attributes, 'gen_ai.prompt', 'user'),
    output: output === null ? null : output.map((m) => m.content).join('\n'),
  };
}

/** OpenLLMetry of Traceloop: numbered messages beside names it shares with the OpenTelemetry conventions. */
export const openllmetry: Dialect = {
  name: 'traceloop',
  speaks: (span) =>
    [...span.attributes.keys()].some(
      (key) =>
        key.startsWith('traceloop.') ||
        key === 'llm.request.type' ||
        key.startsWith('llm.usage.') ||
        NUMBERED.test(key),
    ),
  read,
};
