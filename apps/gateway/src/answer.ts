import { clipped, type Interaction, word } from './interaction.ts';

/** What an answer says about itself, whatever shape and pieces it came in. */
export type Answer = Pick<Interaction, 'responseId' | 'output' | 'toolCalls' | 'tokens' | 'error'> & {
  readonly model?: string;
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

/** The whole of a Responses API answer. */
function takeOutput(into: Gathered, body: Json): void {
  for (const item of list(body.output)) {
    if (item.type === 'function_call') call(into, item.id ?? item.call_id, item.call_id, item.name, item.arguments);
    for (const part of list(item.content)) if (part.type === 'output_text') say(into, part.text);
  }
}

function take(into: Gathered, body: Json): void {
  if (isRecord(body.error)) into.error = text(body.error.message) || 'the upstream reported an error';
  if (typeof body.type === 'string' && isRecord(body.response)) {
    // Events of the Responses API; the last one repeats everything.
    if (body.type === 'response.completed' || body.type === 'response.incomplete' || body.type === 'response.failed') {
      into.output = '';
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
  into.id ??= body.id;
  into.model = body.model ?? into.model;
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
  const input = count(into.usage?.prompt_tokens ?? into.usage?.input_tokens);
  const output = count(into.usage?.completion_tokens ?? into.usage?.output_tokens);
  const calls = [...into.calls.values()].filter(({ name }) => name !== '');
  return {
    ...(id === undefined ? {} : { responseId: id }),
    ...(model === undefined ? {} : { model }),
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
