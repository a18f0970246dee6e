import { expect, it } from 'vitest';
import { hiddenFilters, recordSearch } from './search.ts';

it('reads what it understands and leaves out the rest', () => {
  expect(recordSearch({ system: ' bot ', text: '', score: '0.8', with: 'error', tool: 7, page: 'x' })).toEqual({
    system: 'bot',
    score: 0.8,
    with: 'error',
    tool: '7',
  });
  expect(recordSearch({ score: 'high', with: 'magic', subject: {} })).toEqual({});
  expect(recordSearch({ score: '4.5', scoreTo: 0, evaluation: 'Relevance', with: 'failed' })).toEqual({
    score: 4.5,
    scoreTo: 0,
    evaluation: 'Relevance',
    with: 'failed',
  });
  const versions = { index: 'i-7', tools: 't-3', fingerprint: 'fp_4f2' };
  expect(recordSearch(versions)).toEqual(versions);
  expect(recordSearch({ text: 'x'.repeat(500) }).text).toHaveLength(200);
});

it('counts the filters that are out of sight', () => {
  expect(hiddenFilters({ system: 'bot', text: 'x', open: 'int_1' })).toBe(0);
  expect(hiddenFilters({ system: 'bot', tool: 'refund', score: 0.5 })).toBe(2);
});
