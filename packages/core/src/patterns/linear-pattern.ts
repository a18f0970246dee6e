import { canonicalUnit, type Instruction, type Program, writeProgram } from './pattern-program.ts';
import { type Assertion, PatternFault, parsePattern, type Syntax, type UnitSet, WORD } from './pattern-syntax.ts';

/**
 * A pattern that costs one table look-up per UTF-16 code unit, whatever the text: it is a complete deterministic automaton, and
 * what would not become one of a bounded size is refused. Texts are searched anywhere; `^` and `$` are their ends, `.` is one
 * unit of a line, `\b` `\d` `\w` are ASCII, as in ECMA-262 without flags.
 */
export interface LinearPattern {
  test(text: string): boolean;
  readonly states: number;
}

/** Instructions looked at while the automaton is built: some 50 ms at worst. */
const BUILD_LIMIT = 250_000;
/** States × kinds of characters; four bytes each. */
const CELL_LIMIT = 100_000;
const UNITS = 0x10000;
const PAGE = 256;

/** Code units that no set of the program tells apart are of one kind. */
function kindsOfUnits(program: Program) {
  const sets: UnitSet[] = [];
  const indexOf = new Map<string, number>();
  const setAt = program.code.map((each) => {
    if (each.op !== 'set') return -1;
    const key = each.set.join();
    const known = indexOf.get(key);
    if (known !== undefined) return known;
    indexOf.set(key, sets.length);
    return sets.push(each.set) - 1;
  });
  const telling = program.code.some((each) => each.op === 'assert') ? [...sets, WORD] : sets;
  const edges = new Map<number, number[]>([[0, []]]);
  telling.forEach((set, index) => {
    for (let at = 0; at < set.length; at += 2)
      for (const edge of [set[at]!, set[at + 1]! + 1]) {
        const there = edges.get(edge);
        if (there === undefined) edges.set(edge, [index]);
        else there.push(index);
      }
  });
  const starts = [...edges.keys()].filter((edge) => edge < UNITS).sort((a, b) => a - b);
  const inside = new Set<number>();
  const kinds = new Map<string, number>();
  const members: ReadonlySet<number>[] = [];
  const kindAt = starts.map((start) => {
    for (const index of edges.get(start)!) if (!inside.delete(index)) inside.add(index);
    const key = [...inside].sort((a, b) => a - b).join();
    const known = kinds.get(key);
    if (known !== undefined) return known;
    kinds.set(key, members.length);
    return members.push(new Set(inside)) - 1;
  });
  // The last kind is the end of the text: in no set, and not of a word.
  members.push(new Set());
  return {
    starts,
    kindAt,
    setAt,
    members,
    setsOf: members.map((of) => Uint8Array.from(sets, (_, index) => (of.has(index) ? 1 : 0))),
    isWord: members.map((of) => of.has(sets.length)),
  };
}

type Kinds = ReturnType<typeof kindsOfUnits>;

const DEAD = 0;
const FOUND = 1;
const FIRST = 2;

/** What stood before: nothing yet, or a character that is or is not of a word. */
type Before = 'nothing' | 'other' | 'word';
type Holds = (what: Assertion) => boolean;

/** Subset construction: states are sets of places in the program, and what stood before them. Undefined: too many. */
function build(program: Program, kinds: Kinds): { table: Int32Array; start: number; states: number } | undefined {
  const { code, family, rank } = program;
  const width = kinds.members.length;
  const end = width - 1;
  const asserts = code.some((each) => each.op === 'assert');
  const mark = new Int32Array(code.length);
  const bestOf = new Map<number, number>();
  const todo: number[] = [];
  let stamp = 0;
  let steps = 0;

  /** Follows splits, and assertions where it is known what comes next. */
  function close(from: readonly number[], holds?: Holds): number[] {
    const out: number[] = [];
    stamp += 1;
    for (const each of from) todo.push(each);
    while (todo.length > 0) {
      const at = todo.pop()!;
      steps += 1;
      if (mark[at] === stamp) continue;
      mark[at] = stamp;
      const each = code[at]!;
      if (each.op === 'split') for (const next of each.nexts) todo.push(next);
      else if (each.op !== 'assert' || holds === undefined) out.push(at);
      else if (holds(each.what)) todo.push(each.next);
    }
    return out;
  }

  /** Without those of which another finds as much. */
  function best(places: number[]): number[] {
    bestOf.clear();
    for (const at of places) {
      if (family[at] === 0) continue;
      const other = bestOf.get(family[at]!);
      if (other === undefined || rank[at]! < rank[other]!) bestOf.set(family[at]!, at);
    }
    const kept = bestOf.size === 0 ? places : places.filter((at) => family[at] === 0 || bestOf.get(family[at]!) === at);
    return kept.sort((a, b) => a - b);
  }

  const states: { readonly places: readonly number[]; readonly before: Before }[] = [];
  const known = new Map<string, number>();
  function stateOf(places: number[], before: Before): number {
    if (places.some((at) => code[at]!.op === 'match')) return FOUND;
    const kept = best(before === 'nothing' ? places : places.filter((at) => !isStart(code[at]!)));
    if (kept.length === 0) return DEAD;
    const told = asserts ? before : 'other';
    const key = told + kept.join();
    let state = known.get(key);
    if (state === undefined) {
      state = states.push({ places: kept, before: told }) - 1 + FIRST;
      known.set(key, state);
    }
    return state;
  }

  const start = stateOf(close([program.start]), 'nothing');
  const rows: number[] = [];
  for (let index = 0; index < states.length; index += 1) {
    const { places, before } = states[index]!;
    for (let kind = 0; kind < width; kind += 1) {
      const isWord = kinds.isWord[kind]!;
      const reached = asserts
        ? close(places, (what) => {
            if (what === 'start') return before === 'nothing';
            if (what === 'end') return kind === end;
            return (isWord !== (before === 'word')) === (what === 'word');
          })
        : places;
      const nexts = [program.start];
      let found = false;
      for (const at of reached) {
        const each = code[at]!;
        if (each.op === 'match') found = true;
        else if (each.op === 'set' && kinds.setsOf[kind]![kinds.setAt[at]!] === 1) nexts.push(each.next);
      }
      steps += reached.length;
      rows.push(found ? FOUND : kind === end ? DEAD : stateOf(close(nexts), isWord ? 'word' : 'other'));
    }
    if (steps > BUILD_LIMIT || (states.length + FIRST) * width > CELL_LIMIT) return undefined;
  }

  const table = new Int32Array((states.length + FIRST) * width);
  rows.forEach((state, cell) => {
    table[FIRST * width + cell] = state * width;
  });
  return { table, start: start * width, states: states.length };
}

const isStart = (each: Instruction) => each.op === 'assert' && each.what === 'start';

function automaton(patterns: readonly Syntax[]): LinearPattern | undefined {
  const program = writeProgram(patterns);
  const kinds = kindsOfUnits(program);
  const built = build(program, kinds);
  if (built === undefined) return undefined;
  const { table, start } = built;
  const { ignoreCase } = program;
  const { starts, kindAt } = kinds;
  const width = kinds.members.length;
  const found = FOUND * width;
  const pages: (Uint16Array | undefined)[] = new Array(UNITS / PAGE).fill(undefined);

  function page(number: number): Uint16Array {
    const out = new Uint16Array(PAGE);
    for (let index = 0; index < PAGE; index += 1) {
      const unit = ignoreCase ? canonicalUnit(number * PAGE + index) : number * PAGE + index;
      let low = 0;
      let high = starts.length;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (starts[middle]! <= unit) low = middle;
        else high = middle;
      }
      out[index] = kindAt[low]!;
    }
    pages[number] = out;
    return out;
  }

  const latin = page(0);
  const kindOf = (unit: number): number => (pages[unit >> 8] ?? page(unit >> 8))[unit & 0xff]!;
  return {
    states: built.states,
    test(text) {
      const rows = table;
      const low = latin;
      const size = text.length;
      let state = start;
      for (let at = 0; at < size; at += 1) {
        if (state <= found) return state === found;
        const unit = text.charCodeAt(at);
        state = rows[state + (unit < PAGE ? low[unit]! : kindOf(unit))]!;
      }
      return state === found || (state !== DEAD && rows[state + width - 1] === found);
    },
  };
}

const TOO_MANY =
  'what it finds can be read in too many ways at once; write .* where the distance does not matter, or use smaller numbers in { }';

/**
 * The subset of regular expressions that is safe to write under pressure: literals, escapes, classes, `.`, `|`, groups (which
 * keep nothing), `^` `$` `\b`, `*` `+` `?` `{m,n}`, and `(?i)` at the beginning. A fault says what to write instead.
 */
export function compilePattern(source: string): LinearPattern | { readonly fault: string } {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const pattern = built(source);
  compiled.set(source, pattern);
  if (compiled.size > COMPILED_KEPT) compiled.delete(compiled.keys().next().value as string);
  return pattern;
}

/** Controls are checked with every message and compiled with every state; most of their patterns were there before. */
const COMPILED_KEPT = 200;
const compiled = new Map<string, LinearPattern | { readonly fault: string }>();

function built(source: string): LinearPattern | { readonly fault: string } {
  try {
    return automaton([parsePattern(source)]) ?? { fault: TOO_MANY };
  } catch (error) {
    if (error instanceof PatternFault) return { fault: error.message };
    throw error;
  }
}

/** Any of several patterns: in one pass where one automaton of a bounded size knows them all, else one after the other. */
export function compilePatterns(
  sources: readonly string[],
): LinearPattern | { readonly fault: string; readonly index: number } {
  const parsed: Syntax[] = [];
  const alone: LinearPattern[] = [];
  for (const [index, source] of sources.entries()) {
    const pattern = compilePattern(source);
    if ('fault' in pattern) return { ...pattern, index };
    alone.push(pattern);
    parsed.push(parsePattern(source));
  }
  const tests = [false, true].flatMap((ignoreCase) => {
    const mine = parsed.filter((each) => each.ignoreCase === ignoreCase);
    const together = mine.length > 1 ? unionOf(mine) : undefined;
    return together ?? alone.filter((_, index) => parsed[index]!.ignoreCase === ignoreCase);
  });
  return {
    states: tests.reduce((sum, { states }) => sum + states, 0),
    test: (text) => tests.some((pattern) => pattern.test(text)),
  };
}

function unionOf(patterns: readonly Syntax[]): LinearPattern | undefined {
  try {
    return automaton(patterns);
  } catch (error) {
    if (error instanceof PatternFault) return undefined;
    throw error;
  }
}

/** The pattern that finds exactly this text. */
export function literalPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
