import { READINESS, TEST_OUTCOMES } from '@firebreak/core/respond/control-tests';
import { expect, it } from 'vitest';
import { effectWords, outcomeWords, readyWords } from './words.ts';

it('has a word for every state, and never calls ready what is not', () => {
  for (const state of READINESS) expect(readyWords({ state }).word.startsWith('ready')).toBe(state === 'ready');
  for (const outcome of TEST_OUTCOMES) expect(outcomeWords(outcome).tone === 'moss').toBe(outcome === 'passed');
  expect(outcomeWords(null).word).toBe('running');
});

it('says how fast, and by how many tests', () => {
  expect(effectWords(null)).toBeNull();
  expect(effectWords({ medianMs: 24, worstMs: 24, tests: 1 })).toBe('in effect after 24 ms, by one test');
  expect(effectWords({ medianMs: 24, worstMs: 31, tests: 3 })).toBe(
    'in effect after 24 ms, at worst 31 ms, by the last 3 tests',
  );
});
