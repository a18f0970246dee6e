import { isRefusal } from '../../kernel/index.ts';
import { isError, readOtlpJson, readSpan } from '../signals/index.ts';
import { interval } from './interval.ts';

/** An id as text, or in the form of bytes in which the payload held it. */
type Id = string | null | { readonly data: readonly number[] };

export interface SpanSeen {
  readonly traceId: Id;
  readonly spanId: Id;
  readonly parentSpanId: Id;
  readonly name: string;
  readonly model: string | null;
  readonly provider: string | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly is_error: boolean;
  readonly dialects: readonly string[];
}

const IDS = new Set(['traceId', 'spanId', 'parentSpanId']);
const DEEPEST = 12;

/** Ids that a payload holds as bytes under `data`, by what they read as. */
function idsInBytes(it: unknown, found = new Map<string, Id>(), depth = 0): ReadonlyMap<string, Id> {
  if (typeof it !== 'object' || it === null || depth > DEEPEST) return found;
  for (const [name, value] of Object.entries(it)) {
    const data: unknown =
      IDS.has(name) && typeof value === 'object' && value !== null ? Reflect.get(value, 'data') : null;
    if (Array.isArray(data)) found.set(data.map((byte) => Number(byte).toString(16).padStart(2, '0')).join(''), value);
    else idsInBytes(value, found, depth + 1);
  }
  return found;
}

/**
 * What is read from one payload; `ok` false where nothing could be. Ids stand as they were sent, so that whoever compares
 * finds the span again.
 */
export function readPayload(otlp: unknown): { readonly ok: boolean; readonly spans: readonly SpanSeen[] } {
  const given = typeof otlp === 'string' ? jsonOf(otlp) : otlp;
  const reading = readOtlpJson(given);
  if (isRefusal(reading)) return { ok: false, spans: [] };
  const inBytes = idsInBytes(given);
  const asSent = (id: string | null): Id => (id === null ? null : (inBytes.get(id) ?? id));
  const spans = reading.spans.map((span): SpanSeen => {
    const { dialects, reading: said } = readSpan(span);
    return {
      traceId: asSent(span.traceId),
      spanId: asSent(span.spanId),
      parentSpanId: asSent(span.parentSpanId),
      name: span.name,
      model: said.model ?? said.modelAsked,
      provider: said.provider,
      input_tokens: said.inputTokens,
      output_tokens: said.outputTokens,
      is_error: isError(span),
      dialects: dialects.filter((name) => name !== 'firebreak'),
    };
  });
  return { ok: spans.length > 0 || reading.leftOut === 0, spans };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const FIELDS = [
  'traceId',
  'spanId',
  'parentSpanId',
  'name',
  'model',
  'provider',
  'input_tokens',
  'output_tokens',
  'is_error',
] as const;

export interface Scored {
  readonly spans: number;
  readonly read: number;
  readonly [field: string]: number | string;
}

/** Share of right values, field by field over the expected ones that are not null. */
export function scoreSpans(
  predictions: readonly { readonly spans: readonly SpanSeen[] }[],
  expected: readonly unknown[],
): Scored {
  const right = new Map<string, { right: number; all: number }>();
  let all = 0;
  let read = 0;
  for (const [i, expect] of expected.entries()) {
    const gold = (expect as { spans?: Readonly<Record<string, unknown>>[] } | undefined)?.spans ?? [];
    all += gold.length;
    read += Math.min(gold.length, predictions[i]!.spans.length);
    for (const [k, span] of gold.entries())
      for (const field of FIELDS) {
        if (span[field] === null || span[field] === undefined) continue;
        const held = right.get(field) ?? { right: 0, all: 0 };
        held.all++;
        const seen = predictions[i]!.spans[k]?.[field];
        if (seen === span[field] || JSON.stringify(seen) === JSON.stringify(span[field])) held.right++;
        right.set(field, held);
      }
  }
  return {
    spans: all,
    read,
    ...Object.fromEntries(
      [...right].flatMap(([field, it]) => [
        [field, it.right / it.all],
        [`${field}_interval`, interval(it.right, it.all)],
      ]),
    ),
  };
}
