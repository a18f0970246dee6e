/** Sorted, disjoint, inclusive ranges of UTF-16 code units: `[from, to, from, to, …]`. */
export type UnitSet = readonly number[];

export type Assertion = 'start' | 'end' | 'word' | 'no-word';

export type Node =
  | { readonly kind: 'set'; readonly set: UnitSet; readonly negated?: boolean }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly body: Node; readonly min: number; readonly max: number };

export interface Syntax {
  readonly node: Node;
  /** `(?i)` stood at the beginning. */
  readonly ignoreCase: boolean;
}

/** What is wrong with a pattern and what to write instead; thrown by the parser, never out of its door. */
export class PatternFault extends Error {}

/** UTF-16 code units. */
const PATTERN_LENGTH_LIMIT = 1_000;
const REPEAT_LIMIT = 1_000;
const GROUP_DEPTH_LIMIT = 50;
const LAST_UNIT = 0xffff;

const DIGITS: UnitSet = [0x30, 0x39];
export const WORD: UnitSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** WhiteSpace and LineTerminator of ECMA-262. */
const SPACE: UnitSet = [
  0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f,
  0x3000, 0x3000, 0xfeff, 0xfeff,
];
const LINE_ENDS: UnitSet = [0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029];

export function union(ranges: readonly number[]): UnitSet {
  const pairs: [number, number][] = [];
  for (let at = 0; at < ranges.length; at += 2) pairs.push([ranges[at]!, ranges[at + 1]!]);
  pairs.sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [from, to] of pairs) {
    const last = out.length - 1;
    if (last > 0 && from <= out[last]! + 1) out[last] = Math.max(out[last]!, to);
    else out.push(from, to);
  }
  return out;
}

export function complement(set: UnitSet): UnitSet {
  const out: number[] = [];
  let next = 0;
  for (let at = 0; at < set.length; at += 2) {
    if (set[at]! > next) out.push(next, set[at]! - 1);
    next = set[at + 1]! + 1;
  }
  if (next <= LAST_UNIT) out.push(next, LAST_UNIT);
  return out;
}

const CLASSES: Readonly<Record<string, UnitSet>> = {
  d: DIGITS,
  w: WORD,
  s: SPACE,
  D: complement(DIGITS),
  W: complement(WORD),
  S: complement(SPACE),
};
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };
const ANY = complement(LINE_ENDS);
const ADVICE: Readonly<Record<string, string>> = {
  k: 'back-references cannot be tested in linear time; write the text out',
  p: 'classes such as \\p{…} are not known here; list the characters in [ ]',
  P: 'classes such as \\P{…} are not known here; list the characters in [^ ]',
  A: 'write ^ for the beginning of the text',
  Z: 'write $ for the end of the text',
  z: 'write $ for the end of the text',
};

/** @throws PatternFault */
export function parsePattern(source: string): Syntax {
  if (source === '') throw new PatternFault('write what is to be found');
  if (source.length > PATTERN_LENGTH_LIMIT)
    throw new PatternFault(`a pattern has at most ${PATTERN_LENGTH_LIMIT} characters; use several`);
  const ignoreCase = source.startsWith('(?i)');
  let at = ignoreCase ? 4 : 0;
  let depth = 0;

  const fault = (why: string): never => {
    throw new PatternFault(why);
  };
  const take = (text: string): boolean => {
    if (!source.startsWith(text, at)) return false;
    at += text.length;
    return true;
  };
  const point = (): number => {
    const code = source.codePointAt(at)!;
    at += code > LAST_UNIT ? 2 : 1;
    return code;
  };

  function hex(digits: number): number {
    const text = source.slice(at, at + digits);
    if (text.length !== digits || !/^[0-9a-fA-F]+$/.test(text))
      fault(`${source.slice(at - 2, at)} needs ${digits} hexadecimal digits after it`);
    at += digits;
    return Number.parseInt(text, 16);
  }

  /** After a backslash: a class, or the code point of one character. */
  function escaped(): UnitSet | number {
    if (at >= source.length) fault('the \\ at the end escapes nothing; write \\\\ for a backslash');
    const name = source[at]!;
    const found = CLASSES[name];
    if (found !== undefined) {
      at += 1;
      return found;
    }
    if (name >= '1' && name <= '9')
      fault(`back-references (\\${name}) cannot be tested in linear time; write the text out`);
    if (!/[a-zA-Z0-9]/.test(name)) return point();
    at += 1;
    if (name === 'x') return hex(2);
    if (name === 'u') return hex(4);
    return CONTROLS[name] ?? fault(ADVICE[name] ?? `\\${name} means nothing here; write ${name} for the letter itself`);
  }

  function bracket(): Node {
    const negated = take('^');
    const ranges: number[] = [];
    if (source[at] === ']') fault('an empty [ ] finds nothing; write \\] for the bracket itself');
    const member = (): UnitSet | number => {
      if (source.startsWith('[:', at)) fault('classes such as [:alpha:] are not known here; write a-zA-Z');
      if (!take('\\')) return point();
      return take('b') ? 8 : escaped();
    };
    while (!take(']')) {
      if (at >= source.length) fault('a [ is not closed; write \\[ for the bracket itself');
      const from = member();
      const isRange = source[at] === '-' && at + 1 < source.length && source[at + 1] !== ']';
      if (isRange) at += 1;
      const to = isRange ? member() : from;
      if (typeof from !== 'number' || typeof to !== 'number') {
        if (isRange) fault('a class such as \\w cannot begin or end a range; write \\- for the hyphen itself');
        ranges.push(...(from as UnitSet));
        continue;
      }
      if (to > LAST_UNIT || from > LAST_UNIT)
        fault('characters beyond U+FFFF, emoji for example, cannot stand in [ ]; write (…|…)');
      if (to < from) fault('the ends of a range in [ ] stand the wrong way round');
      ranges.push(from, to);
    }
    return { kind: 'set', set: union(ranges), negated };
  }

  function group(): Node {
    if (source[at] === '?' && !take('?:')) {
      if (/^\?<?[=!]/.test(source.slice(at, at + 3)))
        fault('looking ahead or behind cannot be tested in linear time; use a pattern for each');
      if (/^\?P?[<']/.test(source.slice(at, at + 3))) fault('groups have no names here; write ( … )');
      fault('of the (?…) forms only (?:…), and (?i) at the very beginning, are known here');
    }
    depth += 1;
    if (depth > GROUP_DEPTH_LIMIT) fault(`groups may stand at most ${GROUP_DEPTH_LIMIT} deep in each other`);
    const inner = choice();
    depth -= 1;
    if (!take(')')) fault('a ( is not closed; write \\( for the parenthesis itself');
    return inner;
  }

  function literal(code: number): Node {
    if (code <= LAST_UNIT) return { kind: 'set', set: [code, code] };
    const units = String.fromCodePoint(code);
    return { kind: 'sequence', parts: [literal(units.charCodeAt(0)), literal(units.charCodeAt(1))] };
  }

  function atom(): Node {
    if (take('^')) return { kind: 'assert', what: 'start' };
    if (take('$')) return { kind: 'assert', what: 'end' };
    if (take('\\b')) return { kind: 'assert', what: 'word' };
    if (take('\\B')) return { kind: 'assert', what: 'no-word' };
    if (take('.')) return { kind: 'set', set: ANY };
    if (take('[')) return bracket();
    if (take('(')) return group();
    if (take('\\')) {
      const what = escaped();
      return typeof what === 'number' ? literal(what) : { kind: 'set', set: what };
    }
    return literal(point());
  }

  function bounds(): readonly [number, number] | undefined {
    if (take('*')) return [0, Number.POSITIVE_INFINITY];
    if (take('+')) return [1, Number.POSITIVE_INFINITY];
    if (take('?')) return [0, 1];
    // `{,3}` and `{x}` are text.
    const written = /^\{(\d+)(,?)(\d*)\}/.exec(source.slice(at, at + 24));
    if (written === null) return undefined;
    const [all, low, comma, high] = written;
    at += all.length;
    const min = Number(low);
    const max = comma === '' ? min : high === '' ? Number.POSITIVE_INFINITY : Number(high);
    if (max < min) fault(`${all} has its bounds the wrong way round`);
    if (min > REPEAT_LIMIT || (max > REPEAT_LIMIT && max !== Number.POSITIVE_INFINITY))
      fault(`repeat at most ${REPEAT_LIMIT} times, or without an end: {${Math.min(min, REPEAT_LIMIT)},}`);
    return [min, max];
  }

  function repeated(): Node {
    const before = at;
    if (bounds() !== undefined)
      fault(`${source.slice(before, at)} repeats nothing; write \\ before it for the text itself`);
    const first = source[at];
    const body = atom();
    const found = bounds();
    if (found === undefined) return body;
    if (body.kind === 'assert' && first !== '(') fault('^, $, \\b and \\B cannot be repeated');
    // Lazy or not makes no difference to whether something is found.
    take('?');
    const [min, max] = found;
    return { kind: 'repeat', body, min, max };
  }

  function choice(): Node {
    const branches: Node[] = [];
    do {
      const parts: Node[] = [];
      while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated());
      branches.push(parts.length === 1 ? parts[0]! : { kind: 'sequence', parts });
    } while (take('|'));
    return branches.length === 1 ? branches[0]! : { kind: 'choice', parts: branches };
  }

  const node = choice();
  if (at < source.length) fault('a ) closes nothing; write \\) for the parenthesis itself');
  return { node, ignoreCase };
}
