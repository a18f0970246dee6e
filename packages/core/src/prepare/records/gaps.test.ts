import { describe, expect, it } from 'vitest';
import { addMs, instant } from '../../kernel/index.ts';
import { gapsBefore, type Span } from './index.ts';

const ZERO = instant('2026-11-01T00:00:00Z');
const at = (ms: number) => addMs(ZERO, ms);
const span = (from: number, to: number): Span => ({ from: at(from), to: at(to) });

describe('what may be deleted between what is kept', () => {
  it('is everything before where nothing is kept, and nothing where all of it is', () => {
    expect(gapsBefore([], at(10))).toEqual([{ from: null, until: at(10) }]);
    expect(gapsBefore([span(2, 30)], at(10))).toEqual([{ from: null, until: at(2) }]);
    expect(gapsBefore([span(12, 30)], at(10))).toEqual([{ from: null, until: at(10) }]);
  });

  it('is every moment before that lies in no span, once', () => {
    let seed = 7;
    const dice = (sides: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % sides;
    };
    for (let round = 0; round < 500; round++) {
      const spans = Array.from({ length: dice(6) }, () => {
        const from = dice(40);
        return span(from, from + dice(12));
      });
      const before = at(dice(50));
      const gaps = gapsBefore(spans, before);
      for (let ms = -1; ms < 60; ms++) {
        const kept = spans.some(({ from, to }) => from <= at(ms) && at(ms) <= to);
        const inside = gaps.filter(({ from, until }) => (from === null || from <= at(ms)) && at(ms) < until);
        expect({ ms, spans, before, found: inside.length }).toEqual({
          ms,
          spans,
          before,
          found: !kept && at(ms) < before ? 1 : 0,
        });
      }
    }
  });
});
