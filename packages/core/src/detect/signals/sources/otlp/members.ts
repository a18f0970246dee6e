import { type Refusal, refuse } from '../../../../kernel/index.ts';
import { fromBase64 } from '../../../../text/index.ts';
import type { Around, Names } from './protobuf.ts';
import type { Attributes, AttributeValue, LeftOut } from './span.ts';
import { OTLP_LIMITS, Unreadable } from './span.ts';

export type Members = Readonly<Record<string, unknown>>;

export const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);
const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
/** A member by its JSON name or, as protobuf's JSON allows, by its name in the .proto file. */
export const member = (of: Members, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : of[snake(name)]);

export function list(of: Members, name: string): readonly unknown[] {
  const it = member(of, name);
  if (it === undefined || it === null) return [];
  if (!Array.isArray(it)) throw new Unreadable(`\`${name}\` is not a list`);
  return it;
}

export function text(of: Members, name: string): string {
  const it = member(of, name);
  if (it === undefined || it === null) return '';
  if (typeof it !== 'string') throw new Unreadable(`\`${name}\` is not text`);
  if (it.length > OTLP_LIMITS.text) throw new Unreadable(`\`${name}\` is longer than ${OTLP_LIMITS.text} characters`);
  return it;
}

/** A 64-bit number as JavaScript's protobuf writes it where it has no type of its own for it; anything else as it is. */
function plainOf(it: unknown): unknown {
  if (!isMembers(it) || !Number.isInteger(it.low) || !Number.isInteger(it.high)) return it;
  const high = BigInt(it.high as number);
  return (
    (it.unsigned === true ? BigInt.asUintN(32, high) : high) * 4_294_967_296n +
    BigInt.asUintN(32, BigInt(it.low as number))
  ).toString();
}

export function whole(given: unknown, name: string): number | string {
  const it = plainOf(given);
  if (typeof it === 'number' && Number.isFinite(it)) return Math.trunc(it);
  if (typeof it === 'string' && /^-?\d{1,20}$/.test(it)) {
    const number = Number(it);
    return Number.isSafeInteger(number) ? number : BigInt(it).toString();
  }
  throw new Unreadable(`\`${name}\` is not a whole number`);
}

export function double(it: unknown, name = 'doubleValue'): number {
  if (typeof it === 'number') return it;
  if (it === 'NaN' || it === 'Infinity' || it === '-Infinity') return Number(it);
  if (typeof it === 'string' && it.trim() !== '' && Number.isFinite(Number(it))) return Number(it);
  throw new Unreadable(`\`${name}\` is not a number`);
}

/** Milliseconds; 0 where there is no time or none that can be read: what came with it is worth more than when it was. */
export function nanoseconds(of: Members, name: string): number {
  const it = plainOf(member(of, name));
  if (typeof it === 'number' ? !Number.isFinite(it) : typeof it !== 'string' || !/^\d{1,20}$/.test(it)) return 0;
  return Number(BigInt(whole(it, name)) / 1_000n) / 1_000;
}

const hexOf = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Bytes as some serialisers write them into JSON: a list of numbers, or that under `data`. */
function bytesOf(it: unknown): string | null {
  const list: unknown = isMembers(it) ? it.data : it;
  if (!Array.isArray(list) || list.length > 64 || !list.every((b) => Number.isInteger(b) && b >= 0 && b < 256))
    return null;
  return hexOf(list);
}

/** The 16 or 8 bytes of an id in base64, as protobuf's own JSON writes them and OTLP's does not. */
const ID_IN_BASE64 = /^(?:[A-Za-z0-9+/_-]{22}==|[A-Za-z0-9+/_-]{11}=)$/;

/** An id in lower-case hexadecimal; `null` where empty or all zero. What is no such id stays as it was sent. */
export function traceOrSpanId(of: Members, name: string): string | null {
  const said = bytesOf(member(of, name)) ?? text(of, name);
  if (said.length > 128) throw new Unreadable(`\`${name}\` is longer than any id`);
  const bytes = ID_IN_BASE64.test(said) ? fromBase64(said) : null;
  const it = bytes === null ? said : hexOf(bytes);
  if (/^0*$/.test(it)) return null;
  return /^[\da-f]+$/i.test(it) ? it.toLowerCase() : it;
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
    if (bool === 'true' || bool === 'false') return bool === 'true';
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
    return hexOf(bytes);
  }
  return null;
}

/** One value of its own, such as the body of a log record. */
export const anyValue = (it: unknown): AttributeValue => value(it, 1, { left: OTLP_LIMITS.values });

/** The value of an attribute; some senders write it plain, without the object that tells its kind. */
function attributeValue(it: unknown): AttributeValue {
  if (typeof it === 'boolean' || (typeof it === 'number' && Number.isFinite(it))) return it;
  return typeof it === 'string' ? text({ value: it }, 'value') : value(it, 1, { left: OTLP_LIMITS.values });
}

export function attributes(of: Members): Attributes {
  const read = new Map<string, AttributeValue>();
  for (const it of list(of, 'attributes')) {
    if (!isMembers(it)) throw new Unreadable('an attribute is not an object with `key` and `value`');
    read.set(text(it, 'key'), attributeValue(member(it, 'value')));
    if (read.size > OTLP_LIMITS.attributes)
      throw new Unreadable(`more than ${OTLP_LIMITS.attributes} attributes in one place`);
  }
  return read;
}

/** What was left out of a request, counted, the first of it with reasons. */
export class LeftOuts {
  count = 0;
  readonly examples: LeftOut[] = [];

  add(path: string, why: string, count = 1): void {
    this.count += count;
    if (this.examples.length < OTLP_LIMITS.examples) this.examples.push({ path, why });
  }

  /** What `read` answers; undefined where it cannot be read, which is noted. */
  reading<T>(path: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.add(path, error.message);
      return undefined;
    }
  }
}

/**
 * Walks a parsed export request of any kind of telemetry. A bad scope or resource is left out, named and counted; its
 * neighbours are kept. Only a body that is no such request at all is refused. `one` gets a member and
 * how many of its scope are left with it; it answers false where none of those is to be read.
 */
export function eachJsonMember(
  body: unknown,
  [resources, scopes, members]: Names,
  left: LeftOuts,
  one: (it: unknown, around: Around, rest: number) => boolean,
): Refusal | null {
  if (!isMembers(body))
    return refuse('telemetry.unreadable', `An OTLP/JSON request is an object with \`${resources}\`.`);
  const top = left.reading(`/${resources}`, () => list(body, resources));
  if (top === undefined)
    return refuse('telemetry.unreadable', `In an OTLP/JSON request \`${resources}\` is a list.`, `/${resources}`);
  for (const [r, group] of top.entries()) {
    const path = `/${resources}/${r}`;
    const opened = left.reading(path, (): { resource: Attributes; scopes: readonly unknown[] } => {
      if (!isMembers(group)) throw new Unreadable('it is not an object');
      const resource = member(group, 'resource') ?? {};
      if (!isMembers(resource)) throw new Unreadable('`resource` is not an object');
      return { resource: attributes(resource), scopes: list(group, scopes) };
    });
    for (const [s, scoped] of opened?.scopes.entries() ?? []) {
      const inner = left.reading(`${path}/${scopes}/${s}`, () => {
        if (!isMembers(scoped)) throw new Unreadable('it is not an object');
        const scope = member(scoped, 'scope') ?? {};
        if (!isMembers(scope)) throw new Unreadable('`scope` is not an object');
        return { name: text(scope, 'name'), members: list(scoped, members) };
      });
      for (const [i, it] of inner?.members.entries() ?? []) {
        const around = {
          resource: opened!.resource,
          scopeName: inner!.name,
          path: `${path}/${scopes}/${s}/${members}/${i}`,
        };
        if (!one(it, around, inner!.members.length - i)) break;
      }
    }
  }
  return null;
}
