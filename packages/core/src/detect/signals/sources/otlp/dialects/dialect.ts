import type { Message, Passage, ToolCall } from '../../../interaction.ts';
import type { Attributes, AttributeValue, Span } from '../span.ts';

export type Work = 'llm' | 'agent' | 'tool' | 'retrieval' | 'embedding' | 'workflow' | 'other';

/** What a tool answered to the call with this id. */
export interface ToolResult {
  readonly id: string;
  readonly result: string;
}

/** What a span says about a piece of work with a model. `null`: it does not say. */
export interface SpanReading {
  readonly work: Work | null;
  readonly provider: string | null;
  readonly modelAsked: string | null;
  readonly model: string | null;
  readonly responseId: string | null;
  readonly session: string | null;
  readonly subject: string | null;
  /** The agent that works in this span. */
  readonly agent: string | null;
  readonly feature: string | null;
  readonly prompt: string | null;
  readonly input: readonly Message[] | null;
  readonly output: string | null;
  readonly retrieved: readonly Passage[] | null;
  /** What the model asked for. */
  readonly toolCalls: readonly ToolCall[] | null;
  /** Of a span of a tool: the call it made. A member no dialect names is null; a name none names is ''. */
  readonly called: ToolCall | null;
  /** Answers to earlier calls, among what the model was asked. */
  readonly results: readonly ToolResult[] | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly error: string | null;
}

/** One way of naming things on spans. A new dialect is one file with one of these, and one line in the registry. */
export interface Dialect {
  readonly name: string;
  /** Whether the span speaks it at all; a span can speak several. */
  readonly speaks: (span: Span) => boolean;
  readonly read: (span: Span) => Partial<SpanReading>;
}

export const NOTHING: SpanReading = {
  work: null,
  provider: null,
  modelAsked: null,
  model: null,
  responseId: null,
  session: null,
  subject: null,
  agent: null,
  feature: null,
  prompt: null,
  input: null,
  output: null,
  retrieved: null,
  toolCalls: null,
  called: null,
  results: null,
  inputTokens: null,
  outputTokens: null,
  error: null,
};

/** The first of these attributes that is a text with something in it, or a number. At most 256 characters. */
export function word(attributes: Attributes, ...names: readonly string[]): string | null {
  for (const name of names) {
    const it = attributes.get(name);
    if (typeof it === 'string' && it.trim() !== '') return it.trim().slice(0, 256);
    if (typeof it === 'number') return String(it);
  }
  return null;
}

const numberIn = (text: string): number | null => (/^\d{1,15}(?:\.0+)?$/.test(text) ? Number(text) : null);

/** The first of these attributes that is a whole number of at least zero, as number or as text. */
export function count(attributes: Attributes, ...names: readonly string[]): number | null {
  for (const name of names) {
    const it = attributes.get(name);
    const read = typeof it === 'number' ? it : typeof it === 'string' ? numberIn(it) : null;
    if (read !== null && read >= 0 && read <= 1e12) return Math.trunc(read);
  }
  return null;
}

/** A structured value: as it is, or parsed from JSON text; text that is no JSON stays text. */
export function structure(it: AttributeValue | undefined): unknown {
  if (typeof it !== 'string') return it;
  const first = it.trimStart()[0];
  if (first !== '{' && first !== '[' && first !== '"') return it;
  try {
    return JSON.parse(it);
  } catch {
    return it;
  }
}

const LIMIT = 256 * 1024;
/** Calls of one span that are read. */
const MOST_CALLS = 200;
const CUT = '… (cut by Firebreak)';
/** A text as it is kept: cut at 256 Ki characters, and says so. */
const kept = (text: string): string => (text.length > LIMIT ? text.slice(0, LIMIT - CUT.length) + CUT : text);

type Members = Readonly<Record<string, unknown>>;
export const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);

/** Texts, tool calls and answers of tools of one message, whichever way they are written: text, `parts`, or a list of content parts. */
interface Parts {
  texts: string[];
  calls: ToolCall[];
  results: ToolResult[];
}
const isEmpty = ({ texts, calls, results }: Parts): boolean => texts.length + calls.length + results.length === 0;
const asText = (it: unknown): string | null =>
  it === undefined || it === null ? null : typeof it === 'string' ? it : (JSON.stringify(it) ?? null);
const asWord = (it: unknown): string | null => {
  const text = asText(it)?.trim() ?? '';
  return text === '' ? null : text.slice(0, 256);
};
/** An argument or an answer as it is kept: text as it came, anything else as JSON text. */
const contentText = (it: unknown): string | null => {
  const text = asText(it);
  return text === null ? null : kept(text);
};

const CALLS = new Set(['tool_call', 'tool_use', 'function', 'tool-call', 'function_call']);
const RESULTS = new Set(['tool_call_response', 'tool_result', 'tool-result', 'function_call_output']);

/** A call as one part of a message: OpenTelemetry, OpenAI, Anthropic, Vercel; in a member of its own with Gemini, Genkit and Bedrock. */
function callIn(part: Members): ToolCall | null {
  const own = part.functionCall ?? part.function_call ?? part.toolRequest ?? part.toolUse;
  if (!isMembers(own) && !CALLS.has(asText(part.type) ?? '')) return null;
  const it = isMembers(own) ? own : part;
  const inner = isMembers(it.function) ? it.function : it;
  const name = asWord(inner.name ?? it.toolName);
  if (name === null) return null;
  return {
    id: asWord(it.id ?? it.call_id ?? it.toolCallId ?? it.toolUseId ?? it.ref),
    name,
    arguments: contentText(inner.arguments ?? inner.input ?? inner.args),
    result: null,
  };
}

/** An answer of a tool as one part of a message. */
function resultIn(part: Members): { readonly id: string | null; readonly said: unknown } | null {
  const own = part.functionResponse ?? part.function_response ?? part.toolResponse ?? part.toolResult;
  if (!isMembers(own) && !RESULTS.has(asText(part.type) ?? '')) return null;
  const it = isMembers(own) ? own : part;
  return {
    id: asWord(it.id ?? it.tool_call_id ?? it.tool_use_id ?? it.toolCallId ?? it.toolUseId ?? it.call_id ?? it.ref),
    said: it.response ?? it.result ?? it.output ?? it.content,
  };
}

function partsOf(it: unknown, into: Parts): void {
  if (typeof it === 'string') {
    into.texts.push(it);
    return;
  }
  if (Array.isArray(it)) {
    for (const part of it.slice(0, 200)) partsOf(part, into);
    return;
  }
  if (!isMembers(it)) return;
  const call = callIn(it);
  if (call !== null) {
    into.calls.push(call);
    return;
  }
  const answer = resultIn(it);
  if (answer === null) {
    const said = it.content ?? it.text ?? it.parts;
    if (said !== undefined) partsOf(said, into);
    return;
  }
  const inner: Parts = { texts: [], calls: [], results: [] };
  if (typeof answer.said === 'string' || Array.isArray(answer.said)) partsOf(answer.said, inner);
  const text = inner.texts.length > 0 ? inner.texts.join('\n') : asText(answer.said);
  if (text === null) return;
  into.texts.push(text);
  if (answer.id !== null) into.results.push({ id: answer.id, result: kept(text) });
}

const TOLD_BY = ['role', 'content', 'text', 'parts', 'type'];
/** Lists of what was said, whatever stands beside them. */
const LISTS = ['messages', 'choices', 'contents', 'candidates', 'generations'] as const;
/** What was said, where all else is of the API: beside an answer of a shape of its own they are a part of it. */
const WRAPPERS = ['input', 'output', 'prompt', 'completion', 'response'] as const;
const OF_THE_API =
  /^(?:id|object|model\w*|created\w*|usage|status|stream\w*|temperature|top_\w+|max_\w+|tools?|tool_choice|stop\w*|metadata|user|seed|raw\w*|system|instructions|\w*finish_?reason|error|response_format|service_tier)$/i;

/** What stands in a whole request or answer of an API: its messages, under whichever name it has for them. */
function unwrapped(it: unknown): unknown {
  if (!isMembers(it) || isMembers(it.message) || TOLD_BY.some((name) => it[name] !== undefined && it[name] !== null))
    return isMembers(it) && Array.isArray(it.messages) ? it.messages : it;
  const list = LISTS.map((name) => it[name]).find(Array.isArray);
  if (list !== undefined) return list;
  const wrapper = WRAPPERS.find(
    (name) => typeof it[name] === 'string' || Array.isArray(it[name]) || isMembers(it[name]),
  );
  const alone = wrapper !== undefined && Object.keys(it).every((name) => name === wrapper || OF_THE_API.test(name));
  return alone ? it[wrapper] : it;
}

/** Who speaks, where it is told by the type of the message, as LangChain does. */
const ROLES: Readonly<Record<string, string>> = { human: 'user', ai: 'assistant', system: 'system', tool: 'tool' };

/** An object of LangChain without what it writes around itself in JSON: `{lc, type: 'constructor', id, kwargs}`. */
function plainOf(it: Members): Members {
  if (it.type !== 'constructor' || !isMembers(it.kwargs)) return it;
  const kind = /(human|ai|system|tool)message/i.exec(JSON.stringify(it.id) ?? '')?.[1]?.toLowerCase();
  return kind === undefined ? it.kwargs : { type: kind, ...it.kwargs };
}

export interface Conversation {
  readonly messages: readonly Message[];
  readonly calls: readonly ToolCall[];
  /** Answers of tools among them. */
  readonly results: readonly ToolResult[];
}

/**
 * Reads messages in the shapes senders use: a list or a single one of `{role, parts|content}`, or plain text.
 * `null` where there is nothing of the kind.
 */
export function conversation(it: unknown, roleIfNone: string): Conversation | null {
  if (it === undefined || it === null) return null;
  const members = unwrapped(it);
  const [first, ...more]: readonly unknown[] = Array.isArray(members) ? members : [members];
  // LangChain writes a batch, which is mostly one of one.
  const items: readonly unknown[] =
    Array.isArray(first) && more.length === 0 ? first : Array.isArray(members) ? members : [members];
  const messages: Message[] = [];
  const calls: ToolCall[] = [];
  const results: ToolResult[] = [];
  for (const item of items.slice(0, 200)) {
    const parts: Parts = { texts: [], calls: [], results: [] };
    let role = roleIfNone;
    let answers: string | null = null;
    if (isMembers(item)) {
      const inner = plainOf(isMembers(item.message) ? item.message : item);
      role = (asText(inner.role) ?? ROLES[asText(inner.type) ?? ''])?.slice(0, 64) || roleIfNone;
      if (role === 'tool') answers = asWord(inner.tool_call_id ?? inner.toolCallId ?? inner.id);
      // What has no role may be a call or an answer by itself, as in the Responses API.
      partsOf(inner.parts ?? (inner.role === undefined ? inner : (inner.content ?? inner.text)), parts);
      // Choices carry the calls beside the message until version 1.36.
      const made = inner.tool_calls ?? item.tool_calls;
      if (Array.isArray(made))
        partsOf(
          made.map((call) => (isMembers(call) ? { ...call, type: 'tool_call' } : call)),
          parts,
        );
      if (isMembers(inner.function_call)) partsOf({ function_call: inner.function_call }, parts);
      // A content that is an object of its own, as many tools answer.
      if (isMembers(inner.content) && isEmpty(parts)) parts.texts.push(JSON.stringify(inner.content));
      // Whatever it is, it was said.
      else if (isEmpty(parts) && !TOLD_BY.some((name) => name in inner) && Object.keys(inner).length > 0)
        parts.texts.push(JSON.stringify(inner));
    } else partsOf(item, parts);
    const content = kept(parts.texts.join('\n'));
    messages.push({ role, content });
    calls.push(...parts.calls);
    if (parts.results.length > 0) results.push(...parts.results);
    else if (answers !== null) results.push({ id: answers, result: content });
  }
  return { messages, calls: calls.slice(0, MOST_CALLS), results: results.slice(0, MOST_CALLS) };
}

/** Names of one numbered call, beside the prefix it stands under. */
interface NumberedNames {
  readonly id: readonly string[];
  readonly name: readonly string[];
  readonly arguments: readonly string[];
}

/** Calls that stand in numbered attributes, `{prefix}.{i}.…`, in order of their numbers. */
export function numberedCalls(attributes: Attributes, prefix: string, names: NumberedNames): ToolCall[] {
  const calls: ToolCall[] = [];
  for (let i = 0; i < MOST_CALLS; i++) {
    const at = (each: string): string => `${prefix}.${i}.${each}`;
    const name = word(attributes, ...names.name.map(at));
    if (name === null) break;
    const given = names.arguments.map((each) => attributes.get(at(each))).find((it) => it !== undefined);
    calls.push({ id: word(attributes, ...names.id.map(at)), name, arguments: contentText(given), result: null });
  }
  return calls;
}

/** The call a span of a tool made, from the members a dialect has for it; null where it names none of them. */
export function calledOf(it: {
  readonly id?: string | null;
  readonly name: string | null;
  readonly arguments?: unknown;
  readonly result?: unknown;
}): ToolCall | null {
  const { id = null, name, arguments: given, result } = it;
  const read = { id, name: name ?? '', arguments: contentText(given), result: contentText(result) };
  return read.id === null && read.name === '' && read.arguments === null && read.result === null ? null : read;
}

/** Passages in the shapes senders use: a list of texts, or of objects with `content`, `text` or `page_content`. */
export function passages(it: unknown): readonly Passage[] | null {
  if (!Array.isArray(it)) return null;
  const read: Passage[] = [];
  for (const item of it.slice(0, 100)) {
    if (typeof item === 'string') read.push({ id: null, title: null, text: kept(item) });
    else if (isMembers(item)) {
      const inner = isMembers(item.document) ? item.document : item;
      const text = asText(inner.content ?? inner.text ?? inner.page_content);
      if (text === null) return null;
      const id = asText(inner.id)?.slice(0, 256) ?? null;
      read.push({ id, title: asText(inner.title)?.slice(0, 500) ?? null, text: kept(text) });
    }
  }
  return read;
}

/** The members of a structured value; none where it is no object. */
export function membersIn(it: AttributeValue | undefined): Members {
  const read = structure(it);
  return isMembers(read) ? read : {};
}

/** The first of these members that is a whole number of at least zero. */
export function countIn(it: Members, ...names: readonly string[]): number | null {
  for (const name of names) {
    const said = it[name];
    const held = typeof said === 'string' ? numberIn(said) : said;
    if (typeof held === 'number' && held >= 0 && held <= 1e12) return Math.trunc(held);
  }
  return null;
}

/** The first of these members that is a text with something in it. At most 256 characters. */
export function wordIn(it: Members, ...names: readonly string[]): string | null {
  for (const name of names) {
    const held = it[name];
    if (typeof held === 'string' && held.trim() !== '') return held.trim().slice(0, 256);
  }
  return null;
}

/** A content somebody wrote as text, as a message or as messages; null: there is none. */
export function textOf(it: unknown): string | null {
  const read = conversation(it, 'assistant');
  if (read === null) return null;
  const text = read.messages.map(({ content }) => content).join('\n');
  return text === '' && typeof it === 'object' ? kept(JSON.stringify(it)) : text;
}

/** Whether a span has an attribute whose name begins so. */
export const hasPrefix = (attributes: Attributes, prefix: string): boolean => {
  for (const key of attributes.keys()) if (key.startsWith(prefix)) return true;
  return false;
};
