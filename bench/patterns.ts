import { compilePattern } from '@firebreak/core/respond/containment';
import { patternVectors } from '../conformance/patterns.ts';
import type { BenchRow } from './row.ts';

const SIZE = 100_000;
const ROUNDS = 15;

/** What sends engines that backtrack into the woods, and plain prose, cut to 100,000 characters. */
const TEXTS = ['a', 'x', 'aaaaab ', ', ', 'a@', 'the quick brown fox jumps over 13 lazy dogs. '].map((piece) =>
  // As it comes out of a request.
  String(JSON.parse(JSON.stringify(piece.repeat(Math.ceil(SIZE / piece.length)).slice(0, SIZE)))),
);

/** The fastest of many rounds: what it costs, without what others do on the machine meanwhile. */
function milliseconds(run: () => unknown): number {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    run();
    rounds.push(performance.now() - began);
  }
  return Math.min(...rounds);
}

/** What a pattern costs that a responder wrote, at its worst. */
export async function run(): Promise<BenchRow[]> {
  let worst = { ms: 0, pattern: '' };
  let building = { ms: 0, pattern: '' };
  for (const pattern of patternVectors.catastrophic) {
    const compiled = compilePattern(pattern);
    if ('fault' in compiled) throw new Error(`${pattern} was refused`);
    for (const text of TEXTS) {
      const ms = milliseconds(() => compiled.test(text));
      if (ms > worst.ms) worst = { ms, pattern };
    }
  }
  for (const pattern of [...patternVectors.catastrophic, ...patternVectors.refused.map((each) => each.pattern)]) {
    // Each time another one, so that each is built.
    let nth = 0;
    const ms = milliseconds(() => compilePattern(`${pattern}|round${nth++}`));
    if (ms > building.ms) building = { ms, pattern };
  }
  const bomb = /^(a+)+$/;
  const began = performance.now();
  bomb.test(`${'a'.repeat(24)}!`);
  const theirs = performance.now() - began;
  return [
    {
      name: 'a pattern on 100 kB, the worst of the catastrophic ones',
      value: worst.ms,
      unit: 'ms',
      bar: '≤ 1 ms',
      pass: worst.ms <= 1,
      beside: [{ name: 'V8, ^(a+)+$ on 25 characters', value: theirs }],
      note: worst.pattern,
    },
    {
      name: 'compiling a pattern, or refusing it, at worst',
      value: building.ms,
      unit: 'ms',
      bar: '≤ 100 ms',
      pass: building.ms <= 100,
      note: building.pattern,
    },
  ];
}
