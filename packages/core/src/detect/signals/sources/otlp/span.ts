/** A value of an OpenTelemetry attribute. Whole numbers beyond 2^53 are decimal text, bytes are hexadecimal text. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };
export type Attributes = ReadonlyMap<string, AttributeValue>;

export interface SpanEvent {
  readonly name: string;
  readonly attributes: Attributes;
}

export const EVALUATION_EVENT = 'gen_ai.evaluation.result';

/** Another span it is about, of its trace or of another one. */
export interface SpanLink {
  readonly traceId: string | null;
  readonly spanId: string | null;
}

/** A span as both encodings of OTLP give it. */
export interface Span {
  /** Lower-case hexadecimal as sent; `null` where empty or all zero. */
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly parentSpanId: string | null;
  readonly name: string;
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  /** Milliseconds since the epoch, with fractions; 0 where not sent. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  /** The first of them, as far as `OTLP_LIMITS.links` goes: more than one names nothing for certain. */
  readonly links: readonly SpanLink[];
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly resource: Attributes;
  readonly scopeName: string;
  /** Part of all traces that its sampler keeps, above 0 up to 1 (`ot` member of the trace state); `null`: it does not say. */
  readonly sampled: number | null;
}

/** A span that was left out, and why. `path` is an RFC 6901 pointer into the request, as JSON would have it. */
export interface LeftOut {
  readonly path: string;
  readonly why: string;
}

export interface OtlpReading {
  readonly spans: readonly Span[];
  readonly leftOut: number;
  /** The first of those left out. */
  readonly examples: readonly LeftOut[];
}

/** Exact limits of one request. What goes beyond is left out and counted, or refuses the request; never cut in silence. */
export const OTLP_LIMITS = {
  spans: 20_000,
  attributes: 1_024,
  events: 1_024,
  links: 16,
  /** Bytes (protobuf) or UTF-16 units (JSON) of one text. */
  text: 1024 * 1024,
  depth: 32,
  /** Values within one attribute, whatever their nesting. */
  values: 50_000,
  examples: 20,
} as const;

/** Thrown inside the readers only; their doors turn it into a refusal. */
export class Unreadable extends Error {}

export const isError = (span: Span): boolean => span.statusCode === 2;

const THRESHOLD_DIGITS = 14;

/**
 * The part of all traces a consistent sampler keeps, from the `ot` member of the W3C trace state: the rejection threshold
 * `th`, up to 14 hexadecimal digits of a fraction (OpenTelemetry, trace state handling), or the exponent `p` used before it.
 */
export function sampledShare(traceState: string): number | null {
  const ot = /(?:^|,)\s*ot=([^,]{1,256})/.exec(traceState)?.[1];
  if (ot === undefined) return null;
  const th = /(?:^|;)th:([0-9a-f]{1,14})(?:;|$)/.exec(ot)?.[1];
  if (th !== undefined) {
    const share = 1 - Number.parseInt(th.padEnd(THRESHOLD_DIGITS, '0'), 16) / 16 ** THRESHOLD_DIGITS;
    return share > 0 ? share : null;
  }
  const p = /(?:^|;)p:(\d{1,2})(?:;|$)/.exec(ot)?.[1];
  return p === undefined || Number(p) > 62 ? null : 2 ** -Number(p);
}
