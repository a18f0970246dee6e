import { describe, expect, it } from 'vitest';
import { channelsLine, saidReasons, versionsOf } from './words.ts';

describe('candidates in words', () => {
  it('names channels, most first, in the right number', () => {
    expect(channelsLine({ 'output-filter': 1, feedback: 11 })).toBe('11 complaints, 1 answer our detectors flagged');
    expect(channelsLine({ feedback: 0 })).toBe('');
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
