import type { ToolCall } from '../../../interaction.ts';
import type { Attributes, AttributeValue, Span } from '../span.ts';
import type { Conversation, Dialect, SpanReading, Work } from './dialect.ts';
import { calledOf, conversation, count, isMembers, numberedCalls, structure, word } from './dialect.ts';

const WORK: Readonly<Record<string, Work>> = {
  workflow: 'workflow',
  task: 'other',
  agent: 'agent',
  tool: 'tool',
  session: 'other',
};
const MOST = 200;
const NUMBERED = /^gen_ai\.(?:prompt|completion)\.\d/;
/** Requests that are no call of a model that answers in words. */
const OTHER_REQUESTS: Readonly<Record<string, Work>> = { embedding: 'embedding', rerank: 'other' };

const CALL = {
  id: ['id'],
  name: ['name', 'function.name'],
  arguments: ['arguments', 'function.arguments'],
} as const;

/** `gen_ai.prompt.{i}.role|content|tool_calls`; `null` where there is none. */
function messages(attributes: Attributes, prefix: string, roleIfNone: string): Conversation | null {
  const found: { -readonly [Member in keyof Conversation]: Conversation[Member][number][] } = {
    messages: [],
    calls: [],
    results: [],
  };
  for (let i = 0; i < MOST; i++) {
    const said = attributes.get(`${prefix}.${i}.content`);
    const role = word(attributes, `${prefix}.${i}.role`);
    const whole = structure(attributes.get(`${prefix}.${i}.tool_calls`));
    const calls = numberedCalls(attributes, `${prefix}.${i}.tool_calls`, CALL);
    if (said === undefined && role === null && calls.length === 0) break;
    const read = conversation(
      {
        role: role ?? roleIfNone,
        content: structure(said) ?? '',
        tool_calls: whole,
        tool_call_id: word(attributes, `${prefix}.${i}.tool_call_id`),
      },
      roleIfNone,
    );
    if (read !== null) {
      found.messages.push(...read.messages);
      found.results.push(...read.results);
    }
    found.calls.push(...(calls.length > 0 ? calls : (read?.calls ?? [])));
  }
  return found.messages.length > 0 ? found : null;
}

/** Arguments without what instrumentations put around them: `inputs` of LangChain, `args` and `kwargs` of decorated functions. */
function argumentsIn(said: AttributeValue | undefined): unknown {
  const read = structure(said);
  if (!isMembers(read)) return said;
  if ('input_str' in read) return isMembers(read.inputs) ? read.inputs : read.input_str;
  const { args, kwargs, ...more } = read;
  if (Object.keys(more).length > 0 || (args === undefined && kwargs === undefined)) return said;
  const named = isMembers(kwargs) && Object.keys(kwargs).length > 0;
  const [first, ...others] = Array.isArray(args) ? args : [];
  if (first === undefined) return named ? kwargs : said;
  return !named && others.length === 0 && isMembers(first) ? first : said;
}

/** An answer without `{"output": …, "kwargs": …}` around it. */
function resultIn(said: AttributeValue | undefined): unknown {
  const read = structure(said);
  return isMembers(read) && 'output' in read && 'kwargs' in read ? read.output : said;
}

const calledIn = (attributes: Attributes): ToolCall | null =>
  calledOf({
    name: word(attributes, 'traceloop.entity.name'),
    arguments: argumentsIn(attributes.get('traceloop.entity.input')),
    result: resultIn(attributes.get('traceloop.entity.output')),
  });

function read({ attributes }: Span): Partial<SpanReading> {
  const kind = word(attributes, 'traceloop.span.kind');
  const request = word(attributes, 'llm.request.type');
  const calls = request !== null || [...attributes.keys()].some((key) => NUMBERED.test(key));
  // The second names are those of its first versions.
  const asked = messages(attributes, 'gen_ai.prompt', 'user') ?? messages(attributes, 'llm.prompts', 'user');
  const said =
    messages(attributes, 'gen_ai.completion', 'assistant') ?? messages(attributes, 'llm.completions', 'assistant');
  return {
    work: kind !== null ? (WORK[kind] ?? 'other') : calls ? (OTHER_REQUESTS[request ?? ''] ?? 'llm') : null,
    agent: kind === 'agent' ? word(attributes, 'traceloop.entity.name') : null,
    provider: word(attributes, 'llm.vendor'),
    model: word(attributes, 'llm.response.model'),
    modelAsked: word(attributes, 'llm.request.model'),
    inputTokens: count(attributes, 'llm.usage.prompt_tokens'),
    outputTokens: count(attributes, 'llm.usage.completion_tokens'),
    session: word(attributes, 'traceloop.association.properties.session_id'),
    subject: word(attributes, 'traceloop.association.properties.user_id'),
    feature: word(attributes, 'traceloop.workflow.name'),
    prompt: word(attributes, 'traceloop.prompt.version'),
    input: asked?.messages ?? null,
    output: said === null ? null : said.messages.map((m) => m.content).join('\n'),
    toolCalls: said?.calls ?? null,
    called: kind === 'tool' ? calledIn(attributes) : null,
    results: asked?.results ?? null,
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
