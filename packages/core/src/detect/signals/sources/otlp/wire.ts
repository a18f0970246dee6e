import type { Refusal } from '../../../../kernel/index.ts';
import { utf8 } from '../../../../text/index.ts';
import { attribute, eachMember, type ReadText, type Wire } from './protobuf.ts';
import type { AttributeValue, LeftOut, OtlpReading, Span, SpanEvent, SpanLink } from './span.ts';
import { OTLP_LIMITS, sampledShare, Unreadable } from './span.ts';

function event(wire: Wire, end: number): SpanEvent {
  let name = '';
  const attributes = new Map<string, AttributeValue>();
  wire.fields(end, (field, type) => {
    if (field === 2 && type === 2) name = wire.text();
    else if (field === 3 && type === 2) attribute(wire, attributes);
    else return false;
    return true;
  });
  return { name, attributes };
}

function link(wire: Wire, end: number): SpanLink {
  const it = { traceId: null as string | null, spanId: null as string | null };
  wire.fields(end, (field, type) => {
    if (field === 1 && type === 2) it.traceId = wire.id();
    else if (field === 2 && type === 2) it.spanId = wire.id();
    else return false;
    return true;
  });
  return it;
}

function span(wire: Wire, end: number): Omit<Span, 'resource' | 'scopeName'> {
  const attributes = new Map<string, AttributeValue>();
  const events: SpanEvent[] = [];
  const links: SpanLink[] = [];
  const it = {
    traceId: null as string | null,
    spanId: null as string | null,
    parentSpanId: null as string | null,
    name: '',
    kind: 0,
    startMs: 0,
    endMs: 0,
    attributes,
    events,
    links,
    statusCode: 0,
    statusMessage: '',
    sampled: null as number | null,
  };
  wire.fields(end, (field, type) => {
    if (type === 2) {
      if (field === 1) it.traceId = wire.id();
      else if (field === 2) it.spanId = wire.id();
      else if (field === 3) it.sampled = sampledShare(wire.text());
      else if (field === 4) it.parentSpanId = wire.id();
      else if (field === 5) it.name = wire.text();
      else if (field === 9) attribute(wire, attributes);
      else if (field === 11) {
        if (events.length >= OTLP_LIMITS.events)
          throw new Unreadable(`more than ${OTLP_LIMITS.events} events in one span`);
        events.push(event(wire, wire.within()));
      } else if (field === 13 && links.length < OTLP_LIMITS.links) links.push(link(wire, wire.within()));
      else if (field === 15)
        wire.fields(wire.within(), (inner, t) => {
          if (inner === 2 && t === 2) it.statusMessage = wire.text();
          else if (inner === 3 && t === 0) it.statusCode = wire.varint() | 0;
          else return false;
          return true;
        });
      else return false;
    } else if (type === 0 && field === 6) it.kind = wire.varint() | 0;
    else if (type === 1 && field === 7) it.startMs = wire.nanoseconds();
    else if (type === 1 && field === 8) it.endMs = wire.nanoseconds();
    else return false;
    return true;
  });
  return it;
}

/**
 * Reads a protobuf `ExportTraceServiceRequest`. Unknown fields are skipped; malformed bytes refuse the whole request
 * (`telemetry.unreadable`), since nothing after them can be trusted; spans beyond the limit are left out and counted.
 */
export function readOtlpProtobuf(bytes: Uint8Array, text: ReadText = utf8): OtlpReading | Refusal {
  const spans: Span[] = [];
  const examples: LeftOut[] = [];
  let leftOut = 0;
  const refused = eachMember(bytes, text, ['resourceSpans', 'scopeSpans', 'spans'], (wire, end, around) => {
    if (spans.length >= OTLP_LIMITS.spans) {
      leftOut++;
      if (examples.length < OTLP_LIMITS.examples)
        examples.push({ path: around.path, why: `one request holds at most ${OTLP_LIMITS.spans} spans` });
      wire.at = end;
    } else spans.push({ ...span(wire, end), resource: around.resource, scopeName: around.scopeName });
  });
  return refused ?? { spans, leftOut, examples };
}
