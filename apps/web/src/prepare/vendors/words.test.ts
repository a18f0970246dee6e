import { describe, expect, it } from 'vitest';
import { answerTime, gapLine, sayGap } from './words.ts';

describe('words of vendors', () => {
  it.each([
    [30, '30 min'],
    [90, '90 min'],
    [240, '4 h'],
    [2_880, '2 d'],
  ])('says %i minutes as %s', (minutes, words) => expect(answerTime(minutes)).toBe(words));

  it('counts gaps by what they are', () => {
    expect(
      gapLine([
        { kind: 'no-contact' },
        { kind: 'duty', duty: 'logging', why: 'nobody' },
        { kind: 'duty', duty: 'detection', why: 'unsaid' },
        { kind: 'unanswered', question: 'region' },
        { kind: 'stale', question: 'logging' },
        { kind: 'not-enough', question: 'kill-switch' },
      ]),
    ).toEqual(['nobody to call', '2 duties open', '2 questions open', '1 answer not enough']);
    expect(gapLine([])).toEqual([]);
  });

  it('names the duty and the question of a gap', () => {
    expect(sayGap({ kind: 'duty', duty: 'logging', why: 'unsaid' }, [])).toBe('Keeping the record: not talked about.');
    const question = { id: 'q', text: 'Where is it?', why: '', incident: null, addedAt: null };
    expect(sayGap({ kind: 'stale', question: 'q' }, [question])).toBe('To be asked again: Where is it?');
    expect(sayGap({ kind: 'unanswered', question: 'gone' }, [question])).toBe('Not answered: gone');
  });
});
