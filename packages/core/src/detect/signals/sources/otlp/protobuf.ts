import { type Refusal, refuse } from '../../../../kernel/index.ts';
import type { Attributes, AttributeValue } from './span.ts';
import { OTLP_LIMITS, Unreadable } from './span.ts';

/** Turns bytes `from` to `to` into text; a faster one of the platform may be handed in. */
export type ReadText = (bytes: Uint8Array, from: number, to: number) => string;

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
const NONE: Attributes = new Map();

/** Reads the protobuf wire format, forwards, within exact limits. What cannot be read throws `Unreadable`. */
export class Wire {
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

  /** A zigzag varint of 32 bits (sint32). */
  sint32(): number {
    const read = this.varint();
    return (read >>> 1) ^ -(read & 1);
  }

  /** A fixed64 as a number, signed or not; beyond 2^53 it is the nearest one. */
  fixed64(signed = false): number {
    const at = this.#take(8);
    return Number(signed ? this.#view.getBigInt64(at, true) : this.#view.getBigUint64(at, true));
  }

  /** A repeated field of numbers, packed or one at a time, added to `into`. */
  numbers(type: number, one: 0 | 1, read: () => number, into: number[], most: number): boolean {
    const take = () => {
      if (into.length >= most) throw new Unreadable(`more than ${most} numbers in one list`);
      into.push(read());
    };
    if (type === one) take();
    else if (type === 2) {
      const end = this.within();
      while (this.at < end) take();
      if (this.at !== end) throw new Unreadable(`a list of numbers runs over its end at byte ${end}`);
    } else return false;
    return true;
  }

  hex(): string {
    const length = this.varint();
    if (length > OTLP_LIMITS.text) throw new Unreadable(`bytes at ${this.at} are longer than ${OTLP_LIMITS.text}`);
    const from = this.#take(length);
    let text = '';
    for (let i = from; i < from + length; i++) text += HEX[this.bytes[i]!];
    return text;
  }

  /** An id in lower-case hexadecimal; `null` where empty or all zero. */
  id(): string | null {
    const hex = this.hex();
    return /^0*$/.test(hex) ? null : hex;
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

/** Reads one `KeyValue` that begins here. */
export function attribute(wire: Wire, into: Map<string, AttributeValue>): void {
  const [key, held] = pair(wire, wire.within(), 1, { left: OTLP_LIMITS.values });
  into.set(key, held);
  if (into.size > OTLP_LIMITS.attributes)
    throw new Unreadable(`more than ${OTLP_LIMITS.attributes} attributes in one place`);
}

/** Reads one `AnyValue` that begins here, such as the body of a log record. */
export const anyValue = (wire: Wire): AttributeValue => value(wire, wire.within(), 1, { left: OTLP_LIMITS.values });

/** Attributes of the `Resource` in field 1 of the message that ends at `end`; read ahead, since it may stand after what it describes. */
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

/** The name of the `InstrumentationScope` in field 1. */
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

/** Where a member of a request stands, and what is said around it. */
export interface Around {
  readonly resource: Attributes;
  readonly scopeName: string;
  /** RFC 6901 pointer into the request, as JSON would have it. */
  readonly path: string;
}

/** Member names of one kind of request in JSON, from the outside in. All kinds share their field numbers. */
export type Names = readonly [resources: string, scopes: string, members: string];

/**
 * Walks an export request of any kind of telemetry: `one` reads a member that begins here and ends at `end`. Malformed bytes
 * refuse the whole request, since nothing after them can be trusted.
 */
export function eachMember(
  bytes: Uint8Array,
  readText: ReadText,
  [resources, scopes, members]: Names,
  one: (wire: Wire, end: number, around: Around) => void,
): Refusal | null {
  const wire = new Wire(bytes, readText);
  let r = 0;
  try {
    wire.fields(bytes.length, (field, type) => {
      if (field !== 1 || type !== 2) return false;
      const end = wire.within();
      const from = wire.at;
      const resource = resourceOf(wire, end);
      wire.at = from;
      let s = 0;
      wire.fields(end, (inner, t) => {
        if (inner !== 2 || t !== 2) return false;
        const scopeEnd = wire.within();
        const scopeFrom = wire.at;
        const scopeName = scopeNameOf(wire, scopeEnd);
        wire.at = scopeFrom;
        let i = 0;
        wire.fields(scopeEnd, (part, wt) => {
          if (part !== 2 || wt !== 2) return false;
          const path = `/${resources}/${r}/${scopes}/${s}/${members}/${i++}`;
          one(wire, wire.within(), { resource, scopeName, path });
          return true;
        });
        s++;
        return true;
      });
      r++;
      return true;
    });
  } catch (error) {
    if (error instanceof Unreadable)
      return refuse('telemetry.unreadable', `This is not a readable OTLP request: ${error.message}.`);
    throw error;
  }
  return null;
}
