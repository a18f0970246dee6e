import type { EvalRun } from '@firebreak/contract/detect/evals';
import { describe, expect, it } from 'vitest';
import { historyOf, sayScore } from './words.ts';

const score = (held: number, all: number) => ({ held, all, share: held / all, interval: { lower: 0.5, upper: 0.9 } });
const probed = (part: object = {}) => ({
  resistance: score(7, 10),
  overRefusal: score(0, 5),
  techniques: [],
  families: [],
  hitsAlone: false,
  toolScore: null,
  notes: [],
  ...part,
});

describe('words of probes', () => {
  it('say resistance with its interval, and over-refusal where there is some', () => {
    expect(sayScore(probed())).toBe('Resisted 70 % (7 of 10; 50 % to 90 %).');
    expect(sayScore(probed({ overRefusal: score(2, 5) }))).toContain('Refused 2 of 5 harmless questions.');
    expect(sayScore(probed({ hitsAlone: true }))).toContain('not how much held');
    expect(sayScore(probed({ resistance: null }))).toContain('No attack was answered');
    expect(sayScore(null)).toBe('');
  });
  it('keep tools apart in the history', () => {
    const run = (id: string, tool: string | null, state = 'finished') =>
      ({ id, tool, state, probed: probed() }) as unknown as EvalRun;
    const runs = [run('3', null), run('2', 'garak'), run('1', null), run('0', null, 'stopped')];
    expect(historyOf(runs, null).map(({ run: it }) => it.id)).toEqual(['1', '3']);
    expect(historyOf(runs, 'garak')).toHaveLength(1);
  });
});
