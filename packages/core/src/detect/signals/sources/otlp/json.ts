import type { Refusal } from '../../../../kernel/index.ts';
import { refuse } from '../../../../kernel/index.ts';
import { fromBase64 } from '../../../../text/index.ts';
import type { Attributes, AttributeValue, LeftOut, OtlpReading, Span, SpanEvent } from './span.ts';
import { OTLP_LIMITS, Unreadable } from './span.ts';

type Members = Readonly<Record<string, unknown>>;

const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);
const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
/** A member by its JSON name or, as protobuf's JSON allows, by its name in the .proto file. */
const member = (of: Members, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : of[snake(name)]);

function list(of: Members, name: string): readonly unknown[] {
  const it = member(of, name);
  if (it === undefined || it === null) return [];
  if (!Array.isArray(it)) throw new Unreadable(`\`${name}\` is not a list`);
  return it;
}

function text(of: Members, name: string): string {
  const it = member(of, name);
  if (it === undefined || it === null) return '';
  if (typeof it !== 'string') throw new Unreadable(`\`${name}\` is not text`);
  if (it.length > OTLP_LIMITS.text) throw new Unreadable(`\`${name}\` is longer than ${OTLP_LIMITS.text} characters`);
  return it;
}

/** Bytes as some serialisers write them into JSON: a list of numbers, or that under `data`. */
function bytesOf(it: unknown): string | null {
  const list: unknown = isMembers(it) ? it.data : it;
  if (!Array.isArray(list) || list.length > 64 || !list.every((b) => Number.isInteger(b) && b >= 0 && b < 256))
    return null;
  return list.map((b: number) => b.toString(16).padStart(2, '0')).join('');
}

function id(of: Members, name: string): string | null {
  const it = bytesOf(member(of, name)) ?? text(of, name);
  if (it.length > 128) throw new Unreadable(`\`${name}\` is longer than any id`);
  return /^0*$/.test(it) ? null : it.toLowerCase();
}

function whole(it: unknown, name: string): number | string {
  if (typeof it === 'number' && Number.isFinite(it)) return Math.trunc(it);
  if (typeof it === 'string' && /^-?\d{1,20}$/.test(it)) {
    const number = Number(it);
    return Number.isSafeInteger(number) ? number : BigInt(it).toString();
  }
  throw new Unreadable(`\`${name}\` is not a whole number`);
}

function double(it: unknown): number {
  if (typeof it === 'number') return it;
  if (it === 'NaN' || it === 'Infinity' || it === '-Infinity') return Number(it);
  if (typeof it === 'string' && it.trim() !== '' && Number.isFinite(Number(it))) return Number(it);
  throw new Unreadable('`doubleValue` is not a number');
}

function nanoseconds(of: Members, name: string): number {
  const it = member(of, name);
  if (it === undefined || it === null) return 0;
  const read = whole(it, name);
  return Number(BigInt(read) / 1_000n) / 1_000;
}

const ENUMS: Readonly<Record<string, number>> = {
  SPAN_KIND_UNSPECIFIED: 0,
  SPAN_KIND_INTERNAL: 1,
  SPAN_KIND_SERVER: 2,
  SPAN_KIND_CLIENT: 3,
  SPAN_KIND_PRODUCER: 4,
  SPAN_KIND_CONSUMER: 5,
  STATUS_CODE_UNSET: 0,
  STATUS_CODE_OK: 1,
  STATUS_CODE_ERROR: 2,
};

function choice(of: Members, name: string): number {
  const it = member(of, name);
  if (it === undefined || it === null) return 0;
  if (typeof it === 'string' && ENUMS[it] !== undefined) return ENUMS[it];
  return Number(whole(it, name));
}

interface Budget {
  left: number;
}

function value(it: unknown, depth: number, budget: Budget): AttributeValue {
  if (it === undefined || it === null) return null;
  if (!isMembers(it)) throw new Unreadable('an attribute value is not an object such as {"stringValue": "…"}');
  if (depth > OTLP_LIMITS.depth) throw new Unreadable(`a value is nested deeper than ${OTLP_LIMITS.depth}`);
  if (--budget.left < 0) throw new Unreadable(`an attribute holds more than ${OTLP_LIMITS.values} values`);
  const says = (name: string): unknown => member(it, name) ?? undefined;
  if (says('stringValue') !== undefined) return text(it, 'stringValue');
  const bool = says('boolValue');
  if (bool !== undefined) {
    if (typeof bool !== 'boolean') throw new Unreadable('`boolValue` is neither true nor false');
    return bool;
  }
  if (says('intValue') !== undefined) return whole(says('intValue'), 'intValue');
  if (says('doubleValue') !== undefined) return double(says('doubleValue'));
  const array = says('arrayValue');
  if (array !== undefined) {
    if (!isMembers(array)) throw new Unreadable('`arrayValue` is not an object');
    return list(array, 'values').map((inner) => value(inner, depth + 1, budget));
  }
  const pairs = says('kvlistValue');
  if (pairs !== undefined) {
    if (!isMembers(pairs)) throw new Unreadable('`kvlistValue` is not an object');
    const members: Record<string, AttributeValue> = Object.create(null);
    for (const inner of list(pairs, 'values')) {
      if (!isMembers(inner)) throw new Unreadable('a member of `kvlistValue` is not an object');
      members[text(inner, 'key')] = value(member(inner, 'value'), depth + 1, budget);
    }
    return members;
  }
  if (says('bytesValue') !== undefined) {
    const bytes = fromBase64(text(it, 'bytesValue'));
    if (bytes === null) throw new Unreadable('`bytesValue` is not base64');
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  return null;
}

function attributes(of: Members): Attributes {
  const read = new Map<string, AttributeValue>();
  for (const it of list(of, 'attributes')) {
    if (!isMembers(it)) throw new Unreadable('an attribute is not an object with `key` and `value`');
    read.set(text(it, 'key'), value(member(it, 'value'), 1, { left: OTLP_LIMITS.values }));
    if (read.size > OTLP_LIMITS.attributes)
      throw new Unreadable(`more than ${OTLP_LIMITS.attributes} attributes in one place`);
  }
  return read;
}

function event(it: unknown): SpanEvent {
  if (!isMembers(it)) throw new Unreadable('an event is not an object');
  return { name: text(it, 'name'), attributes: attributes(it) };
}

function span(it: unknown, resource: Attributes, scopeName: string): Span {
  if (!isMembers(it)) throw new Unreadable('the span is not an object');
  const status = member(it, 'status') ?? {};
  if (!isMembers(status)) throw new Unreadable('`status` is not an object');
  const events = list(it, 'events');
  if (events.length > OTLP_LIMITS.events) throw new Unreadable(`more than ${OTLP_LIMITS.events} events in one span`);
  return {
    traceId: id(it, 'traceId'),
    spanId: id(it, 'spanId'),
    parentSpanId: id(it, 'parentSpanId'),
    name: text(it, 'name'),
    kind: choice(it, 'kind'),
    startMs: nanoseconds(it, 'startTimeUnixNano'),
    endMs: nanoseconds(it, 'endTimeUnixNano'),
    attributes: attributes(it),
    events: events.map(event),
    statusCode: choice(status, 'code'),
    statusMessage: text(status, 'message'),
    resource,
    scopeName,
  };
}

/**
 * Reads a parsed OTLP/JSON `ExportTraceServiceRequest`. A bad span, scope or resource is left out, named and counted; its
 * neighbours are kept. Only a body that is no such request at all is refused (`telemetry.unreadable`).
 */
export function readOtlpJson(body: unknown): OtlpReading | Refusal {
  if (!isMembers(body))
    return refuse('telemetry.unreadable', 'An OTLP/JSON request is an object with `resourceSpans`.');
  const spans: Span[] = [];
  const examples: LeftOut[] = [];
  let leftOut = 0;
  const leave = (path: string, why: string, count = 1): void => {
    leftOut += count;
    if (examples.length < OTLP_LIMITS.examples) examples.push({ path, why });
  };
  const reading = <T>(path: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      leave(path, error.message);
      return undefined;
    }
  };
  const top = reading('/resourceSpans', () => list(body, 'resourceSpans'));
  if (top === undefined)
    return refuse('telemetry.unreadable', 'In an OTLP/JSON request `resourceSpans` is a list.', '/resourceSpans');
  for (const [r, group] of top.entries()) {
    const path = `/resourceSpans/${r}`;
    const opened = reading(path, () => {
      if (!isMembers(group)) throw new Unreadable('it is not an object');
      const resource = member(group, 'resource') ?? {};
      if (!isMembers(resource)) throw new Unreadable('`resource` is not an object');
      return { resource: attributes(resource), scopes: list(group, 'scopeSpans') };
    });
    for (const [s, scoped] of opened?.scopes.entries() ?? []) {
      const inner = reading(`${path}/scopeSpans/${s}`, () => {
        if (!isMembers(scoped)) throw new Unreadable('it is not an object');
        const scope = member(scoped, 'scope') ?? {};
        if (!isMembers(scope)) throw new Unreadable('`scope` is not an object');
        return { name: text(scope, 'name'), spans: list(scoped, 'spans') };
      });
      for (const [i, it] of inner?.spans.entries() ?? []) {
        const at = `${path}/scopeSpans/${s}/spans/${i}`;
        if (spans.length >= OTLP_LIMITS.spans) {
          leave(at, `one request holds at most ${OTLP_LIMITS.spans} spans`, inner!.spans.length - i);
          break;
        }
        const read = reading(at, () => span(it, opened!.resource, inner!.name));
        if (read !== undefined) spans.push(read);
      }
    }
  }
  return { spans, leftOut, examples };
}
