import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPattern } from './index.ts';

const matches = (source: string, text: string): boolean => {
  const it = readPattern(source);
  if ('unreadable' in it) throw new Error(it.unreadable);
  return it.test(text);
};

describe('a linear pattern', () => {
  it.each([
    ['refund', 'No Refunds today'],
    ['^within \\d{1,3} days$', 'Within 90 days'],
    ['\\b(30|60)[ -]days?\\b', 'a 30-day limit'],
    ['a(?:b|cd)*e', 'xacdbcde'],
    ['[^a-z ]{3}', 'abc 1.5'],
    ['colou?r', 'color'],
    ['\\u20ac\\s?\\d+', 'it costs €12'],
    ['(a|b|)c', 'c'],
    ['x{2,}', 'axxx'],
  ])('%s stands in “%s”', (source, text) => expect(matches(source, text)).toBe(true));

  it.each([
    ['^refund', 'no refund'],
    ['\\bfree\\b', 'freedom'],
    ['\\d{4}', 'in 123 days'],
    ['a.c', 'a\nc'],
    ['[^\\w]', 'abc'],
  ])('%s stands not in “%s”', (source, text) => expect(matches(source, text)).toBe(false));

  it.each([
    ['', 'empty'],
    ['a(b', 'not closed'],
    ['a)', 'closes nothing'],
    ['(?=a)', 'linear time'],
    ['(a)\\1', 'refers back'],
    ['*a', 'repeats nothing'],
    ['a{3,2}', 'ends before'],
    ['[z-a]', 'ends before'],
    ['((a{50}){50}){50}', 'more than 600 states'],
    ['a'.repeat(501), 'longer than 500'],
    ['a**', 'two repetitions'],
    ['('.repeat(30), 'nests deeper'],
    ['a\\', 'middle of an escape'],
    ['\\x1', 'hexadecimal'],
  ])('%s cannot be read: %s', (source, why) => {
    const it = readPattern(source);
    expect('unreadable' in it ? it.unreadable : 'read').toContain(why);
  });

  it('agrees with the engine of the language on what both can read', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '\\d',
      '\\b',
      '(?:ab|c)',
      '(a|)',
      'a*',
      'b+',
      'c?',
      '(?:ab){1,2}',
    );
    fc.assert(
      fc.property(
        fc.array(atom, { minLength: 1, maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ', 'A'), maxLength: 12 }),
        (parts, text) => {
          const source = parts.join('');
          expect(matches(source, text)).toBe(new RegExp(source, 'i').test(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not explode where a backtracking engine does', () => {
    expect(matches('^(?:a+)+$', `${'a'.repeat(20_000)}b`)).toBe(false);
  });
});
