import {
  anytimeInterval,
  bernoulliCusum,
  bernoulliLimit,
  bernoulliRunLength,
  binomialTail,
  eCusum,
  eDetector,
  jensenShannon,
  ks,
  logRatio,
  psi,
  robustZ,
} from '@firebreak/core/statistics';

type Row = Readonly<Record<string, unknown>>;
export type NumberIn = (row: Row, name: string, otherwise?: number) => number;
const MOST_SAMPLES = 1_000_000;

function listIn(row: Row, name: string): number[] {
  const list = row[name];
  if (!Array.isArray(list) || list.length > MOST_SAMPLES || list.some((x) => !Number.isFinite(x)))
    throw new RangeError(`“${name}” must be a list of at most ${MOST_SAMPLES} numbers`);
  return list as number[];
}

/** Statistics of numbers over time and of what drifted, each with the names it reads. */
export const watchingStatistics = (numberIn: NumberIn): Readonly<Record<string, (row: Row) => object>> => {
  const rates = (row: Row) => ({ p0: numberIn(row, 'p0'), p1: numberIn(row, 'p1') });
  return {
    'bernoulli-cusum': (row) => {
      const h = numberIn(row, 'h');
      let sum = 0;
      const sums = listIn(row, 'x').map((x) => (sum = bernoulliCusum(sum, x, 1, rates(row))));
      const first = sums.findIndex((each) => each >= h);
      return { s: sums, first_alarm: first < 0 ? null : first + 1 };
    },
    'bernoulli-arl': (row) => ({ arl: bernoulliRunLength(rates(row), numberIn(row, 'h'), numberIn(row, 'p')) }),
    'bernoulli-limit': (row) => ({ h: bernoulliLimit(rates(row), numberIn(row, 'outcomes')) }),
    'e-detector': (row) => {
      let [m, c] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
      const steps = listIn(row, 'x').map((x) => {
        const e = logRatio(x, 1, rates(row));
        m = eDetector(m, e);
        c = eCusum(c, e);
        return [Math.exp(m), Math.exp(c)];
      });
      return { shiryaev_roberts: steps.map(([it]) => it), cusum_e: steps.map(([, it]) => it) };
    },
    anytime: (row) => anytimeInterval(numberIn(row, 'x'), numberIn(row, 'n'), numberIn(row, 'conf', 0.95)),
    exceedance: (row) => ({ p: binomialTail(numberIn(row, 'x'), numberIn(row, 'n'), numberIn(row, 'share', 0.1)) }),
    psi: (row) => ({ psi: psi(listIn(row, 'baseline'), listIn(row, 'current')) }),
    'jensen-shannon': (row) => ({ distance: jensenShannon(listIn(row, 'p'), listIn(row, 'q')) }),
    ks: (row) => ks(listIn(row, 'a'), listIn(row, 'b')),
    'robust-z': (row) => ({ z: robustZ(numberIn(row, 'x'), listIn(row, 'baseline')) }),
  };
};
