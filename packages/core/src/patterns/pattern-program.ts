import {
  type Assertion,
  complement,
  type Node,
  PatternFault,
  type Syntax,
  type UnitSet,
  union,
} from './pattern-syntax.ts';

/** Instructions of one automaton; a pattern of more repeats too much. */
const PROGRAM_LIMIT = 2_000;
/** Nodes visited while writing them: empty groups repeated in each other write nothing, for a long time. */
const VISIT_LIMIT = 20_000;

export type Instruction =
  | { readonly op: 'set'; readonly set: UnitSet; readonly next: number }
  | { readonly op: 'split'; readonly nexts: number[] }
  | { readonly op: 'assert'; readonly what: Assertion; readonly next: number }
  | { readonly op: 'match' };

/** Thompson's automaton (Communications of the ACM 11(6), 1968) of one or several patterns. */
export interface Program {
  readonly code: readonly Instruction[];
  readonly start: number;
  readonly ignoreCase: boolean;
  /**
   * The same place in different turns of one repetition: of those with the same family, one finds all that the others
   * find, the one with the lowest rank. `family` 0: none.
   */
  readonly family: readonly number[];
  readonly rank: readonly number[];
}

/** Canonicalize of ECMA-262 without the `u` flag: the simple capital, which for what is not ASCII is never ASCII. */
export function canonicalUnit(unit: number): number {
  if (unit < 0x80) return unit >= 0x61 && unit <= 0x7a ? unit - 0x20 : unit;
  const capital = String.fromCharCode(unit).toUpperCase();
  const code = capital.charCodeAt(0);
  return capital.length === 1 && code >= 0x80 ? code : unit;
}

/** Where the Basic Multilingual Plane has letters with two cases. */
const CASED = [0x61, 0x3000, 0xa640, 0xac00, 0xff41, 0xff5b];
let variants: readonly (readonly [number, number])[] | undefined;

function caseVariants(): readonly (readonly [number, number])[] {
  if (variants !== undefined) return variants;
  const found: [number, number][] = [];
  for (let at = 0; at < CASED.length; at += 2)
    for (let unit = CASED[at]!; unit < CASED[at + 1]!; unit += 1) {
      const canonical = canonicalUnit(unit);
      if (canonical !== unit) found.push([unit, canonical]);
    }
  variants = found;
  return found;
}

const within = (set: UnitSet, unit: number): boolean => {
  for (let at = 0; at < set.length; at += 2) if (unit <= set[at + 1]!) return unit >= set[at]!;
  return false;
};

/** With the canonical form of every unit in it; texts are compared in that form. */
function folded(set: UnitSet): UnitSet {
  if (set.length === 2 && set[0] === set[1]) {
    const unit = canonicalUnit(set[0]!);
    return [unit, unit];
  }
  const more = [...set];
  for (const [unit, canonical] of caseVariants()) if (within(set, unit)) more.push(canonical, canonical);
  return union(more);
}

/** @throws PatternFault when it grows too large. */
export function writeProgram(patterns: readonly Syntax[]): Program {
  const code: Instruction[] = [];
  const family: number[] = [];
  const rank: number[] = [];
  const { ignoreCase } = patterns[0]!;
  const foldedOf = new Map<UnitSet, UnitSet>();
  let families = 1;
  let visits = 0;

  function put(instruction: Instruction): number {
    if (code.length >= PROGRAM_LIMIT) throw new PatternFault('it repeats too much; use smaller numbers in { }');
    family.push(0);
    rank.push(0);
    return code.push(instruction) - 1;
  }

  /** Copies of a body that lead into each other, the last written first; `into` says where each leads. */
  function copies(
    body: Node,
    count: number,
    next: number,
    into: (copy: number) => number,
    rankOf: (nth: number) => number,
  ) {
    const froms: number[] = [];
    let size = 0;
    let entry = next;
    for (let nth = 0; nth < count; nth += 1) {
      froms.push(code.length);
      entry = into(write(body, entry));
      size = code.length - froms[nth]!;
    }
    froms.forEach((from, nth) => {
      for (let offset = 0; offset < size; offset += 1) {
        if (family[from + offset] !== 0) continue;
        family[from + offset] = families + offset;
        rank[from + offset] = rankOf(nth);
      }
    });
    families += size;
    return entry;
  }

  function repeat(body: Node, min: number, max: number, next: number): number {
    if (max !== Number.POSITIVE_INFINITY) {
      // Of optional turns, the one with the most turns left finds all that the others find.
      const optional = copies(
        body,
        max - min,
        next,
        (copy) => put({ op: 'split', nexts: [copy, next] }),
        (nth) => -nth,
      );
      return mandatory(body, min, optional);
    }
    const loop: number[] = [];
    const split = put({ op: 'split', nexts: loop });
    loop.push(write(body, split), next);
    // Of turns that must be taken, the one with the fewest left; the endless loop itself is the last of them.
    return copies(
      body,
      min,
      split,
      (copy) => copy,
      (nth) => nth,
    );
  }

  function mandatory(body: Node, count: number, next: number): number {
    let entry = next;
    for (let nth = 0; nth < count; nth += 1) entry = write(body, entry);
    return entry;
  }

  /** Writes what finds `node` and then goes on at `next`; gives where to begin. */
  function write(node: Node, next: number): number {
    visits += 1;
    if (visits > VISIT_LIMIT) throw new PatternFault('it repeats too much; use smaller numbers in { }');
    switch (node.kind) {
      case 'set': {
        const set = ignoreCase ? (foldedOf.get(node.set) ?? folded(node.set)) : node.set;
        foldedOf.set(node.set, set);
        return put({ op: 'set', set: node.negated === true ? complement(set) : set, next });
      }
      case 'assert':
        return put({ op: 'assert', what: node.what, next });
      case 'sequence':
        return node.parts.reduceRight((entry, part) => write(part, entry), next);
      case 'choice':
        return put({ op: 'split', nexts: node.parts.map((part) => write(part, next)) });
      case 'repeat':
        return repeat(node.body, node.min, node.max, next);
    }
  }

  const match = put({ op: 'match' });
  const starts = patterns.map(({ node }) => write(node, match));
  const start = starts.length === 1 ? starts[0]! : put({ op: 'split', nexts: starts });
  return { code, start, ignoreCase, family, rank };
}
