import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../kernel/index.ts';
import { keepText, type Print, printsOf, removeText, verbatimOf } from './index.ts';

const digest = (text: string) => {
  let h = 0;
  for (const c of text) h = (Math.imul(h, 31) + c.charCodeAt(0)) | 0;
  return `d${(h >>> 0).toString(36)}-${text.length.toString(36)}`;
};
/** Words that never repeat. */
const text = (from: number, n: number) => Array.from({ length: n }, (_, i) => `word${from + i}`).join(' ');
const held = new Set(printsOf(text(0, 600), digest).map(({ print }) => print));
const verbatim = (answer: string) => verbatimOf(printsOf(answer, digest), held);

describe('an answer against a protected text', () => {
  it.each([
    ['all of it', text(0, 600), true],
    ['a piece of a hundred words', text(137, 100), true],
    ['a piece among other words', `${text(9_000, 40)} ${text(200, 110)} ${text(9_900, 40)}`, true],
    ['in capitals, with other signs between', text(100, 110).toUpperCase().replaceAll(' ', ', '), true],
    ['forty words', text(100, 40), false],
    ['forty words and forty others of it', `${text(100, 40)} ${text(9_000, 5)} ${text(300, 40)}`, false],
    [
      'every second word',
      text(0, 600)
        .split(' ')
        .filter((_, i) => i % 2 === 0)
        .join(' '),
      false,
    ],
    ['another text', text(5_000, 600), false],
    ['nothing', '', false],
  ])('%s', (_, answer, wants) => {
    expect(verbatim(answer) !== null).toBe(wants);
  });

  it('finds every run of 100 words wherever it stands, and says no more than there is', () => {
    fc.assert(
      fc.property(fc.nat(470), fc.integer({ min: 100, max: 130 }), fc.nat(60), (from, n, before) => {
        const said = verbatim(`${text(9_000, before)} ${text(from, n)} ${text(9_500, 30)}`);
        expect(said).not.toBeNull();
        expect(said!).toBeLessThanOrEqual(n);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps about one print in thirteen words, and none of the words', () => {
    const prints: Print[] = printsOf(text(0, 2_600), digest);
    expect(prints.length).toBeGreaterThan(120);
    expect(prints.length).toBeLessThan(400);
    expect(JSON.stringify(prints)).not.toContain('word1');
  });
});

it('is kept once, within bounds, and removed once', () => {
  const want = { text: 'ptx_1', system: 'bot', name: 'x', prints: ['a', 'b'] } as const;
  expect(keepText(null, want, 0)).toHaveLength(1);
  expect(keepText(null, want, 100)).toMatchObject({ refused: 'protected-text.too-many' });
  expect(keepText(null, { ...want, prints: ['a'] }, 0)).toMatchObject({ refused: 'protected-text.too-short' });
  const kept = { id: 'ptx_1', system: 'bot', name: 'x', prints: [], keptAt: 'x', removed: false } as never;
  expect(keepText(kept, want, 0)).toEqual([]);
  expect(isRefusal(removeText(kept))).toBe(false);
  expect(removeText(null)).toMatchObject({ refused: 'protected-text.unknown' });
});
