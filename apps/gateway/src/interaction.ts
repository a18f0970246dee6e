import type { Action } from '@firebreak/core/respond/containment';

/** One request through the gateway, as `POST /api/v1/interactions` takes it. Absent reads "not captured". */
export interface Interaction {
  readonly id: string;
  readonly system: string;
  /** ISO 8601, when it began. */
  readonly at: string;
  readonly source: 'gateway';
  /** The gateway that tells of it, or the proxy. */
  readonly instance?: string;
  /** Which agent acted. */
  readonly agent?: string;
  readonly session?: string;
  readonly feature?: string;
  readonly versions: {
    readonly model?: string | undefined;
    readonly modelAsked?: string | undefined;
    readonly prompt?: string | undefined;
    readonly fingerprint?: string | undefined;
    readonly toolsDigest?: string | undefined;
  };
  readonly provider: string;
  readonly subject?: string;
  readonly country?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly responseId?: string;
  readonly input?: readonly { readonly role: string; readonly content: string }[];
  readonly output?: string;
  readonly toolCalls?: readonly {
    readonly id?: string;
    readonly name: string;
    readonly arguments?: string;
    readonly result?: string;
  }[];
  readonly tokens?: { readonly input?: number; readonly output?: number };
  readonly latencyMs: number;
  readonly error?: string;
  readonly verdict: { readonly action: Action; readonly hold?: string | undefined };
}

const MOST_MESSAGES = 100;
const MOST_TEXT = 64 * 1024;
/** Of all messages together, characters. */
const MOST_INPUT = 1024 * 1024;
const MOST_WORD = 256;
const CUT = '… [cut by the gateway]';

export const clipped = (text: string, most = MOST_TEXT): string =>
  text.length <= most ? text : `${text.slice(0, most - CUT.length)}${CUT}`;
/** For names and ids: empty ones were not captured. */
export const word = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, MOST_WORD) : undefined;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isRecord(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

const partsOf = (value: unknown): string => (isRecord(value) ? textOf(value.parts) : '');

/** Words of one message; what a tool gave back stands in `content` of its part, or in `output`. */
function wordsIn(message: Record<string, unknown>): string {
  const { content, output } = message;
  if (Array.isArray(content))
    return content
      .map((part) => (isRecord(part) ? (typeof part.text === 'string' ? part.text : textOf(part.content)) : ''))
      .join('');
  return textOf(content) || textOf(output) || partsOf(message);
}

/** What was asked, of `messages` (chat, Messages), `input` (responses), `prompt` (completions) or `contents` (Gemini). The newest are kept. */
export function inputOf(body: Readonly<Record<string, unknown>>): Interaction['input'] {
  const { messages, input, prompt, contents } = body;
  const order = textOf(body.instructions ?? body.system) || partsOf(body.systemInstruction ?? body.system_instruction);
  const lead = order === '' ? [] : [{ role: 'system', content: clipped(order) }];
  const said = messages ?? input ?? prompt ?? contents;
  if (typeof said === 'string') return [...lead, { role: 'user', content: clipped(said) }];
  if (!Array.isArray(said)) return undefined;
  if (said.length > 0 && said.every((each) => typeof each === 'string'))
    return [...lead, { role: 'user', content: clipped(said.join('\n')) }];
  const list = said.filter(isRecord);
  // The first says what the system is, the last what was asked.
  const kept = list.length <= MOST_MESSAGES ? list : [list[0]!, ...list.slice(1 - MOST_MESSAGES)];
  let left = MOST_INPUT;
  const read = kept.map((each) => {
    const content = clipped(wordsIn(each), Math.min(MOST_TEXT, Math.max(left, CUT.length)));
    left -= content.length;
    return { role: word(each.role)?.slice(0, 64) ?? 'user', content };
  });
  return [...lead, ...read];
}

/** Trace and span of the caller, from the W3C `traceparent` header. */
export function traceOf(header: string | undefined): { traceId?: string; spanId?: string } {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(header ?? '');
  return match === null ? {} : { traceId: match[1]!, spanId: match[2]! };
}
