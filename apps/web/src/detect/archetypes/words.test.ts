import { describe, expect, it } from 'vitest';
import { type Suggested, suggestedCall, suggestedReasons, suggestedWords } from './words.ts';

const suggestion = (of: Partial<Suggested['suggestion']>, found: Suggested['found'] = null): Suggested => ({
  found,
  suggestion: { verdict: 'named', archetype: 'quality-drift', confidence: 0.62, others: [], because: [], ...of },
});

describe('a suggested archetype in words', () => {
  it.each([
    [suggestion({}), 'Quality drift', '62 % sure'],
    [suggestion({}, 'data-exfiltration'), 'Data exfiltration', 'as our detectors say'],
    [suggestion({ verdict: 'outside', archetype: null }), 'Outside our archetypes', '62 % sure'],
    [suggestion({ verdict: 'unsure' }), 'Not sure, perhaps quality drift', '62 % sure'],
    [suggestion({ verdict: 'unsure', archetype: null, confidence: 0 }), 'Not sure', 'too few words tell'],
  ])('%#', (given, says, how) => {
    expect(suggestedWords(given)).toEqual({ says, how });
  });

  it.each([
    [suggestion({}), 'quality-drift'],
    [suggestion({}, 'data-exfiltration'), 'data-exfiltration'],
    [suggestion({ verdict: 'unsure' }, 'data-exfiltration'), 'data-exfiltration'],
    [suggestion({ verdict: 'outside', archetype: null }), 'outside'],
    [suggestion({ verdict: 'unsure' }), null],
  ])('offers to call it what it is sure of, %#', (given, call) => {
    expect(suggestedCall(given)).toBe(call);
  });

  it('names the words that weighed, what else is possible, and where the words differ from the detectors', () => {
    const because = [
      { word: 'update', weight: 0.6 },
      { word: 'worse', weight: 0.4 },
    ];
    const others = [{ archetype: 'vendor-outage', confidence: 0.2 }] as const;
    expect(suggestedReasons(suggestion({ because, others }, 'data-exfiltration'))).toEqual([
      'The words alone would say quality drift.',
      'The words “update”, “worse” weighed most.',
      'Also possible: vendor outage.',
    ]);
    expect(suggestedReasons(suggestion({}))).toEqual([]);
  });
});
