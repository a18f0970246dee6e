import { describe, expect, it } from 'vitest';
import { assess, type Prediction } from './index.ts';

const row = (i: number, part: Partial<Prediction> = {}): Prediction => ({
  score: (i % 100) / 100,
  positive: i % 100 >= 50,
  actual: i % 100 >= 50,
  holdout: false,
  groups: { sex: i % 2 ? 'f' : 'm' },
  features: { income: i % 1_000, region: i % 3 ? 'north' : 'south' },
  ...part,
});
const rows = (n: number, of: (i: number) => Partial<Prediction> = () => ({})) =>
  Array.from({ length: n }, (_, i) => row(i, of(i)));

describe('an assessment', () => {
  it('finds nothing where nothing changed', () => {
    const found = assess(rows(2_000), rows(1_000));
    expect(found.drift.map(({ name, moved }) => [name, moved])).toEqual([
      ['score', false],
      ['income', false],
      ['region', false],
    ]);
    expect(found.performance).toMatchObject([{ which: 'live', worse: false, now: { rate: 1 } }]);
    expect(found.gaps.filter(({ beyond }) => beyond)).toEqual([]);
  });

  it('finds what drifted, by index and test, and says what chance alone would be', () => {
    const found = assess(
      rows(2_000),
      rows(1_000, (i) => ({ features: { income: 600 + (i % 400), region: 'north' } })),
    );
    expect(found.drift.find(({ name }) => name === 'income')).toMatchObject({
      moved: true,
      ks: { p: expect.closeTo(0, 6) },
    });
    expect(found.drift.find(({ name }) => name === 'region')).toMatchObject({ moved: true, ks: null });
    expect(assess(rows(150), rows(1_000)).drift).toEqual([]);
  });

  it('measures calibration with intervals, and not from too few', () => {
    const honest = assess(
      [],
      rows(1_000, (i) => ({ score: 0.25 + 0.5 * (i % 2), actual: i % 8 < (i % 2 ? 6 : 2) })),
    );
    expect(honest.calibration!.brierLower).toBeLessThan(honest.calibration!.brier);
    expect(honest.calibration!.bins).toHaveLength(2);
    const wrong = assess(
      [],
      rows(1_000, () => ({ score: 0.9, actual: false })),
    );
    expect(wrong.calibration).toMatchObject({ brier: expect.closeTo(0.81), ece: expect.closeTo(0.9) });
    expect(assess([], rows(20)).calibration).toBeNull();
    expect(
      assess(
        [],
        rows(100, () => ({ actual: null })),
      ).calibration,
    ).toBeNull();
  });

  it('finds that it is right less often, live and on the holdout', () => {
    const worse = (i: number) => ({ actual: i % 4 === 0 ? i % 100 < 50 : i % 100 >= 50 });
    expect(assess(rows(1_000), rows(400, worse)).performance).toMatchObject([
      { which: 'live', worse: true, change: { upper: expect.any(Number) } },
    ]);
    const holdout = rows(200, (i) => ({ holdout: true, ...worse(i) }));
    expect(
      assess(
        rows(200, () => ({ holdout: true })),
        holdout,
      ).performance,
    ).toMatchObject([{ which: 'holdout', worse: true }]);
    expect(assess([], rows(100)).performance).toMatchObject([{ before: null, change: null }]);
  });

  it('compares groups with an interval, and none of fewer than thirty', () => {
    const unequal = rows(600, (i) => ({
      positive: i % 2 ? i % 10 < 2 : i % 10 < 8,
      groups: { sex: i % 2 ? 'f' : 'm', age: i < 10 ? 'old' : 'young' },
    }));
    const { gaps } = assess([], unequal);
    const gap = gaps.find(({ group, kind }) => group === 'sex' && kind === 'positive')!;
    expect(gap).toMatchObject({ beyond: true, high: { value: 'm' }, low: { value: 'f' } });
    expect(gap.lower).toBeGreaterThan(0.1);
    expect(gap.lower).toBeLessThan(gap.difference);
    expect(gaps.some(({ group }) => group === 'age')).toBe(false);
    expect(assess([], unequal, 0.9).gaps.some(({ beyond }) => beyond)).toBe(false);
  });
});
