import { describe, expect, it } from 'vitest';
import { instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import {
  decideHeld,
  foldHeld,
  type HeldAnswer,
  type HeldFact,
  type HeldId,
  holdAnswer,
  lapseHeld,
  MOST_WAITING,
  type Submitted,
} from './index.ts';

const held = 'hda_1' as HeldId;
const NOW = instant('2026-11-28T10:00:00.000Z');
const answer: Submitted = {
  system: 'bot',
  instance: 'bot-1',
  feature: 'refunds',
  hold: 'hld_1',
  queue: '',
  question: 'May I return it?',
  text: 'Within 90 days.',
  tool: null,
  arguments: null,
};
const call: Submitted = { ...answer, text: null, tool: 'refund', arguments: '{"amount":40}' };

const by = { kind: 'person', id: 'per_1' } as const;
const after = (submitted: Submitted, ...more: HeldFact[]): HeldAnswer => {
  const first = holdAnswer(held, submitted, 0);
  if (isRefusal(first)) throw new Error(first.refused);
  return foldHeld(
    [...first, ...more].map((fact, i) => ({ ...fact, seq: i + 1, stream: held, at: NOW, by }) as unknown as Recorded),
  )!;
};
const decided = (as: 'approved' | 'edited' | 'declined', text: string | null = null, reason: string | null = null) => ({
  as,
  text,
  reason,
});
const fact = (as: 'approved' | 'edited' | 'declined', text: string | null = null): HeldFact => ({
  type: 'answer.decided',
  data: { held, as, text, reason: null },
});

describe('an answer that waits for a person', () => {
  it.each([
    ['nothing to look at', { ...answer, text: null }, 0, 'held-answer.empty'],
    ['too many that wait', answer, MOST_WAITING, 'held-answer.full'],
  ])('is not taken: %s', (_, submitted, waiting, code) => {
    expect(holdAnswer(held, submitted, waiting)).toMatchObject({ refused: code });
  });

  it.each([
    ['approved', decided('approved'), { state: 'approved', instead: null }],
    ['declined', decided('declined', null, 'invented'), { state: 'declined', reason: 'invented' }],
    ['edited', decided('edited', 'Within 30 days.'), { state: 'edited', instead: 'Within 30 days.' }],
    ['approved, and a text beside it means nothing', decided('approved', 'x'), { state: 'approved', instead: null }],
  ])('is %s', (_, decision, state) => {
    const facts = decideHeld(after(answer), decision);
    if (isRefusal(facts)) throw new Error(facts.refused);
    expect(after(answer, ...facts)).toMatchObject(state);
  });

  it.each([
    ['there is none', undefined, decided('approved'), 'held-answer.unknown'],
    ['somebody did already', after(answer, fact('declined')), decided('approved'), 'held-answer.decided'],
    [
      'nobody waits any more',
      after(answer, { type: 'answer.lapsed', data: { held } }),
      decided('approved'),
      'held-answer.decided',
    ],
    ['a call has no words', after(call), decided('edited', 'x'), 'held-answer.cannot-edit'],
    ['it is not said what instead', after(answer), decided('edited', '  '), 'held-answer.cannot-edit'],
  ])('cannot be decided: %s', (_, before, decision, code) => {
    expect(decideHeld(before, decision)).toMatchObject({ refused: code });
  });

  it('lapses a minute after the application stopped asking, once, and never when it is decided', () => {
    const at = (seconds: number) => instant(new Date(Date.parse(NOW) + seconds * 1_000).toISOString());
    expect(lapseHeld(after(answer), NOW, at(59))).toEqual([]);
    expect(lapseHeld(after(answer), NOW, at(60))).toMatchObject([{ type: 'answer.lapsed' }]);
    expect(lapseHeld(after(answer, fact('approved')), NOW, at(600))).toEqual([]);
    expect(after(answer, { type: 'answer.lapsed', data: { held } })).toMatchObject({ state: 'timed-out' });
  });
});
