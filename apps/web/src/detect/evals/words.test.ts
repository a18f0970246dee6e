import type { EvalComparison, EvalRun } from '@firebreak/contract/detect/evals';
import { describe, expect, it } from 'vitest';
import { sayComparison, sayCounts, sayDesign, sayMove, sayVerdict, standingOf } from './words.ts';

const comparison: EvalComparison = {
  pairs: 50,
  lost: ['a', 'b', 'c'],
  gained: [],
  left: 0,
  loss: 0.06,
  interval: { lower: -0.01, upper: 0.16 },
  test: 'mcnemar-mid-p',
  p: 0.125,
  exactP: 0.25,
  adjustedP: 0.125,
  suites: 1,
  tolerated: 0.05,
  verdict: 'inconclusive',
  needs: 310,
};
const run = (part: Partial<EvalRun>): EvalRun =>
  ({
    state: 'finished',
    comparison: null,
    alarm: false,
    kind: 'golden-set',
    counts: null,
    passRate: null,
    answered: 3,
    total: 9,
    ...part,
  }) as EvalRun;

describe('words of runs', () => {
  it('say what a comparison found and what it would take', () => {
    expect(sayComparison(comparison)).toBe(
      '3 cases lost and 0 gained of 50 compared (p = 0.125); the loss lies between -1 % and 16 %.',
    );
    expect(sayVerdict(comparison)).toContain('about 310 more cases');
    expect(sayComparison({ ...comparison, pairs: 0 })).toContain('nothing can be compared');
    expect(sayComparison({ ...comparison, adjustedP: 0.0001, suites: 3 })).toContain(
      'p < 0.001, adjusted for 3 suites',
    );
    expect(sayVerdict({ ...comparison, verdict: 'unchanged' })).toContain('below the 5 %');
  });
  it('name every way a run can end', () => {
    expect(standingOf(run({ state: 'running' })).word).toBe('running, 3 of 9');
    expect(standingOf(run({ state: 'could-not-run' })).tone).toBe('amber');
    expect(standingOf(run({ alarm: true }))).toEqual({ word: 'alarm', tone: 'ember' });
    expect(standingOf(run({})).word).toBe('first of its kind');
    expect(standingOf(run({ comparison })).word).toBe('inconclusive');
  });
  it('count with an interval', () => {
    const counts = { passed: 42, failed: 8, flaky: 1, unanswered: 2 };
    expect(sayCounts(run({ counts, passRate: { lower: 0.715, upper: 0.917 } }))).toBe(
      '42 of 50 passed (71.5 % to 91.7 %) · 1 flaky · 2 unanswered',
    );
  });
  it('give the alarm budget in days', () => {
    const design = {
      p0: 0.02,
      p1: 0.1,
      h: 8,
      observationsADay: 1_200,
      falseAlarmDays: 89.2,
      noticedHours: 1.83,
      measured: false,
    };
    expect(sayDesign(design)).toBe(
      'One false alarm in 89 days. A rise of newly failing cases from 2 % to 10 % is noticed after about 1.8 hours.',
    );
  });
  it('say how a case moved', () => {
    expect(sayMove({ before: 'passed', state: 'failed' })).toBe('lost');
    expect(sayMove({ before: 'failed', state: 'flaky' })).toBe('gained');
    expect(sayMove({ before: null, state: 'failed' })).toBeNull();
    expect(sayMove({ before: 'passed', state: 'unanswered' })).toBeNull();
  });
});
