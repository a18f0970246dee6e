import type { Refusal } from '../../../../kernel/index.ts';
import {
  attributes,
  eachJsonMember,
  isMembers,
  LeftOuts,
  list,
  type Members,
  member,
  nanoseconds,
  text,
  traceOrSpanId,
  whole,
} from './members.ts';
import type { Attributes, OtlpReading, Span, SpanEvent, SpanLink } from './span.ts';
import { OTLP_LIMITS, sampledShare, Unreadable } from './span.ts';

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const CODES = ['UNSET', 'OK', 'ERROR'];

/** A number, or its name with or without what the .proto file puts before it. An unknown word is 0, as what is not said. */
function choice(of: Members, name: string, words: readonly string[]): number {
  const it = member(of, name);
  if (it === undefined || it === null) return 0;
  if (typeof it !== 'string' || /^-?\d/.test(it)) return Number(whole(it, name));
  return Math.max(0, words.indexOf(it.toUpperCase().replace(/^(?:SPAN_KIND|STATUS_CODE)_/, '')));
}

function event(it: unknown): SpanEvent {
  if (!isMembers(it)) throw new Unreadable('an event is not an object');
  return { name: text(it, 'name'), attributes: attributes(it) };
}

/** What is no link is none: nothing that is kept stands there. */
function linksOf(it: Members): SpanLink[] {
  const links = member(it, 'links');
  return (Array.isArray(links) ? links : [])
    .filter(isMembers)
    .slice(0, OTLP_LIMITS.links)
    .map((link) => ({ traceId: traceOrSpanId(link, 'traceId'), spanId: traceOrSpanId(link, 'spanId') }));
}

function span(it: unknown, resource: Attributes, scopeName: string): Span {
  if (!isMembers(it)) throw new Unreadable('the span is not an object');
  const status = member(it, 'status') ?? {};
  if (!isMembers(status)) throw new Unreadable('`status` is not an object');
  const events = list(it, 'events');
  if (events.length > OTLP_LIMITS.events) throw new Unreadable(`more than ${OTLP_LIMITS.events} events in one span`);
  return {
    traceId: traceOrSpanId(it, 'traceId'),
    spanId: traceOrSpanId(it, 'spanId'),
    parentSpanId: traceOrSpanId(it, 'parentSpanId'),
    name: text(it, 'name'),
    kind: choice(it, 'kind', KINDS),
    startMs: nanoseconds(it, 'startTimeUnixNano'),
    endMs: nanoseconds(it, 'endTimeUnixNano'),
    attributes: attributes(it),
    events: events.map(event),
    links: linksOf(it),
    statusCode: choice(status, 'code', CODES),
    statusMessage: text(status, 'message'),
    resource,
    scopeName,
    sampled: sampledShare(text(it, 'traceState')),
  };
}

/**
 * Reads a parsed OTLP/JSON `ExportTraceServiceRequest`. A bad span, scope or resource is left out, named and counted; its
 * neighbours are kept. Only a body that is no such request at all is refused (`telemetry.unreadable`).
 */
export function readOtlpJson(body: unknown): OtlpReading | Refusal {
  const spans: Span[] = [];
  const left = new LeftOuts();
  const refused = eachJsonMember(body, ['resourceSpans', 'scopeSpans', 'spans'], left, (it, around, rest) => {
    if (spans.length >= OTLP_LIMITS.spans) {
      left.add(around.path, `one request holds at most ${OTLP_LIMITS.spans} spans`, rest);
      return false;
    }
    const read = left.reading(around.path, () => span(it, around.resource, around.scopeName));
    if (read !== undefined) spans.push(read);
    return true;
  });
  return refused ?? { spans, leftOut: left.count, examples: left.examples };
}
