import type { Refusal } from '../../../../kernel/index.ts';
import { refuse } from '../../../../kernel/index.ts';
import { utf8 } from '../../../../text/index.ts';
import type { Attributes, AttributeValue, LeftOut, OtlpReading, Span, SpanEvent } from './span.ts';
import { OTLP_LIMITS, Unreadable } from './span.ts';

/** Turns bytes `from` to `to` into text; a faster one of the platform may be handed in. */
export type ReadText = (bytes: Uint8Array, from: number, to: number) => string;

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
const NONE: Attributes = new Map();

class Wire {
  at = 0;
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #text: ReadText;

  constructor(bytes: Uint8Array, text: ReadText) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#text = text;
  }

  /** A varint as an unsigned number; bits beyond 32 are read and dropped, as protobuf does for 32-bit fields. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Unreadable('it ends in the middle of a number');
      if (shift < 32) value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new Unreadable(`a number at byte ${this.at} has more than ten bytes`);
  }

  int64(): number | string {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Unreadable('it ends in the middle of a number');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) {
        const signed = BigInt.asIntN(64, value);
        const number = Number(signed);
        return Number.isSafeInteger(number) ? number : signed.toString();
      }
    }
    throw new Unreadable(`a number at byte ${this.at} has more than ten bytes`);
  }

  #take(length: number): number {
    const from = this.at;
    if (length > this.bytes.length - from) throw new Unreadable(`it is cut off: byte ${from} promises ${length} more`);
    this.at = from + length;
    return from;
  }

  /** Nanoseconds of a fixed64 as milliseconds. */
  nanoseconds(): number {
    const value = this.#view.getBigUint64(this.#take(8), true);
    return Number(value / 1_000n) / 1_000;
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  text(): string {
    const length = this.varint();
    if (length > OTLP_LIMITS.text)
      throw new Unreadable(`a text at byte ${this.at} has more than ${OTLP_LIMITS.text} bytes`);
    const from = this.#take(length);
    return length === 0 ? '' : this.#text(this.bytes, from, from + length);
  }

  hex(): string {
    const length = this.varint();
    if (length > OTLP_LIMITS.text) throw new Unreadable(`bytes at ${this.at} are longer than ${OTLP_LIMITS.text}`);
    const from = this.#take(length);
    let text = '';
    for (let i = from; i < from + length; i++) text += HEX[this.bytes[i]!];
    return text;
  }

  /** The end of the nested message that begins here. */
  within(): number {
    const length = this.varint();
    const from = this.#take(length);
    this.at = from;
    return from + length;
  }

  skip(type: number): void {
    if (type === 0) this.int64();
    else if (type === 1) this.#take(8);
    else if (type === 2) this.#take(this.varint());
    else if (type === 5) this.#take(4);
    else throw new Unreadable(`unknown wire type ${type} at byte ${this.at}`);
  }

  /** Calls `field(number, type)` for each field up to `end`; what it does not take (false) is skipped. */
  fields(end: number, field: (number: number, type: number) => boolean): void {
    while (this.at < end) {
      const tag = this.varint();
      if (tag >>> 3 === 0) throw new Unreadable(`field number 0 at byte ${this.at}`);
      if (!field(tag >>> 3, tag & 7)) this.skip(tag & 7);
    }
    if (this.at !== end) throw new Unreadable(`a message runs over its end at byte ${end}`);
  }
}

interface Budget {
  left: number;
}

function value(wire: Wire, end: number, depth: number, budget: Budget): AttributeValue {
  if (depth > OTLP_LIMITS.depth) throw new Unreadable(`a value is nested deeper than ${OTLP_LIMITS.depth}`);
  if (--budget.left < 0) throw new Unreadable(`an attribute holds more than ${OTLP_LIMITS.values} values`);
  let read: AttributeValue = null;
  wire.fields(end, (field, type) => {
    if (field === 1 && type === 2) read = wire.text();
    else if (field === 2 && type === 0) read = wire.int64() !== 0;
    else if (field === 3 && type === 0) read = wire.int64();
    else if (field === 4 && type === 1) read = wire.double();
    else if (field === 5 && type === 2) {
      const items: AttributeValue[] = [];
      wire.fields(wire.within(), (inner, t) => {
        if (inner !== 1 || t !== 2) return false;
        items.push(value(wire, wire.within(), depth + 1, budget));
        return true;
      });
      read = items;
    } else if (field === 6 && type === 2) {
      const members: Record<string, AttributeValue> = Object.create(null);
      wire.fields(wire.within(), (inner, t) => {
        if (inner !== 1 || t !== 2) return false;
        const [key, held] = pair(wire, wire.within(), depth + 1, budget);
        members[key] = held;
        return true;
      });
      read = members;
    } else if (field === 7 && type === 2) read = wire.hex();
    else return false;
    return true;
  });
  return read;
}

function pair(wire: Wire, end: number, depth: number, budget: Budget): [string, AttributeValue] {
  let key = '';
  let held: AttributeValue = null;
  wire.fields(end, (field, type) => {
    if (type !== 2) return false;
    if (field === 1) key = wire.text();
    else if (field === 2) held = value(wire, wire.within(), depth, budget);
    else return false;
    return true;
  });
  return [key, held];
}

function attribute(wire: Wire, into: Map<string, AttributeValue>): void {
  const [key, held] = pair(wire, wire.within(), 1, { left: OTLP_LIMITS.values });
  into.set(key, held);
  if (into.size > OTLP_LIMITS.attributes)
    throw new Unreadable(`more than ${OTLP_LIMITS.attributes} attributes in one place`);
}

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

const idOf = (hex: string): string | null => (/^0*$/.test(hex) ? null : hex);

function span(wire: Wire, end: number): Omit<Span, 'resource' | 'scopeName'> {
  const attributes = new Map<string, AttributeValue>();
  const events: SpanEvent[] = [];
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
    statusCode: 0,
    statusMessage: '',
  };
  wire.fields(end, (field, type) => {
    if (type === 2) {
      if (field === 1) it.traceId = idOf(wire.hex());
      else if (field === 2) it.spanId = idOf(wire.hex());
      else if (field === 4) it.parentSpanId = idOf(wire.hex());
      else if (field === 5) it.name = wire.text();
      else if (field === 9) attribute(wire, attributes);
      else if (field === 11) {
        if (events.length >= OTLP_LIMITS.events)
          throw new Unreadable(`more than ${OTLP_LIMITS.events} events in one span`);
        events.push(event(wire, wire.within()));
      } else if (field === 15)
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

/** Where the parts of a repeated message lie, so that what stands after them may be known before they are read. */
function resourceOf(wire: Wire, end: number): Attributes {
  let attributes: Map<string, AttributeValue> | null = null;
  wire.fields(end, (field, type) => {
    if (field !== 1 || type !== 2) return false;
    wire.fields(wire.within(), (inner, t) => {
      if (inner !== 1 || t !== 2) return false;
      attributes ??= new Map();
      attribute(wire, attributes);
      return true;
    });
    return true;
  });
  return attributes ?? NONE;
}

function scopeNameOf(wire: Wire, end: number): string {
  let name = '';
  wire.fields(end, (field, type) => {
    if (field !== 1 || type !== 2) return false;
    wire.fields(wire.within(), (inner, t) => {
      if (inner !== 1 || t !== 2) return false;
      name = wire.text();
      return true;
    });
    return true;
  });
  return name;
}

/**
 * Reads a protobuf `ExportTraceServiceRequest`. Unknown fields are skipped; malformed bytes refuse the whole request
 * (`telemetry.unreadable`), since nothing after them can be trusted; spans beyond the limit are left out and counted.
 */
export function readOtlpProtobuf(bytes: Uint8Array, text: ReadText = utf8): OtlpReading | Refusal {
  const wire = new Wire(bytes, text);
  const spans: Span[] = [];
  const examples: LeftOut[] = [];
  let leftOut = 0;
  let resourceIndex = 0;
  try {
    wire.fields(bytes.length, (field, type) => {
      if (field !== 1 || type !== 2) return false;
      const end = wire.within();
      const from = wire.at;
      const resource = resourceOf(wire, end);
      wire.at = from;
      let scopeIndex = 0;
      wire.fields(end, (inner, t) => {
        if (inner !== 2 || t !== 2) return false;
        const scopeEnd = wire.within();
        const scopeFrom = wire.at;
        const scopeName = scopeNameOf(wire, scopeEnd);
        wire.at = scopeFrom;
        let spanIndex = 0;
        wire.fields(scopeEnd, (part, wt) => {
          if (part !== 2 || wt !== 2) return false;
          if (spans.length >= OTLP_LIMITS.spans) {
            leftOut++;
            if (examples.length < OTLP_LIMITS.examples)
              examples.push({
                path: `/resourceSpans/${resourceIndex}/scopeSpans/${scopeIndex}/spans/${spanIndex}`,
                why: `one request holds at most ${OTLP_LIMITS.spans} spans`,
              });
            wire.skip(2);
          } else spans.push({ ...span(wire, wire.within()), resource, scopeName });
          spanIndex++;
          return true;
        });
        scopeIndex++;
        return true;
      });
      resourceIndex++;
      return true;
    });
  } catch (error) {
    if (error instanceof Unreadable)
      return refuse('telemetry.unreadable', `This is not a readable OTLP request: ${error.message}.`);
    throw error;
  }
  return { spans, leftOut, examples };
}
