import { describe, expect, it } from 'vitest';
import { ruleText, standingOf, valueText, wrongText } from './words.ts';

describe('words of measures', () => {
  it('names values with their unit', () => {
    expect(valueText({ kind: 'rate', unit: '' }, 0.0123)).toBe('1.23 %');
    expect(valueText({ kind: 'spread', unit: 's' }, 15.04)).toBe('15 s');
    expect(valueText({ kind: 'count', unit: '' }, 12_345)).toBe('12,300');
    expect(valueText({ kind: 'level', unit: '' }, null)).toBe('no data');
  });

  it.each([
    ['rate', { kind: 'rate', side: 'up', p0: null, p1: null, everyDays: 30 }, 'rises from what is usual'],
    [
      'spread',
      {
        kind: 'limit',
        side: 'above',
        share: 0.9,
        steps: [
          { limit: 15, severity: 1 },
          { limit: 7, severity: null },
        ],
        everyDays: 30,
      },
      'percentile 90 is above 15 s (Sev 1), 7 s',
    ],
    ['level', { kind: 'budget', limit: 100, per: 'day' }, 'passes 100 s in a day'],
    ['mix', { kind: 'shape', everyDays: 30 }, 'is spread otherwise than usual'],
    ['level', { kind: 'season', aspect: 'mean' }, 'is strange for this hour and day'],
    ['level', { kind: 'mean', aspect: 'mean', everyDays: 3 }, 'mean moves by a deviation'],
  ] as const)('says what a rule of a %s looks for', (kind, rule, text) => {
    expect(ruleText({ kind, unit: 's', rule: rule as never })).toBe(text);
  });

  it('says how often it is wrong, and takes the gravest state', () => {
    expect(wrongText(null)).toBe('a hard limit: never wrong');
    expect(wrongText(1)).toBe('wrong about once in a day');
    const state = (state: string) => ({ state }) as never;
    expect(standingOf([state('paused'), state('learning'), state('alarming')])).toBe('alarming');
    expect(standingOf([])).toBeNull();
  });
});
