import type { Message, Passage, ToolCall } from '../../../interaction.ts';
import type { Attributes, Span } from '../span.ts';
import type { Conversation, Dialect, SpanReading, Work } from './dialect.ts';
import {
  calledOf,
  conversation,
  count,
  isMembers,
  membersIn,
  numberedCalls,
  structure,
  word,
  wordIn,
} from './dialect.ts';

const WORK: Readonly<Record<string, Work>> = {
  LLM: 'llm',
  CHAIN: 'workflow',
  TOOL: 'tool',
  RETRIEVER: 'retrieval',
  RERANKER: 'other',
  EMBEDDING: 'embedding',
  AGENT: 'agent',
};
const MOST = 200;

const CALL = {
  id: ['tool_call.id'],
  name: ['tool_call.function.name'],
  arguments: ['tool_call.function.arguments'],
} as const;

/** The texts of a message of several parts; pictures and the like are passed over. Undefined where it has no parts. */
function contents(attributes: Attributes, at: string): string | undefined {
  const texts: string[] = [];
  let any = false;
  for (let i = 0; i < MOST; i++) {
    const part = `${at}.contents.${i}.message_content`;
    const text = attributes.get(`${part}.text`);
    if (typeof text === 'string') texts.push(text);
    else if (!attributes.has(`${part}.type`)) break;
    any = true;
  }
  return any ? texts.join('\n') : undefined;
}

/** Numbered texts of a model that completes instead of chatting; `null` where there is none. */
function completed(attributes: Attributes, prefix: string, member: string, role: string): Message[] | null {
  const found: Message[] = [];
  for (let i = 0; i < MOST; i++) {
    const text = attributes.get(`${prefix}.${i}.${member}`);
    if (typeof text !== 'string') break;
    found.push({ role, content: text });
  }
  return found.length > 0 ? found : null;
}

/** `llm.input_messages.{i}.message.role|content|tool_calls`, in order of their numbers; `null` where there is none. */
function messages(attributes: Attributes, prefix: string): Conversation | null {
  const found: { -readonly [Member in keyof Conversation]: Conversation[Member][number][] } = {
    messages: [],
    calls: [],
    results: [],
  };
  for (let i = 0; i < MOST; i++) {
    const at = `${prefix}.${i}.message`;
    const said = attributes.get(`${at}.content`) ?? contents(attributes, at);
    const role = word(attributes, `${at}.role`);
    const calls = numberedCalls(attributes, `${at}.tool_calls`, CALL);
    const old = word(attributes, `${at}.function_call_name`);
    if (said === undefined && role === null && calls.length === 0) break;
    const content = structure(said) ?? '';
    const answers = word(attributes, `${at}.tool_call_id`);
    const read = conversation({ role: role ?? 'user', content, tool_call_id: answers }, 'user');
    if (read !== null) {
      found.messages.push(...read.messages);
      found.results.push(...read.results);
    }
    found.calls.push(...calls);
    if (old !== null) {
      const given = attributes.get(`${at}.function_call_arguments_json`);
      found.calls.push({ id: null, name: old, arguments: typeof given === 'string' ? given : null, result: null });
    }
  }
  return found.messages.length > 0 ? found : null;
}

/** `tool.parameters` is meant for the schema of the arguments; some write the arguments themselves there. */
function parametersIn(attributes: Attributes): unknown {
  const said = attributes.get('tool.parameters');
  const read = structure(said);
  const isSchema = isMembers(read) && (isMembers(read.properties) || '$schema' in read);
  return isSchema ? undefined : said;
}

const calledIn = (attributes: Attributes, name: string): ToolCall | null =>
  calledOf({
    id: word(attributes, 'tool_call.id', 'tool.id'),
    name: word(attributes, 'tool.name', 'tool_call.function.name') ?? name,
    arguments:
      attributes.get('input.value') ?? attributes.get('tool_call.function.arguments') ?? parametersIn(attributes),
    result: attributes.get('output.value'),
  });

function documents(attributes: Attributes): Passage[] | null {
  const found: Passage[] = [];
  for (let i = 0; i < MOST; i++) {
    const at = `retrieval.documents.${i}.document`;
    const text = attributes.get(`${at}.content`);
    if (typeof text !== 'string') break;
    found.push({ id: word(attributes, `${at}.id`), title: null, text });
  }
  return found.length > 0 ? found : null;
}

function read({ attributes, name: spanName }: Span): Partial<SpanReading> {
  const kind = word(attributes, 'openinference.span.kind')?.toUpperCase() ?? null;
  const named = word(attributes, 'llm.response.model_name', 'llm.model_name');
  const model = named ?? word(attributes, 'embedding.model_name', 'reranker.model_name');
  const work = kind === null ? (named === null ? null : 'llm') : (WORK[kind] ?? 'other');
  const asked = messages(attributes, 'llm.input_messages');
  const said = messages(attributes, 'llm.output_messages');
  const isCall = work === 'llm';
  const whole = (name: string, role: string) =>
    isCall ? (conversation(structure(attributes.get(name)), role)?.messages ?? null) : null;
  const output =
    said?.messages ??
    completed(attributes, 'llm.choices', 'completion.text', 'assistant') ??
    whole('output.value', 'assistant');
  const parameters = membersIn(attributes.get('llm.invocation_parameters'));
  return {
    work,
    agent: word(attributes, 'agent.name') ?? (work === 'agent' ? spanName.slice(0, 256) : null),
    provider: word(attributes, 'llm.provider', 'llm.system'),
    modelAsked: word(attributes, 'llm.request.model_name', 'llm.model_name') ?? wordIn(parameters, 'model') ?? model,
    model,
    session: word(attributes, 'session.id'),
    subject: word(attributes, 'user.id'),
    prompt: word(attributes, 'llm.prompt_template.version'),
    input:
      asked?.messages ?? completed(attributes, 'llm.prompts', 'prompt.text', 'user') ?? whole('input.value', 'user'),
    output: output === null ? null : output.map((m) => m.content).join('\n'),
    retrieved: documents(attributes),
    toolCalls: said === null ? null : said.calls,
    called: work === 'tool' ? calledIn(attributes, spanName) : null,
    results: asked?.results ?? null,
    inputTokens: count(attributes, 'llm.token_count.prompt'),
    outputTokens: count(attributes, 'llm.token_count.completion'),
  };
}

/** OpenInference, as Phoenix and its instrumentations write it. */
export const openinference: Dialect = {
  name: 'openinference',
  speaks: (span) =>
    [...span.attributes.keys()].some((key) =>
      /^(?:openinference\.|llm\.(?!request\.type|usage\.|completions\.)|retrieval\.documents\.|embedding\.(?:model_name|embeddings)|reranker\.)/.test(
        key,
      ),
    ),
  read,
};
