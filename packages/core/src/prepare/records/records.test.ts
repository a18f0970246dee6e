import { describe, expect, it } from 'vitest';
import { type Asked, type Decision, instant, isRefusal, type Recorded, type Refusal } from '../../kernel/index.ts';
import {
  foldRecords,
  isHeld,
  liftLegalHold,
  placeLegalHold,
  RECORD_LIMITS,
  type RecordFact,
  ruleRecords,
} from './index.ts';

const AT = instant('2026-11-28T10:00:00Z');
const asked = (id: string): Asked => ({ at: AT, by: { kind: 'person', id } });
const then = (
  facts: readonly Recorded[],
  made: Decision<RecordFact> | Refusal,
  who = 'usr_ana',
): readonly Recorded[] => {
  if (isRefusal(made)) throw new Error(made.why);
  return [...facts, ...(made.map((fact) => ({ ...fact, at: AT, by: asked(who).by })) as unknown as Recorded[])];
};
const rule = {
  system: 'bot',
  keptDays: 90,
  takesOut: ['EMAIL_ADDRESS', 'secret'] as const,
  sentShare: 0.1,
  reason: 'law',
};

describe('how records are kept', () => {
  it('is what was said last, and saying it again changes nothing', () => {
    const facts = then([], ruleRecords(null, rule));
    const state = foldRecords(facts)!;
    expect(state).toMatchObject({
      keptDays: 90,
      takesOut: ['secret', 'EMAIL_ADDRESS'],
      sentShare: 0.1,
      legalHolds: [],
    });
    expect(ruleRecords(state, { ...rule, reason: 'again' })).toEqual([]);
    expect(ruleRecords(state, { ...rule, takesOut: ['secret'] })).toHaveLength(1);
    expect(ruleRecords(null, { ...rule, keptDays: null, takesOut: [], sentShare: null })).toEqual([]);
  });

  it('is nothing deleted while any legal hold lies on them', () => {
    let facts = then([], placeLegalHold(null, { system: 'bot', hold: 'lgh_1', reason: 'claim', matter: 'A-7' }));
    facts = then(
      facts,
      placeLegalHold(foldRecords(facts), { system: 'bot', hold: 'lgh_2', reason: 'audit', matter: '' }),
    );
    expect(placeLegalHold(foldRecords(facts), { system: 'bot', hold: 'lgh_2', reason: 'x', matter: '' })).toEqual([]);
    facts = then(
      facts,
      liftLegalHold(foldRecords(facts), { hold: 'lgh_1', reason: 'settled' }, asked('usr_bo')),
      'usr_bo',
    );
    expect(isHeld(foldRecords(facts)!)).toBe(true);
    facts = then(
      facts,
      liftLegalHold(foldRecords(facts), { hold: 'lgh_2', reason: 'over' }, asked('usr_bo')),
      'usr_bo',
    );
    expect(isHeld(foldRecords(facts)!)).toBe(false);
    expect(foldRecords(facts)!.legalHolds[0]).toMatchObject({ lifted: { reason: 'settled', by: { id: 'usr_bo' } } });
    // A rule said in between keeps the holds.
    facts = then(facts, ruleRecords(foldRecords(facts), rule));
    expect(foldRecords(facts)!.legalHolds).toHaveLength(2);
  });

  it('is not let go by whoever placed the hold, nor is a hold that is not there', () => {
    const facts = then([], placeLegalHold(null, { system: 'bot', hold: 'lgh_1', reason: 'claim', matter: '' }));
    const lift = (hold: `lgh_${string}`, who: string) =>
      liftLegalHold(foldRecords(facts), { hold, reason: 'x' }, asked(who));
    expect(lift('lgh_1', 'usr_ana')).toMatchObject({ refused: 'records.same-person' });
    expect(lift('lgh_9', 'usr_bo')).toMatchObject({ refused: 'records.unknown-hold' });
    let many: readonly Recorded[] = [];
    for (let i = 0; i < RECORD_LIMITS.legalHolds; i++)
      many = then(
        many,
        placeLegalHold(foldRecords(many), { system: 'bot', hold: `lgh_${i}`, reason: 'r', matter: '' }),
      );
    expect(placeLegalHold(foldRecords(many), { system: 'bot', hold: 'lgh_x', reason: 'r', matter: '' })).toMatchObject({
      refused: 'records.too-many-holds',
    });
  });
});
