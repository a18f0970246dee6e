import type { Message, Passage, ToolCall } from '../../../interaction.ts';
import type { Attributes, AttributeValue, Span } from '../span.ts';

export type Work = 'llm' | 'agent' | 'tool' | 'retrieval' | 'embedding' | 'workflow' | 'other';

/** What a span says about a piece of work with a model. `null`: it does not say. */
export interface SpanReading {
  readonly work: Work | null;
  readonly provider: string | null;
  readonly modelAsked: string | null;
  readonly model: string | null;
  readonly responseId: string | null;
  readonly session: string | null;
  readonly subject: string | null;
  readonly feature: string | null;
  readonly prompt: string | null;
  readonly input: readonly Message[] | null;
  readonly output: string | null;
  readonly retrieved: readonly Passage[] | null;
  readonly toolCalls: readonly ToolCall[] | null;
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
  feature: null,
  prompt: null,
  input: null,
  output: null,
  retrieved: null,
  toolCalls: null,
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

/** The first of these attributes that is a whole number of at least zero, as number or as text. */
export function count(attributes: Attributes, ...names: readonly string[]): number | null {
  for (const name of names) {
    const it = attributes.get(name);
    const read = typeof it === 'number' ? it : typeof it === 'string' && /^\d{1,15}$/.test(it) ? Number(it) : null;
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
const CUT = '… (cut by Firebreak)';
/** A text as it is kept: cut at 256 Ki characters, and says so. */
const kept = (text: string): string => (text.length > LIMIT ? text.slice(0, LIMIT - CUT.length) + CUT : text);

type Members = Readonly<Record<string, unknown>>;
export const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);

/** Texts and tool calls of one message, whichever way they are written: text, `parts`, or a list of content parts. */
interface Parts {
  texts: string[];
  calls: ToolCall[];
}

const asText = (it: unknown): string | null =>
  it === undefined || it === null ? null : typeof it === 'string' ? it : (JSON.stringify(it) ?? null);

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
  const type = asText(it.type);
  if (type === 'tool_call' || type === 'tool_use' || type === 'function') {
    const inner = isMembers(it.function) ? it.function : it;
    const name = asText(inner.name);
    if (name !== null)
      into.calls.push({
        id: asText(it.id),
        name: name.slice(0, 256),
        arguments: asText(inner.arguments ?? inner.input),
        result: null,
      });
    return;
  }
  if (type === 'tool_call_response') {
    const response = asText(it.response ?? it.result);
    if (response !== null) into.texts.push(response);
    return;
  }
  const said = it.content ?? it.text;
  if (said !== undefined) partsOf(said, into);
}

export interface Conversation {
  readonly messages: readonly Message[];
  readonly calls: readonly ToolCall[];
}

/**
 * Reads messages in the shapes senders use: a list or a single one of `{role, parts|content}`, or plain text.
 * `null` where there is nothing of the kind.
 */
export function conversation(it: unknown, roleIfNone: string): Conversation | null {
  if (it === undefined || it === null) return null;
  const members: unknown = isMembers(it) && Array.isArray(it.messages) ? it.messages : it;
  const items: readonly unknown[] = Array.isArray(members) ? members : [members];
  const messages: Message[] = [];
  const calls: ToolCall[] = [];
  for (const item of items.slice(0, 200)) {
    const parts: Parts = { texts: [], calls: [] };
    let role = roleIfNone;
    if (isMembers(item)) {
      const inner = isMembers(item.message) ? item.message : item;
      role = asText(inner.role)?.slice(0, 64) || roleIfNone;
      partsOf(inner.parts ?? inner.content ?? inner.text, parts);
      if (Array.isArray(inner.tool_calls))
        partsOf(
          inner.tool_calls.map((call) => (isMembers(call) ? { ...call, type: 'tool_call' } : call)),
          parts,
        );
    } else partsOf(item, parts);
    messages.push({ role, content: kept(parts.texts.join('\n')) });
    calls.push(...parts.calls);
  }
  return { messages, calls: calls.slice(0, 200) };
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
    const held = it[name];
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
