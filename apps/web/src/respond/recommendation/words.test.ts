import { describe, expect, it } from 'vitest';
import { aboutOf, amountOf, madeOf, meetsWords, orderTitle, takenWords } from './words.ts';

describe('the words of a recommendation', () => {
  it('says what it meets, and what nobody knows', () => {
    expect(meetsWords({ perHour: 412, goodPerHour: 400, unsaidPerHour: 0, share: 0.42 })).toBe(
      'Meets 412 requests an hour, 42 % of the traffic; 400 of them looked benign.',
    );
    expect(meetsWords({ perHour: 0, goodPerHour: 0, unsaidPerHour: 30, share: 0 })).toContain('depends on what guards');
    expect(meetsWords({ perHour: 0, goodPerHour: 0, unsaidPerHour: 0, share: 0 })).toContain(
      'nothing in the last hour',
    );
    expect(meetsWords(null)).toContain('not known');
  });
  it('opens what a figure is made of', () => {
    const weighed = { loss: 2_000, cost: null, needless: 100, prevented: 0.7, breakEven: null, says: '', unknown: [] };
    expect(madeOf(weighed)).toBe('(cost ? + if needless 100) ÷ (loss 2,000 × prevented 0.7 + if needless 100)');
  });
  it('names orders, and what was taken before', () => {
    expect(orderTitle({ says: 'disable answers', title: 'Stop' })).toBe('Disable answers');
    expect(orderTitle({ says: null, title: 'Stop' })).toBe('Stop');
    const taken = [
      { lever: 'stop', times: 3 },
      { lever: 'pause', times: 1 },
    ] as const;
    expect(takenWords([...taken], (lever) => lever)).toBe('stop 3 times, pause once');
  });
  it.each([
    ['cnd_1', { candidate: 'cnd_1' }],
    ['INC-2026-0001', { incident: 'INC-2026-0001' }],
    ['inc_1', { incident: 'inc_1' }],
    ['support-bot', { system: 'support-bot' }],
  ])('knows what %s is', (named, about) => expect(aboutOf(named)).toEqual(about));
  it.each([
    ['', null],
    ['1,000', 1_000],
    ['0', 0],
    ['-3', null],
    ['much', null],
  ])('reads %j as an amount', (text, amount) => expect(amountOf(text)).toBe(amount));
});
