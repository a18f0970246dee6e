import { describe, expect, it } from 'vitest';
import { instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import {
  answerReport,
  foldAnswer,
  foldForm,
  networksOf,
  plainLine,
  plainText,
  type ReportForm,
  referenceOf,
  refinedReference,
  saidIn,
  setForm,
  stateOfReport,
  USUAL_FORM,
  wordsKey,
} from './index.ts';

const AT = instant('2026-11-28T10:00:00Z');
const fact = (type: string, data: object): Recorded =>
  ({ type, data, at: AT, by: { kind: 'person', id: 'usr_ana' }, seq: 1, version: 1, stream: 'fbk_1' }) as never;

describe('the network somebody is counted by', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9', '203.0.113.0/24'],
    ['::ffff:203.0.113.9', '203.0.113.9', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['::1', '0:0:0:0::/64', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
    ['1::2::3', '1::2::3', '1::2::3'],
    ['1:2:3', '1:2:3', '1:2:3'],
    ['x'.repeat(100), 'x'.repeat(64), 'x'.repeat(64)],
  ])('of %s is %s in %s', (address, own, around) => {
    expect(networksOf(address)).toEqual([own, around]);
  });
});

describe('a text of a stranger', () => {
  it('loses what controls, turns or hides, and nothing else', () => {
    expect(plainText('a\u0000b\u0007\u202ec\u2066d\u200be\ufefff\u{e0041}')).toBe('abcdef');
    expect(plainText(' one\r\ntwo\rthree\n\n\n\nfour\tfive ')).toBe('one\ntwo\nthree\n\nfour\tfive');
    const kept = 'Ähm, 你好, مرحبا, 👩‍👩‍👧 <b>&amp;</b> “x”';
    expect(plainText(kept)).toBe(kept);
    expect(plainLine('one\n two\t\u202ethree')).toBe('one two three');
  });
  it('is one text with the quote, and one key for the same words', () => {
    const words = { what: 'It lied', quote: null, product: null, link: null, when: null, harm: 'no' } as const;
    expect(saidIn(words)).toBe('It lied');
    expect(saidIn({ what: 'It lied', quote: 'One device' })).toBe('It lied\n\nIt answered: “One device”');
    expect(wordsKey({ ...words })).toBe(wordsKey(words));
    const others = [
      { what: 'It' },
      { quote: 'q' },
      { product: 'q' },
      { link: 'q' },
      { when: 'q' },
      { harm: 'yes' as const },
    ];
    expect(new Set([words, ...others.map((part) => ({ ...words, ...part }))].map(wordsKey)).size).toBe(7);
  });
});

describe('a reference', () => {
  it('is read back however it was typed, and nothing else is one', () => {
    let seed = 7;
    const dice = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % 256;
    };
    for (let round = 0; round < 200; round++) {
      const reference = referenceOf(Uint8Array.from({ length: 20 }, dice));
      expect(reference).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/);
      const kept = refinedReference(reference);
      expect(kept).toBe(reference.replaceAll('-', ''));
      const typed = ` ${reference.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}\n`;
      expect(refinedReference(typed)).toBe(kept);
    }
    for (const bad of ['', 'x', 'U'.repeat(20), '0'.repeat(19), '0'.repeat(21), '0'.repeat(100_000)])
      expect(refinedReference(bad)).toBeNull();
    expect(() => referenceOf(new Uint8Array(19))).toThrow(RangeError);
  });
});

describe('the public form', () => {
  const form: ReportForm = {
    on: true,
    names: [{ name: 'Chat', system: 'bot', feature: null }],
    intro: 'Tell us.',
    organisation: '',
  };
  const held = foldForm([fact('report-form.set', form)]);
  it('is on and shows nothing until somebody says otherwise', () => {
    expect(foldForm([])).toEqual({ on: true, names: [], intro: '', organisation: '' });
    expect(setForm(USUAL_FORM, USUAL_FORM)).toEqual([]);
    expect(setForm(USUAL_FORM, form)).toEqual([{ type: 'report-form.set', data: form }]);
    expect(setForm(held, { ...form })).toEqual([]);
    expect(setForm(held, { ...form, on: false })).toHaveLength(1);
  });
  it('has each name once', () => {
    const names = [...form.names, { name: 'CHAT', system: 'other', feature: null }];
    const refused = setForm(held, { ...form, names });
    expect(isRefusal(refused) && [refused.refused, refused.pointer]).toEqual(['report.name-twice', '/names/1/name']);
  });
});

describe('how far a report is', () => {
  const about = { feedback: 'fbk_1', system: 'bot', kind: 'outside-report', receivedAt: AT };
  const taken = fact('review.taken', about);
  const decided = fact('review.decided', { ...about, as: 'confirmed', reason: 'r', incident: null, dueAt: AT });
  const answer = fact('report.answered', { feedback: 'fbk_1', text: 'Fixed.' });
  it.each([
    ['received', []],
    ['looked-at', [taken]],
    ['received', [taken, fact('review.released', { feedback: 'fbk_1' })]],
    ['looked-at', [taken, decided]],
    ['answered', [answer]],
    ['answered', [taken, decided, answer]],
    // Its words were erased.
    ['looked-at', [taken, fact('report.answered', { feedback: 'fbk_1' })]],
  ] as const)('is %s', (state, facts) => {
    expect(stateOfReport(facts)).toBe(state);
  });
  it('takes the last answer, and the same one once', () => {
    expect(answerReport(null, { feedback: 'fbk_1', text: 'Fixed.' })).toHaveLength(1);
    expect(answerReport(foldAnswer([answer]), { feedback: 'fbk_1', text: 'Fixed.' })).toEqual([]);
    const corrected = fact('report.answered', { feedback: 'fbk_1', text: 'Fixed today.' });
    expect(foldAnswer([answer, corrected])).toEqual({ text: 'Fixed today.', at: AT });
  });
});
