import { describe, expect, it } from 'vitest';
import { channelsLine, clockWord, ruleWords, saidReasons, versionsOf } from './words.ts';

describe('candidates in words', () => {
  it('names channels, most first, in the right number', () => {
    expect(channelsLine({ 'output-filter': 1, feedback: 11 })).toBe('11 complaints, 1 answer our detectors flagged');
    expect(channelsLine({ feedback: 0 })).toBe('');
  });
  it('says the rules of our detectors in words, each once, and those of others as they are', () => {
    expect(ruleWords('claims@1 figure-not-in-source figure-not-in-source words-not-in-source')).toBe(
      'figure not in source, words not in source',
    );
    expect(ruleWords('looked at within 24 h')).toBe('looked at within 24 h');
    expect(ruleWords('claims@1')).toBe('claims@1');
  });
  it('says that a clock runs ahead and that something came late, and nothing of small differences', () => {
    const came = '2026-11-20T10:00:00.000Z';
    expect(clockWord('2026-11-23T10:00:00.000Z', came)?.says).toBe('its clock runs ahead; came in');
    expect(clockWord('2026-11-20T03:00:00.000Z', came)?.says).toBe('late; came in');
    expect(clockWord('2026-11-20T10:00:30.000Z', came)).toBeNull();
    expect(clockWord('2026-11-20T09:00:00.000Z', came)).toBeNull();
  });
  it('takes being first for no reason where there are others', () => {
    expect(saidReasons(['first signal'])).toEqual(['first signal']);
    expect(saidReasons(['3 s apart', 'first signal'])).toEqual(['3 s apart']);
  });
  it('says when versions were not captured instead of leaving them out', () => {
    expect(versionsOf({ prompt: [], model: [], index: [], tools: [] })).toBe('versions not captured');
    expect(versionsOf({ prompt: ['v41'], model: ['a', 'b', 'c', 'd'], index: [], tools: [] })).toBe(
      'prompt v41 · a, b, c and 1 more',
    );
  });
});
