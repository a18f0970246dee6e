/** A pattern that is matched in time linear in the text, whatever it says. */
export interface Pattern {
  /** Whether it stands anywhere in the text. */
  test(text: string): boolean;
}

type Test = (code: number) => boolean;
type Node =
  | { readonly kind: 'one'; readonly test: Test }
  | { readonly kind: 'at'; readonly at: 'start' | 'end' | 'edge' | 'inside' }
  | { readonly kind: 'all'; readonly of: readonly Node[] }
  | { readonly kind: 'any'; readonly of: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number };

/** Longest pattern, in characters, and most states it may unfold into. */
export const PATTERN_LIMITS = { characters: 500, states: 600 } as const;

class Unreadable extends Error {}

const digit: Test = (c) => c >= 48 && c <= 57;
const wordly: Test = (c) => digit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
const blank: Test = (c) => c === 32 || (c >= 9 && c <= 13) || c === 160 || c === 0x2028 || c === 0x2029 || c === 0xfeff;
const not =
  (test: Test): Test =>
  (c) =>
    !test(c);
const CLASSES: Readonly<Record<string, Test>> = {
  d: digit,
  D: not(digit),
  w: wordly,
  W: not(wordly),
  s: blank,
  S: not(blank),
};
const CONTROL: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };

class Reader {
  #at = 0;
  constructor(
    private readonly source: string,
    private readonly folds: boolean,
  ) {}

  read(): Node {
    const node = this.#choice(0);
    if (this.#at < this.source.length) throw new Unreadable(`the bracket at character ${this.#at + 1} closes nothing`);
    return node;
  }

  #choice(depth: number): Node {
    if (depth > 20) throw new Unreadable('it nests deeper than 20 brackets');
    const branches = [this.#sequence(depth)];
    while (this.source[this.#at] === '|') {
      this.#at++;
      branches.push(this.#sequence(depth));
    }
    return branches.length === 1 ? branches[0]! : { kind: 'any', of: branches };
  }

  #sequence(depth: number): Node {
    const parts: Node[] = [];
    while (this.#at < this.source.length && !'|)'.includes(this.source[this.#at]!)) parts.push(this.#repeated(depth));
    return { kind: 'all', of: parts };
  }

  #repeated(depth: number): Node {
    let node = this.#atom(depth);
    for (let rounds = 0; ; rounds++) {
      const [least, most] = this.#times() ?? [1, 1];
      if (least === 1 && most === 1) return node;
      if (rounds > 0) throw new Unreadable(`two repetitions follow each other at character ${this.#at}`);
      if (this.source[this.#at] === '?') this.#at++;
      node = { kind: 'repeat', of: node, least, most };
    }
  }

  #times(): readonly [number, number] | null {
    const sign = this.source[this.#at];
    if (sign === '*' || sign === '+' || sign === '?') {
      this.#at++;
      return sign === '*' ? [0, Number.POSITIVE_INFINITY] : sign === '+' ? [1, Number.POSITIVE_INFINITY] : [0, 1];
    }
    const counted = /^\{(\d{1,3})(?:(,)(\d{0,3}))?\}/.exec(this.source.slice(this.#at, this.#at + 12));
    if (counted === null) return null;
    this.#at += counted[0].length;
    const least = Number(counted[1]);
    const most = counted[2] === undefined ? least : counted[3] === '' ? Number.POSITIVE_INFINITY : Number(counted[3]);
    if (most < least) throw new Unreadable(`{${least},${most}} ends before it begins`);
    return [least, most];
  }

  #one(code: number): Node {
    if (!this.folds) return { kind: 'one', test: (c) => c === code };
    const [low, high] = [String.fromCharCode(code).toLowerCase(), String.fromCharCode(code).toUpperCase()];
    return { kind: 'one', test: (c) => c === low.charCodeAt(0) || c === high.charCodeAt(0) };
  }

  #atom(depth: number): Node {
    const sign = this.source[this.#at++]!;
    if (sign === '.') return { kind: 'one', test: (c) => c !== 10 && c !== 13 };
    if (sign === '^') return { kind: 'at', at: 'start' };
    if (sign === '$') return { kind: 'at', at: 'end' };
    if (sign === '(') return this.#group(depth);
    if (sign === '[') return { kind: 'one', test: this.#set() };
    if (sign === '*' || sign === '+' || sign === '?')
      throw new Unreadable(`“${sign}” at character ${this.#at} repeats nothing`);
    if (sign === '\\') return this.#escaped();
    return this.#one(sign.charCodeAt(0));
  }

  #group(depth: number): Node {
    if (this.source.startsWith('?:', this.#at)) this.#at += 2;
    else if (this.source[this.#at] === '?')
      throw new Unreadable('looking ahead or behind and named groups are not matched in linear time and are not read');
    const node = this.#choice(depth + 1);
    if (this.source[this.#at++] !== ')') throw new Unreadable('a bracket is not closed');
    return node;
  }

  #escaped(): Node {
    const sign = this.source[this.#at++];
    if (sign === undefined) throw new Unreadable('it ends in the middle of an escape');
    if (sign === 'b') return { kind: 'at', at: 'edge' };
    if (sign === 'B') return { kind: 'at', at: 'inside' };
    if (/[1-9]/.test(sign)) throw new Unreadable('it refers back to a group, which is not matched in linear time');
    const group = CLASSES[sign];
    return group === undefined ? this.#one(this.#code(sign)) : { kind: 'one', test: group };
  }

  /** The character an escape stands for; its first sign is read already. */
  #code(sign: string): number {
    const length = sign === 'x' ? 2 : sign === 'u' ? 4 : 0;
    if (length > 0) {
      const digits = this.source.slice(this.#at, this.#at + length);
      if (!new RegExp(`^[0-9a-f]{${length}}$`, 'i').test(digits))
        throw new Unreadable(`\\${sign} needs ${length} hexadecimal digits`);
      this.#at += length;
      return Number.parseInt(digits, 16);
    }
    return CONTROL[sign] ?? sign.charCodeAt(0);
  }

  #set(): Test {
    const negated = this.source[this.#at] === '^';
    if (negated) this.#at++;
    const tests: Test[] = [];
    for (let first = true; ; first = false) {
      const sign = this.source[this.#at];
      if (sign === undefined) throw new Unreadable('a “[” is not closed');
      if (sign === ']' && !first) break;
      const low = this.#member();
      if (typeof low !== 'number') {
        tests.push(low);
        continue;
      }
      let high = low;
      if (this.source[this.#at] === '-' && (this.source[this.#at + 1] ?? ']') !== ']') {
        this.#at++;
        const end = this.#member();
        if (typeof end !== 'number' || end < low) throw new Unreadable('a range in “[…]” ends before it begins');
        high = end;
      }
      tests.push(this.#range(low, high));
    }
    this.#at++;
    const any: Test = (c) => tests.some((test) => test(c));
    return negated ? not(any) : any;
  }

  #member(): number | Test {
    const sign = this.source[this.#at++]!;
    if (sign !== '\\') return sign.charCodeAt(0);
    const next = this.source[this.#at++];
    if (next === undefined) throw new Unreadable('it ends in the middle of an escape');
    return CLASSES[next] ?? (next === 'b' ? 8 : this.#code(next));
  }

  #range(low: number, high: number): Test {
    if (!this.folds) return (c) => c >= low && c <= high;
    return (c) => {
      if (c >= low && c <= high) return true;
      const other = String.fromCharCode(c);
      const [a, b] = [other.toLowerCase().charCodeAt(0), other.toUpperCase().charCodeAt(0)];
      return (a >= low && a <= high) || (b >= low && b <= high);
    };
  }
}

/** What a state does, and where it leads: −1 is the end of the pattern. */
interface State {
  readonly test: Test | null;
  readonly at: 'start' | 'end' | 'edge' | 'inside' | null;
  readonly next: number[];
}

function unfold(root: Node): State[] {
  const states: State[] = [];
  const add = (state: State): number => {
    if (states.length >= PATTERN_LIMITS.states)
      throw new Unreadable(`it unfolds into more than ${PATTERN_LIMITS.states} states; use smaller repetitions`);
    return states.push(state) - 1;
  };
  /** Builds backwards: answers where a part begins whose end leads to `then`. */
  const build = (node: Node, then: number): number => {
    if (node.kind === 'one') return add({ test: node.test, at: null, next: [then] });
    if (node.kind === 'at') return add({ test: null, at: node.at, next: [then] });
    if (node.kind === 'all') return node.of.reduceRight((to, part) => build(part, to), then);
    if (node.kind === 'any') return add({ test: null, at: null, next: node.of.map((part) => build(part, then)) });
    let to = then;
    if (node.most === Number.POSITIVE_INFINITY) {
      const loop = add({ test: null, at: null, next: [then] });
      states[loop]!.next.push(build(node.of, loop));
      to = loop;
    } else
      for (let i = node.least; i < node.most; i++) to = add({ test: null, at: null, next: [build(node.of, to), then] });
    for (let i = 0; i < node.least; i++) to = build(node.of, to);
    return to;
  };
  const start = build(root, -1);
  add({ test: null, at: null, next: [start] });
  return states;
}

/**
 * Reads a pattern in the part of ECMAScript's notation that can be matched in linear time: no look-around, no references
 * back. Answers a sentence where it cannot be read. States are followed side by side (Thompson 1968), so a match costs at
 * most states × characters.
 */
export function readPattern(source: string, folds = true): Pattern | { readonly unreadable: string } {
  if (source === '') return { unreadable: 'it is empty' };
  if (source.length > PATTERN_LIMITS.characters)
    return { unreadable: `it is longer than ${PATTERN_LIMITS.characters} characters` };
  let states: State[];
  try {
    states = unfold(new Reader(source, folds).read());
  } catch (error) {
    if (error instanceof Unreadable) return { unreadable: error.message };
    throw error;
  }
  const start = states.length - 1;
  return {
    test(text) {
      let now: number[] = [];
      const seen = new Int32Array(states.length).fill(-1);
      for (let i = 0; i <= text.length; i++) {
        const code = i < text.length ? text.charCodeAt(i) : -1;
        const edge = (i > 0 && wordly(text.charCodeAt(i - 1))) !== (code !== -1 && wordly(code));
        const next: number[] = [];
        const stack = [...now, start];
        while (stack.length > 0) {
          const id = stack.pop()!;
          if (id === -1) return true;
          if (seen[id] === i) continue;
          seen[id] = i;
          const { test, at, next: to } = states[id]!;
          if (test !== null) {
            if (code !== -1 && test(code)) next.push(...to);
            continue;
          }
          const holds =
            at === null ||
            (at === 'start' && i === 0) ||
            (at === 'end' && i === text.length) ||
            (at === 'edge' && edge) ||
            (at === 'inside' && !edge);
          if (holds) stack.push(...to);
        }
        now = next;
      }
      return false;
    },
  };
}
