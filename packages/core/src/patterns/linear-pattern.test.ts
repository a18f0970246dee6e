import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, compilePatterns, type LinearPattern, literalPattern } from './linear-pattern.ts';

function compiled(source: string): LinearPattern {
  const pattern = compilePattern(source);
  if ('fault' in pattern) throw new Error(`${source}: ${pattern.fault}`);
  return pattern;
}
const fault = (source: string) => {
  const pattern = compilePattern(source);
  return 'fault' in pattern ? pattern.fault : undefined;
};

const LETTERS = ['a', 'b', 'A', 'k', 'é', 'É', 'ſ', 'ß', 'σ', 'ς', 'µ', '_', '1', ' ', '-', '\n', '\u2028', '\u212a'];
const letter = fc.constantFrom(...LETTERS);
const atom = fc.oneof(
  { weight: 4, arbitrary: letter.map((each) => each.replace('-', '\\-')) },
  fc.constantFrom('.', '\\d', '\\w', '\\s', '\\D', '\\W', '\\S', '\\x61', '\\u00e9', '\\n'),
  fc.constantFrom(
    '[ab]',
    '[^ab]',
    '[a-k]',
    '[^A-É]',
    '[\\d_]',
    '[^\\w]',
    '[à-ſ]',
    '[a\\-]',
    '[^\\Wa]',
    '[-b]',
    '[\\b1]',
  ),
);
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}', '{1,3}', '{2,}', '*?', '+?', '{1,2}?');
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(atom, quantifier).map(([what, times]) => what + times),
    fc.constantFrom('^', '$', '\\b', '\\B'),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => one + other),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, other]) => `(${one}|${other})`),
    fc
      .tuple(tie('pattern'), quantifier, fc.constantFrom('(', '(?:'))
      .map(([what, times, open]) => `${open}${what})${times}`),
  ),
}));
const text = fc.array(letter, { maxLength: 9 }).map((each) => each.join(''));

describe('a pattern in linear time', () => {
  it('finds what the regular expressions of JavaScript find', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.boolean(),
        fc.array(text, { minLength: 1, maxLength: 12 }),
        (source, ignoreCase, texts) => {
          const written = (ignoreCase ? '(?i)' : '') + source;
          fc.pre(!/too many ways/.test(fault(written) ?? ''));
          const mine = compiled(written);
          const theirs = new RegExp(source, ignoreCase ? 'i' : '');
          for (const each of ['', ...texts]) expect([each, mine.test(each)]).toEqual([each, theirs.test(each)]);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('finds several at once as it finds each', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('', '(?i)'), pattern), { minLength: 1, maxLength: 5 }),
        fc.array(text, { minLength: 1, maxLength: 12 }),
        (written, texts) => {
          const sources = written.map(([flag, source]) => flag + source);
          const all = compilePatterns(sources);
          if ('fault' in all) throw new Error(all.fault);
          for (const each of texts) expect(all.test(each)).toBe(sources.some((source) => compiled(source).test(each)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes a text literally when told to', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), text, (sought, around) => {
        const found = compiled(literalPattern(sought));
        expect(found.test(around + sought + around)).toBe(true);
        expect(found.test(around)).toBe(around.includes(sought));
      }),
    );
  });

  it('takes a character beyond U+FFFF as one', () => {
    expect(compiled('^(a😀+b|🚀{2})$').test('a😀😀b')).toBe(true);
    expect(compiled('^(a😀+b|🚀{2})$').test('🚀🚀')).toBe(true);
    expect(compiled('😀').test('😁')).toBe(false);
  });

  it('is built once, however often it is asked for', () => {
    expect(compilePattern('once{1,3}')).toBe(compilePattern('once{1,3}'));
    for (let index = 0; index < 300; index += 1) compilePattern(`other ${index}`);
    expect(compiled('once{1,3}').test('onceee')).toBe(true);
  });

  it('sees an anchor only at the ends of the text, and words by their letters', () => {
    const pin = compiled('^\\d{4}$');
    expect(['1234', ' 1234', '1234\n', '12345'].map((each) => pin.test(each))).toEqual([true, false, false, false]);
    expect(compiled('(?i)\\bbomb\\b').test('a Bomb, they said')).toBe(true);
    expect(compiled('(?i)\\bbomb\\b').test('bombastic')).toBe(false);
  });
});

describe('what stops other engines', () => {
  it('is refused when its automaton would be too large, before much was built', () => {
    for (const source of ['a.{20}b', '(a|b)*a(a|b){25}', 'q[^x]{30}y'])
      expect([source, fault(source)]).toEqual([source, expect.stringMatching(/too many ways/)]);
  });

  it('is refused when it repeats too much, even where it repeats nothing', () => {
    expect(fault('(a{1,100}){1,100}')).toMatch(/repeats too much/);
    expect(fault('((((()){900}){900}){900}){900}')).toMatch(/repeats too much/);
    expect(fault('a{1001}')).toMatch(/at most 1000 times/);
    expect(fault('('.repeat(60) + ')'.repeat(60))).toMatch(/50 deep/);
    expect(fault('a'.repeat(1_001))).toMatch(/at most 1000 characters/);
  });

  it('still tests several whose union would be too large', () => {
    const sources = Array.from({ length: 12 }, (_, index) => `${String.fromCharCode(97 + index)}x.*y.*z${index}`);
    const all = compilePatterns(sources);
    if ('fault' in all) throw new Error(all.fault);
    expect(all.test('..ex...y..z4')).toBe(true);
    expect(all.test('..ex...y..z5')).toBe(false);
  });
});

describe('a fault says what to write instead', () => {
  it.each([
    ['', /write what/],
    ['(a)\\1', /back-references \(\\1\).*write the text out/],
    ['\\k<a>', /back-references/],
    ['a(?=b)', /ahead or behind.*a pattern for each/],
    ['(?<!a)b', /ahead or behind/],
    ['(?<name>a)', /no names here; write \( … \)/],
    ['(?P<name>a)', /no names here/],
    ['(?s)a', /only \(\?:…\), and \(\?i\)/],
    ['a(?i)b', /at the very beginning/],
    ['\\p{L}', /list the characters/],
    ['\\q', /\\q means nothing here; write q/],
    ['\\Aabc', /write \^/],
    ['abc\\', /write \\\\/],
    ['\\x4', /needs 2 hexadecimal/],
    ['[a', /write \\\[/],
    ['[]', /write \\\]/],
    ['[z-a]', /wrong way round/],
    ['[\\w-z]', /write \\-/],
    ['[[:alpha:]]', /a-zA-Z/],
    ['[😀]', /write \(…\|…\)/],
    ['(a', /write \\\(/],
    ['a)', /write \\\)/],
    ['*a', /\* repeats nothing/],
    ['a**', /repeats nothing/],
    ['a{3,1}', /wrong way round/],
    ['^*', /cannot be repeated/],
  ])('%s', (source, why) => {
    expect(fault(source)).toMatch(why);
  });

  it('names the pattern at fault among several', () => {
    expect(compilePatterns(['a', '(b', 'c'])).toMatchObject({ index: 1 });
  });
});
