import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentStems,
  cosine,
  dice3,
  entropy,
  Frequencies,
  foldedWords,
  fromBase64,
  originalSpan,
  plain,
  Ranking,
  readable,
  sentences,
  stem,
  template,
  terms,
  utf8,
  vectorOf,
  words,
} from './index.ts';

describe('sentences', () => {
  it('keeps decimals, abbreviations and addresses whole, and gives places that fit', () => {
    const text = 'It costs $9.99, e.g. for one month. See https://a.example/x.y! Really?\n- second line';
    const found = sentences(text);
    expect(found.map((s) => s.text)).toEqual([
      'It costs $9.99, e.g. for one month.',
      'See https://a.example/x.y!',
      'Really?',
      'second line',
    ]);
    for (const s of found) expect(text.slice(s.start, s.end)).toBe(s.text);
  });

  it('gives back every word whatever it is fed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'grapheme' }), (text) => {
        const found = sentences(text);
        for (const s of found) expect(text.slice(s.start, s.end)).toBe(s.text);
        expect(found.flatMap((s) => s.text.match(/\w/g) ?? []).length).toBe((text.match(/\w/g) ?? []).length);
      }),
    );
  });
});

describe('words', () => {
  it('finds in plain text what a pattern over all letters finds', () => {
    const unit = fc.constantFrom('a', 'B', '7', "'", '.', '_', '-', ' ', '\n', '!', '@');
    const pattern = /[\p{L}\p{N}]+(?:['’._-][\p{L}\p{N}]+)*/gu;
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        const found = [...text.matchAll(pattern)].map(({ 0: word, index }) => [word, index, index + word.length]);
        expect(words(text).map((w) => [w.text, w.start, w.end])).toEqual(found);
        expect(foldedWords(text)).toEqual(words(text).map(({ folded }) => folded));
        expect(foldedWords(text, 2)).toEqual(words(text, 2).map(({ folded }) => folded));
        expect(foldedWords(`${text}ä`)).toEqual(words(`${text}ä`).map(({ folded }) => folded));
      }),
    );
  });
});

describe('template', () => {
  it('masks what varies, so that two occurrences read alike', () => {
    const a = template('Order 4711 of ana@shop.example failed at 2026-11-20T10:00:00Z, paid $12.50');
    expect(a).toBe(template('order 9 of bob.k@other.example failed at 2026-11-21T11:02:03.5Z, paid $7'));
    expect(a).toBe('order <n> of <email> failed at <date>, paid <money>');
    expect(template('trace 9f86d081884c7d65 was added')).toBe('trace <hex> was added');
    expect(template('the added facade')).toBe('the added facade');
  });
});

describe('likeness', () => {
  it('compares by 3-grams as published for neighbouring host names', () => {
    expect(dice3('clst1sql4', 'clst1sql5')).toBeCloseTo(0.857, 3);
    expect(dice3('', '')).toBe(0);
  });

  it('holds rare words heavier than common ones', () => {
    const among = new Frequencies();
    for (let i = 0; i < 20; i++) among.add(terms('the subscription of the customer'));
    among.add(terms('device limit'));
    const v = (text: string) => vectorOf(terms(text), among);
    expect(cosine(v('subscription device'), v('device'))).toBeGreaterThan(
      cosine(v('subscription device'), v('subscription')),
    );
    expect(cosine(v('device'), v('device'))).toBeCloseTo(1);
  });

  it('stems alike what means alike', () => {
    expect(stem('devices')).toBe(stem('device'));
    expect(stem('policies')).toBe(stem('policy'));
    expect(stem('refunded')).toBe(stem('refund'));
    expect(contentStems('You can cancel your subscriptions')).toEqual([stem('cancel'), stem('subscription')]);
  });

  it('ranks the document that says it above the one that only mentions it', () => {
    const ranking = new Ranking([['refund', 'day'], ['refund', 'device', 'limit'], ['hello']]);
    const [a, b, c] = ranking.scores(['device', 'limit']) as [number, number, number];
    expect(b).toBeGreaterThan(a);
    expect(c).toBe(0);
  });
});

describe('plain', () => {
  it('drops what cannot be seen, and finds the way back', () => {
    const original = 'se\u200bcret ﬁle\u{e0041}!';
    const it = plain(original);
    expect(it.text).toBe('secret file!');
    expect(it.hidden).toBe(2);
    const at = it.text.indexOf('file');
    const span = originalSpan(it, at, at + 4);
    expect(original.slice(span.start, span.end)).toBe('ﬁle\u{e0041}');
  });

  it('has one place for every character, in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (original) => {
        const { text, offsets } = plain(original);
        if (offsets === null) {
          expect(text).toBe(original);
          return;
        }
        expect(offsets.length).toBe(text.length + 1);
        for (let i = 1; i < offsets.length; i++) expect(offsets[i]).toBeGreaterThanOrEqual(offsets[i - 1]!);
      }),
    );
  });
});

describe('encodings', () => {
  it('reads base64, base64url and UTF-8 as the platform does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(fromBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
        expect(fromBase64(Buffer.from(bytes).toString('base64url'))).toEqual(bytes);
        expect(utf8(bytes)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
      }),
    );
    expect(fromBase64('a')).toBeNull();
    expect(fromBase64('ab*d')).toBeNull();
    expect(readable(Uint8Array.of(1, 2, 3, 4))).toBeNull();
  });

  it('measures surprise', () => {
    expect(entropy('aaaa')).toBe(0);
    expect(entropy('abcd')).toBe(2);
  });
});
