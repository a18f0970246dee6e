import type { Message, ToolCall } from '../../../interaction.ts';
import type { Attributes, Span, SpanEvent } from '../span.ts';
import type { Conversation, Dialect, SpanReading, ToolResult, Work } from './dialect.ts';
import { calledOf, conversation, count, isMembers, passages, structure, word } from './dialect.ts';

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

/** Beside the words of the conventions, what frameworks made of them: `chat.completions`, `acompletion`, `embedding`, `model_generation`. */
const WORDS: readonly (readonly [RegExp, Work])[] = [
  [/rerank|image|audio|speech|transcri/, 'other'],
  [/embed/, 'embedding'],
  [/retriev|memory|(?<![a-z])search|vector/, 'retrieval'],
  [/tool|function/, 'tool'],
  [/agent/, 'agent'],
  [/workflow|chain|crew|graph/, 'workflow'],
  [/chat|completion|generat|llm|converse/, 'llm'],
];

const workIn = (said: string): Work | null => {
  const word = said.toLowerCase();
  return WORK[word] ?? WORDS.find(([words]) => words.test(word))?.[1] ?? null;
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

/** Events in an attribute of their span, as Logfire writes them: a list of objects, each with the name of its event. */
function eventsInAttribute({ attributes }: Span): SpanEvent[] {
  const said = attributes.has('events') ? structure(attributes.get('events')) : null;
  return (Array.isArray(said) ? said.slice(0, 200) : []).filter(isMembers).flatMap((it) => {
    const name = it['event.name'];
    return typeof name === 'string' ? [{ name, attributes: new Map(Object.entries(it)) as Attributes }] : [];
  });
}

function eventMessages(span: Span): EventMessages {
  const results: ToolResult[] = [];
  const input: Message[] = [];
  const output: Message[] = [];
  const calls: ToolCall[] = [];
  for (const { name, attributes } of [...span.events, ...eventsInAttribute(span)]) {
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
  'gen_ai.span.kind',
  'agentops.span.kind',
  'llm.request.type',
  'ai.operationId',
  'operation.name',
] as const;

/** What others say it is, where that is surely no call of a model, whichever model is named beside it. */
function workOfOthers(attributes: Attributes): Work | null {
  for (const kind of KINDS_OF_OTHERS) {
    const said = word(attributes, kind);
    // The name of an operation may be anybody's.
    if (said === null || (kind === 'operation.name' && !said.startsWith('ai.'))) continue;
    const work = /\bsession$/.test(said) ? 'other' : workIn(said);
    if (work !== null && work !== 'llm') return work;
  }
  return null;
}

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
  const asked = firstConversation(where, ['gen_ai.input.messages', 'gen_ai.prompt', 'gen_ai.request.messages'], 'user');
  const said = firstConversation(
    where,
    ['gen_ai.output.messages', 'gen_ai.completion', 'gen_ai.response.text'],
    'assistant',
  );
  const input = [
    ...(system?.messages.map((m) => ({ ...m, role: 'system' })) ?? []),
    ...(asked?.messages ?? events.input),
  ];
  const output = said?.messages ?? (events.output.length > 0 ? events.output : null);
  const calls = said?.calls ?? events.calls;
  const model = word(attributes, 'gen_ai.response.model');
  const modelAsked = word(attributes, 'gen_ai.request.model', 'gen_ai.model_name');
  const outputTokens = count(attributes, 'gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens');
  const work: Work | null =
    operation === null
      ? (workOfOthers(attributes) ??
        (attributes.has('gen_ai.tool.name')
          ? 'tool'
          : model !== null ||
              modelAsked !== null ||
              ((output !== null || input.length > 0) && !KINDS_OF_OTHERS.some((kind) => attributes.has(kind)))
            ? 'llm'
            : null))
      : (workIn(operation) ?? (model !== null && outputTokens !== null ? 'llm' : 'other'));
  return {
    work,
    provider: word(attributes, 'gen_ai.provider.name', 'gen_ai.system'),
    modelAsked,
    model,
    responseId: word(attributes, 'gen_ai.response.id'),
    session: word(attributes, 'gen_ai.conversation.id', 'gen_ai.session.id', 'gen_ai.thread.id', 'session.id'),
    subject: word(attributes, 'user.id', 'enduser.id', 'gen_ai.user.id', 'gen_ai.request.user'),
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
    outputTokens,
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
