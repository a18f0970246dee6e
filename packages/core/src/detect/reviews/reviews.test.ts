import { describe, expect, it } from 'vitest';
import { type Asked, addMs, instant, type Recorded } from '../../kernel/index.ts';
import type { FeedbackKind } from '../signals/index.ts';
import {
  decideReview,
  dueAt,
  foldPromises,
  foldReview,
  missReview,
  mixedShapes,
  type Reviewed,
  releaseReview,
  setPromise,
  shapeOf,
  takeReview,
  urgencyOf,
} from './index.ts';

const NOW = instant('2026-11-20T10:00:00Z');
const ana: Asked = { at: NOW, by: { kind: 'person', id: 'usr_ana' } };
const theo: Asked = { at: NOW, by: { kind: 'person', id: 'usr_theo' } };
const about: Reviewed = { feedback: 'fbk_1', system: 'bot', kind: 'comment', receivedAt: NOW };
const decision = { ...about, as: 'confirmed', reason: 'true', incident: null, dueAt: dueAt(NOW, 24) } as const;
const recorded = (type: string, data: object, { at, by }: Asked = ana) =>
  ({ type, data, at, by, seq: 1, version: 1, stream: 'fbk_1' }) as Recorded;
const later = (asked: Asked, minutes: number): Asked => ({ ...asked, at: addMs(asked.at, minutes * 60_000) });

describe('urgency', () => {
  it.each([
    ['thumbs-up', null, null],
    ['comment', 'Thanks, that helped!', null],
    ['thumbs-down', null, 'bare'],
    ['thumbs-down', 'It says one device only', 'said'],
    ['comment', 'Since when do I pay for calls?', 'said'],
    ['ticket', 'Wrong price', 'ticket'],
    ['abuse', null, 'danger'],
    ['thumbs-down', 'It showed me another customer’s address and I call my lawyer', 'danger'],
    ['comment', 'Das ist Betrug', 'danger'],
  ] as const)('of %s “%s” is %s', (kind, text, urgency) => {
    expect(urgencyOf({ kind: kind as FeedbackKind, text })).toBe(urgency);
  });
  it.each([
    ['yes', 'It told me to take both pills', 'danger'],
    ['unsure', 'It told me to take both pills', 'ticket'],
    ['no', 'It told me to take both pills', 'ticket'],
    ['no', 'It told me to hurt him', 'danger'],
  ] as const)('of a public report that says harm: %s, “%s”, is %s', (harm, text, urgency) => {
    const report = { harm, product: null, link: null, when: null };
    expect(urgencyOf({ kind: 'outside-report', text, report })).toBe(urgency);
  });
});

describe('shape', () => {
  const of = (text: string | null, feature: string | null = null) => shapeOf({ kind: 'comment', text, feature });
  it('is one for what is said alike, and another for what is not', () => {
    expect(of('It charged me $12.50 for calling!')).toBe(of('it charged me $3 for calling'));
    expect(of('It charged me for calling')).not.toBe(of('It insulted me'));
    expect(of(null)).not.toBe(of(null, 'answers'));
    expect(of('word '.repeat(5_000)).length).toBeLessThanOrEqual(300);
    const item = { system: 'bot', shape: of('a fee') };
    expect(mixedShapes([item, item])).toBe(false);
    expect(mixedShapes([item, { ...item, system: 'other' }])).toBe(true);
  });
});

describe('a review', () => {
  const none = foldReview([]);
  const taken = foldReview([recorded('review.taken', about)]);

  it('is held by who took it, for half an hour', () => {
    expect(takeReview(none, about, ana)).toMatchObject([{ type: 'review.taken' }]);
    expect(takeReview(taken, about, ana)).toEqual([]);
    expect(takeReview(taken, about, theo)).toMatchObject({ refused: 'review.taken' });
    expect(decideReview(taken, decision, theo)).toMatchObject({ refused: 'review.taken' });
    expect(takeReview(taken, about, later(theo, 30))).toMatchObject([{ type: 'review.taken' }]);
    expect(releaseReview(taken, { feedback: 'fbk_1' }, theo)).toMatchObject({ refused: 'review.taken' });
    expect(releaseReview(taken, { feedback: 'fbk_1' }, ana)).toMatchObject([{ type: 'review.released' }]);
    expect(releaseReview(none, { feedback: 'fbk_1' }, ana)).toEqual([]);
    expect(foldReview([recorded('review.taken', about), recorded('review.released', {})]).taken).toBeNull();
  });

  it('is decided once, with a reason, in time or late', () => {
    expect(decideReview(none, decision, ana)).toMatchObject([{ type: 'review.decided' }]);
    expect(decideReview(none, { ...decision, as: 'incident' }, ana)).toMatchObject({
      refused: 'review.incident-missing',
    });
    const inTime = foldReview([recorded('review.decided', decision, later(ana, 24 * 60))]);
    expect(inTime.decided).toMatchObject({ as: 'confirmed', reason: 'true', inTime: true });
    const late = foldReview([recorded('review.decided', decision, later(ana, 24 * 60 + 1))]);
    expect(late.decided?.inTime).toBe(false);
    expect(decideReview(late, decision, ana)).toEqual([]);
    expect(decideReview(late, decision, theo)).toMatchObject({ refused: 'review.decided' });
    expect(takeReview(late, about, ana)).toMatchObject({ refused: 'review.decided' });
  });

  it('is missed once, and not after it was decided', () => {
    const want = { ...about, promisedHours: 24 };
    expect(missReview(none, want)).toMatchObject([{ type: 'review.overdue' }]);
    expect(missReview(foldReview([recorded('review.overdue', want)]), want)).toEqual([]);
    expect(missReview(foldReview([recorded('review.decided', decision)]), want)).toEqual([]);
  });

  it('is promised by system, and the last word holds', () => {
    expect(setPromise(new Map(), { system: 'bot', hours: 24 })).toEqual([]);
    expect(setPromise(new Map(), { system: 'bot', hours: 4 })).toMatchObject([{ type: 'review-promise.set' }]);
    const set = (hours: number) => recorded('review-promise.set', { system: 'bot', hours });
    const promises = foldPromises([set(4), set(8)]);
    expect(promises.get('bot')).toBe(8);
    expect(setPromise(promises, { system: 'bot', hours: 8 })).toEqual([]);
  });
});
