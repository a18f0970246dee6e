import type { Message, ToolCall } from '../../../interaction.ts';
import type { Attributes, Span } from '../span.ts';
import type { Conversation, Dialect, SpanReading, ToolResult, Work } from './dialect.ts';
import { calledOf, conversation, count, passages, structure, word } from './dialect.ts';

const WORK: Readonly<Record<string, Work>> = {
  chat: 'llm',
  generate_content: 'llm',
  text_completion: 'llm',
  completion: 'llm',
  responses: 'llm',
  embeddings: 'embedding',
  retrieval: 'retrieval',
  create_agent: 'agent',
  invoke_agent: 'agent',
  plan: 'agent',
  invoke_workflow: 'workflow',
  execute_tool: 'tool',
};

/** Messages told as span events, one event a message: current until version 1.36, and still common. */
const MESSAGE_EVENTS: Readonly<Record<string, string>> = {
  'gen_ai.system.message': 'system',
  'gen_ai.user.message': 'user',
  'gen_ai.assistant.message': 'assistant',
  'gen_ai.tool.message': 'tool',
};

/** All places where content may stand: the span, and the events that carry it. */
function places(span: Span): Attributes[] {
  return [
    span.attributes,
    ...span.events
      .filter((e) => e.name === 'gen_ai.client.inference.operation.details' || e.name.startsWith('gen_ai.content.'))
      .map((e) => e.attributes),
  ];
}

function firstConversation(where: readonly Attributes[], names: readonly string[], role: string): Conversation | null {
  for (const name of names)
    for (const attributes of where) {
      const read = conversation(structure(attributes.get(name)), role);
      if (read !== null) return read;
    }
  return null;
}

interface EventMessages {
  readonly input: Message[];
  readonly output: Message[];
  readonly calls: ToolCall[];
  readonly results: ToolResult[];
}

function eventMessages(span: Span): EventMessages {
  const results: ToolResult[] = [];
  const input: Message[] = [];
  const output: Message[] = [];
  const calls: ToolCall[] = [];
  for (const { name, attributes } of span.events) {
    const role = MESSAGE_EVENTS[name];
    if (role === undefined && name !== 'gen_ai.choice') continue;
    const said =
      attributes.get('message') ??
      attributes.get('content') ??
      attributes.get('gen_ai.event.content') ??
      attributes.get('body');
    const shaped = structure(said);
    const tools = structure(attributes.get('tool_calls'));
    const read = conversation(
      tools === undefined ? shaped : { message: shaped ?? { content: '' }, tool_calls: tools },
      role ?? 'assistant',
    );
    if (read === null) continue;
    (role === undefined ? output : input).push(...read.messages);
    if (role === undefined) calls.push(...read.calls);
    const answers = role === 'tool' ? word(attributes, 'id') : null;
    const [answer] = read.messages;
    if (answers !== null && answer !== undefined) results.push({ id: answers, result: answer.content });
    else results.push(...read.results);
  }
  return { input, output, calls, results };
}

/** Attributes in which others say what kind of work a span is. */
const KINDS_OF_OTHERS = [
  'openinference.span.kind',
  'traceloop.span.kind',
  'langfuse.observation.type',
  'langsmith.span.kind',
  'mlflow.spanType',
] as const;

/** The call of a span that executes a tool; its name stands in that of the span too, after the operation. */
function called({ attributes, events, name }: Span): ToolCall | null {
  const answer = events.find((event) => event.name === 'gen_ai.tool.message')?.attributes;
  return calledOf({
    id: word(attributes, 'gen_ai.tool.call.id'),
    name: word(attributes, 'gen_ai.tool.name') ?? /^execute_tool +(\S.{0,255})/.exec(name)?.[1] ?? null,
    arguments: attributes.get('gen_ai.tool.call.arguments'),
    result: attributes.get('gen_ai.tool.call.result') ?? answer?.get('content'),
  });
}

/** The words of the answer; several choices stand below one another. */
const answerOf = (messages: readonly Message[]): string => messages.map((m) => m.content).join('\n');

function read(span: Span): Partial<SpanReading> {
  const { attributes } = span;
  const where = places(span);
  const events = eventMessages(span);
  const operation = word(attributes, 'gen_ai.operation.name');
  const system = firstConversation(where, ['gen_ai.system_instructions'], 'system');
  const asked = firstConversation(where, ['gen_ai.input.messages', 'gen_ai.prompt'], 'user');
  const said = firstConversation(where, ['gen_ai.output.messages', 'gen_ai.completion'], 'assistant');
  const input = [
    ...(system?.messages.map((m) => ({ ...m, role: 'system' })) ?? []),
    ...(asked?.messages ?? events.input),
  ];
  const output = said?.messages ?? (events.output.length > 0 ? events.output : null);
  const calls = said?.calls ?? events.calls;
  const model = word(attributes, 'gen_ai.response.model');
  const modelAsked = word(attributes, 'gen_ai.request.model');
  const work: Work | null =
    operation === null
      ? attributes.has('gen_ai.tool.name')
        ? 'tool'
        : model !== null ||
            modelAsked !== null ||
            ((output !== null || input.length > 0) && !KINDS_OF_OTHERS.some((kind) => attributes.has(kind)))
          ? 'llm'
          : null
      : (WORK[operation] ?? (/memory/.test(operation) ? 'retrieval' : 'other'));
  return {
    work,
    provider: word(attributes, 'gen_ai.provider.name', 'gen_ai.system'),
    modelAsked,
    model,
    responseId: word(attributes, 'gen_ai.response.id'),
    session: word(attributes, 'gen_ai.conversation.id', 'session.id'),
    subject: word(attributes, 'user.id', 'enduser.id', 'gen_ai.request.user'),
    agent: word(attributes, 'gen_ai.agent.name'),
    feature: word(attributes, 'gen_ai.workflow.name', 'gen_ai.agent.name'),
    prompt: word(attributes, 'gen_ai.prompt.version'),
    input: input.length > 0 ? input : asked === null ? null : [],
    output: output === null ? null : answerOf(output),
    retrieved: passages(structure(attributes.get('gen_ai.retrieval.documents'))),
    toolCalls: output === null && calls.length === 0 ? null : calls,
    called: work === 'tool' ? called(span) : null,
    results: asked?.results ?? events.results,
    inputTokens: count(attributes, 'gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'),
    outputTokens: count(attributes, 'gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'),
    error: word(attributes, 'error.type'),
  };
}

/** The OpenTelemetry conventions for generative AI: the current names, and those up to 1.36. */
export const otelGenai: Dialect = {
  name: 'gen_ai',
  speaks: (span) =>
    [...span.attributes.keys()].some((key) => key.startsWith('gen_ai.')) ||
    span.events.some((event) => event.name.startsWith('gen_ai.')),
  read,
};
