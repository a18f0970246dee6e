import type { Message, Passage } from '../../../interaction.ts';
import type { Attributes, Span } from '../span.ts';
import type { Dialect, SpanReading, Work } from './dialect.ts';
import { conversation, count, structure, word } from './dialect.ts';

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

/** `llm.input_messages.{i}.message.role|content`, in order of their numbers; `null` where there is none. */
function messages(attributes: Attributes, prefix: string): Message[] | null {
  const found: Message[] = [];
  for (let i = 0; i < MOST; i++) {
    const at = `${prefix}.${i}.message`;
    const said = attributes.get(`${at}.content`) ?? attributes.get(`${at}.contents.0.message_content.text`);
    const role = word(attributes, `${at}.role`);
    if (said === undefined && role === null) break;
    const read = conversation({ role: role ?? 'user', content: structure(said) ?? '' }, 'user');
    if (read !== null) found.push(...read.messages);
  }
  return found.length > 0 ? found : null;
}

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

function read({ attributes }: Span): Partial<SpanReading> {
  const kind = word(attributes, 'openinference.span.kind')?.toUpperCase() ?? null;
  const model = word(attributes, 'llm.response.model_name', 'llm.model_name');
  const work = kind === null ? (model === null ? null : 'llm') : (WORK[kind] ?? 'other');
  const asked = messages(attributes, 'llm.input_messages');
  const said = messages(attributes, 'llm.output_messages');
  const isCall = work === 'llm';
  const whole = (name: string, role: string) =>
    isCall ? (conversation(structure(attributes.get(name)), role)?.messages ?? null) : null;
  const output = said ?? whole('output.value', 'assistant');
  return {
    work,
    provider: word(attributes, 'llm.provider', 'llm.system'),
    modelAsked: word(attributes, 'llm.request.model_name', 'llm.model_name'),
    model,
    session: word(attributes, 'session.id'),
    subject: word(attributes, 'user.id'),
    prompt: word(attributes, 'llm.prompt_template.version'),
    input: asked ?? whole('input.value', 'user'),
    output: output === null ? null : output.map((m) => m.content).join('\n'),
    retrieved: documents(attributes),
    inputTokens: count(attributes, 'llm.token_count.prompt'),
    outputTokens: count(attributes, 'llm.token_count.completion'),
  };
}

/** OpenInference, as Phoenix and its instrumentations write it. */
export const openinference: Dialect = {
  name: 'openinference',
  speaks: (span) =>
    [...span.attributes.keys()].some(
      (key) =>
        /^(?:openinference\.|llm\.(?!request\.type|usage\.))/.test(key) || key.startsWith('retrieval.documents.'),
    ),
  read,
};
