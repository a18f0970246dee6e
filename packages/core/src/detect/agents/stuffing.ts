import type { Finding } from '../detectors/index.ts';

/** So many times the median of what the session handed to the model before, and so much at least. */
const TIMES = 5;
const LEAST_TOKENS = 2_000;
const AFTER = 3;
const MOST = 20;

/** Tokens the questions of one session handed to the model, newest last. */
export type Handed = readonly number[];

/**
 * Holds what a question hands to the model against the questions of its session before: more than five times their median is
 * weak. Two in a row are told once.
 */
export function checkHanded(
  given: number,
  before: Handed,
): { readonly finding: Finding | null; readonly after: Handed } {
  const after = [...before, given].slice(-MOST);
  if (given < LEAST_TOKENS || before.length < AFTER) return { finding: null, after };
  const sorted = [...before].sort((a, b) => a - b);
  const bound = TIMES * sorted[Math.floor(sorted.length / 2)]!;
  if (given <= bound || before.at(-1)! > bound) return { finding: null, after };
  return {
    finding: {
      detector: 'context-size',
      version: '1',
      kind: 'context-stuffed',
      archetype: 'prompt-injection',
      evidenceClass: 'weak',
      score: 0.5,
      spans: [],
      rules: ['five-times-median'],
      explain: `The model was handed ${given} tokens, more than ${TIMES} times what is usual in this session.`,
      same: 'context-stuffed',
    },
    after,
  };
}
