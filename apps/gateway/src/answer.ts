import { clipped, type Interaction, word } from './interaction.ts';

/** What an answer says about itself, whatever shape and pieces it came in. */
export type Answer = Pick<Interaction, 'responseId' | 'output' | 'toolCalls' | 'tokens' | 'error'> & {
  readonly model?: string;
  /** What the vendor calls the build that answered. */
  readonly fingerprint?: string;
};

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;

const MOST_TOOL_CALLS = 100;

interface Gathered {
  id: unknown;
  model: unknown;
  fingerprint: unknown;
  output: string;
  captured: boolean;
  calls: Map<unknown, { id: string; name: string; args: string }>;
  usage: Json | undefined;
  error: string | undefined;
}

function call(into: Gathered, key: unknown, id: unknown, name: unknown, args: unknown): void {
  let known = into.calls.get(key);
  if (known === undefined) {
    if (into.calls.size >= MOST_TOOL_CALLS) return;
    known = { id: '', name: '', args: '' };
    into.calls.set(key, known);
  }
  known.id ||= text(id);
  known.name ||= text(name);
  known.args += text(args);
}

function say(into: Gathered, piece: unknown): void {
  if (typeof piece !== 'string') return;
  into.captured = true;
  into.output += piece;
}

/** A whole answer, or one chunk of a streamed one: chat completions, completions. */
function takeChoices(into: Gathered, body: Json): void {
  for (const choice of list(body.choices)) {
    if (choice.index !== undefined && choice.index !== 0) continue;
    const part = isRecord(choice.delta) ? choice.delta : isRecord(choice.message) ? choice.message : undefined;
    say(into, part?.content ?? choice.text);
    for (const [place, tool] of list(part?.tool_calls).entries()) {
      const made = isRecord(tool.function) ? tool.function : {};
      call(into, tool.index ?? place, tool.id, made.name, made.arguments);
    }
  }
}

/** A whole answer of the Messages API, and the events of a streamed one. */
function takeMessage(into: Gathered, body: Json): boolean {
  const usage = (value: unknown) => {
    if (isRecord(value)) into.usage = { ...into.usage, ...value };
  };
  const block = (key: unknown, part: Json) => {
    if (part.type === 'text') say(into, part.text);
    else if (part.type === 'tool_use') {
      const input = isRecord(part.input) && Object.keys(part.input).length > 0 ? JSON.stringify(part.input) : '';
      call(into, key, part.id, part.name, input);
    }
  };
  switch (body.type) {
    case 'message':
    case 'message_start': {
      const message = isRecord(body.message) ? body.message : body;
      into.id ??= message.id;
      into.model = message.model ?? into.model;
      usage(message.usage);
      for (const [place, part] of list(message.content).entries()) block(place, part);
      return true;
    }
    case 'content_block_start':
      if (isRecord(body.content_block)) block(body.index, body.content_block);
      return true;
    case 'content_block_delta':
      if (!isRecord(body.delta)) return true;
      if (body.delta.type === 'text_delta') say(into, body.delta.text);
      else if (body.delta.type === 'input_json_delta') call(into, body.index, '', '', body.delta.partial_json);
      return true;
    case 'message_delta':
      usage(body.usage);
      return true;
    case 'content_block_stop':
    case 'message_stop':
    case 'ping':
      return true;
    default:
      return false;
  }
}

/** A whole answer, or one piece of a streamed one, of Gemini. */
function takeCandidates(into: Gathered, body: Json): void {
  into.id ??= body.responseId;
  into.model = body.modelVersion ?? into.model;
  const [first] = list(body.candidates);
  for (const part of list(isRecord(first?.content) ? first.content.parts : undefined)) {
    if (part.text !== undefined) say(into, part.text);
    if (isRecord(part.functionCall))
      call(
        into,
        into.calls.size,
        part.functionCall.id,
        part.functionCall.name,
        JSON.stringify(part.functionCall.args ?? {}),
      );
  }
  const { usageMetadata } = body;
  if (isRecord(usageMetadata))
    into.usage = { input_tokens: usageMetadata.promptTokenCount, output_tokens: usageMetadata.candidatesTokenCount };
}

/** The whole of a Responses API answer. */
function takeOutput(into: Gathered, body: Json): void {
  for (const item of list(body.output)) {
    if (item.type === 'function_call') call(into, item.id ?? item.call_id, item.call_id, item.name, item.arguments);
    for (const part of list(item.content)) if (part.type === 'output_text') say(into, part.text);
  }
}

function take(into: Gathered, body: Json): void {
  if (isRecord(body.error)) into.error = text(body.error.message) || 'the upstream reported an error';
  if (takeMessage(into, body)) return;
  if (body.candidates !== undefined) {
    takeCandidates(into, body);
    return;
  }
  if (typeof body.type === 'string' && isRecord(body.response)) {
    // Events of the Responses API; the last one repeats everything.
    if (body.type === 'response.completed' || body.type === 'response.incomplete' || body.type === 'response.failed') {
      into.output = '';
      into.calls.clear();
      take(into, body.response);
      return;
    }
    into.id ??= body.response.id;
    return;
  }
  if (body.type === 'response.output_text.delta') {
    say(into, body.delta);
    return;
  }
  if (body.type === 'response.output_item.added' && isRecord(body.item)) {
    const { item } = body;
    if (item.type === 'function_call') call(into, item.id ?? item.call_id, item.call_id, item.name, '');
    return;
  }
  if (body.type === 'response.function_call_arguments.delta') {
    call(into, body.item_id, '', '', body.delta);
    return;
  }
  if (typeof body.type === 'string' && body.type.startsWith('response.')) return;
  into.id ??= body.id;
  into.model = body.model ?? into.model;
  into.fingerprint ??= body.system_fingerprint;
  if (isRecord(body.usage)) into.usage = body.usage;
  takeChoices(into, body);
  takeOutput(into, body);
}

function parsed(json: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads what was captured of an answer: JSON, or server-sent events put together again. */
export function readAnswer(captured: string, isStream: boolean): Answer {
  const into: Gathered = {
    id: undefined,
    model: undefined,
    fingerprint: undefined,
    output: '',
    captured: false,
    calls: new Map(),
    usage: undefined,
    error: undefined,
  };
  if (isStream) {
    for (const line of captured.split('\n')) {
      if (!line.startsWith('data:')) continue;
      const event = parsed(line.slice(5).trim());
      if (event !== undefined) take(into, event);
    }
  } else {
    const body = parsed(captured);
    if (body !== undefined) take(into, body);
  }
  const id = word(into.id);
  const model = word(into.model);
  const fingerprint = word(into.fingerprint);
  const input = count(into.usage?.prompt_tokens ?? into.usage?.input_tokens);
  const output = count(into.usage?.completion_tokens ?? into.usage?.output_tokens);
  const calls = [...into.calls.values()].filter(({ name }) => name !== '');
  return {
    ...(id === undefined ? {} : { responseId: id }),
    ...(model === undefined ? {} : { model }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(into.captured ? { output: clipped(into.output, 256 * 1024) } : {}),
    ...(calls.length === 0
      ? {}
      : {
          toolCalls: calls.map(({ id: callId, name, args }) => ({
            ...(callId === '' ? {} : { id: callId.slice(0, 256) }),
            name: name.slice(0, 256),
            arguments: clipped(args),
          })),
        }),
    ...(input === undefined && output === undefined
      ? {}
      : { tokens: { ...(input === undefined ? {} : { input }), ...(output === undefined ? {} : { output }) } }),
    ...(into.error === undefined ? {} : { error: clipped(into.error, 4_000) }),
  };
}
