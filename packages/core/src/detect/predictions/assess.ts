import { ksOfCounts, newcombe, psi, psiOfChance, smoothed, wilson } from '../../statistics/index.ts';

/** One prediction of a predictive system, as far as it is known. */
export interface Prediction {
  /** Chance of the positive outcome, 0 to 1; null: it does not say. */
  readonly score: number | null;
  /** What was decided: positive or not. */
  readonly positive: boolean | null;
  /** What turned out to be true; null: not known yet. */
  readonly actual: boolean | null;
  /** Asked on purpose of cases whose outcome is known. */
  readonly holdout: boolean;
  readonly groups: Readonly<Record<string, string>>;
  readonly features: Readonly<Record<string, number | string>>;
}

export const PREDICTION_LIMITS = { groups: 8, features: 40, text: 64, fewest: 30, compared: 200 } as const;

interface Share {
  readonly x: number;
  readonly n: number;
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
}
const shareOf = (x: number, n: number): Share | null => (n === 0 ? null : { x, n, rate: x / n, ...wilson(x, n) });

export interface Drift {
  /** `score`, or the name of a feature. */
  readonly name: string;
  readonly psi: number;
  /** What the index is by chance alone with so few. */
  readonly chance: number;
  /** Kolmogorov-Smirnov; null for categories. */
  readonly ks: { readonly d: number; readonly p: number } | null;
  readonly before: number;
  readonly now: number;
  readonly moved: boolean;
}

const BINS = 10;
/** The conventional limit of a shift; it has to be well beyond chance as well. */
const SHIFT = 0.2;

function driftOf(name: string, before: readonly (number | string)[], now: readonly (number | string)[]): Drift | null {
  if (before.length < PREDICTION_LIMITS.compared || now.length < PREDICTION_LIMITS.compared) return null;
  const numbers = [...before, ...now].every((value) => typeof value === 'number');
  let place: (value: number | string) => number;
  let bins: number;
  if (numbers) {
    const sorted = ([...before] as number[]).sort((a, b) => a - b);
    const edges = [
      ...new Set(Array.from({ length: BINS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)]!)),
    ];
    place = (value) => edges.filter((edge) => (value as number) >= edge).length;
    bins = edges.length + 1;
  } else {
    const named = [...new Set([...before, ...now].map(String))].sort().slice(0, 30);
    place = (value) => Math.max(0, named.indexOf(String(value)));
    bins = Math.max(1, named.length);
  }
  const count = (values: readonly (number | string)[]): number[] => {
    const counts = new Array<number>(bins).fill(0);
    for (const value of values) counts[place(value)]!++;
    return counts;
  };
  const index = psi(smoothed(count(before)), smoothed(count(now)));
  const chance = psiOfChance(bins, before.length, now.length);
  let test: Drift['ks'] = null;
  if (numbers) {
    const at = new Map(
      [...new Set([...before, ...now] as number[])].sort((a, b) => a - b).map((value, i) => [value, i]),
    );
    const fine = (values: readonly (number | string)[]): number[] => {
      const counts = new Array<number>(at.size).fill(0);
      for (const value of values) counts[at.get(value as number)!]!++;
      return counts;
    };
    test = ksOfCounts(fine(before), fine(now));
  }
  const moved = index > SHIFT && index > 3 * chance && (test === null || test.p < 0.001);
  return { name, psi: index, chance, ks: test, before: before.length, now: now.length, moved };
}

export interface Calibration {
  readonly n: number;
  /** Mean of (score − outcome)², with its 95 % interval. */
  readonly brier: number;
  readonly brierLower: number;
  readonly brierUpper: number;
  /** Mean distance of score and outcome over ten bins, weighed by how many are in each. */
  readonly ece: number;
  readonly bins: readonly { readonly score: number; readonly observed: Share }[];
}

function calibrationOf(rows: readonly Prediction[]): Calibration | null {
  const known = rows.filter(
    (row): row is Prediction & { score: number; actual: boolean } => row.score !== null && row.actual !== null,
  );
  if (known.length < PREDICTION_LIMITS.fewest) return null;
  const errors = known.map(({ score, actual }) => (score - (actual ? 1 : 0)) ** 2);
  const brier = errors.reduce((sum, each) => sum + each, 0) / errors.length;
  const spread = Math.sqrt(
    errors.reduce((sum, each) => sum + (each - brier) ** 2, 0) / Math.max(1, errors.length - 1) / errors.length,
  );
  const bins = Array.from({ length: BINS }, (_, i) =>
    known.filter(({ score }) => Math.min(BINS - 1, Math.floor(score * BINS)) === i),
  ).flatMap((bin) => {
    const observed = shareOf(bin.filter(({ actual }) => actual).length, bin.length);
    return observed === null ? [] : [{ score: bin.reduce((sum, { score }) => sum + score, 0) / bin.length, observed }];
  });
  return {
    n: known.length,
    brier,
    brierLower: Math.max(0, brier - 1.96 * spread),
    brierUpper: brier + 1.96 * spread,
    ece: bins.reduce(
      (sum, { score, observed }) => sum + (observed.n / known.length) * Math.abs(score - observed.rate),
      0,
    ),
    bins,
  };
}

export interface Performance {
  readonly which: 'live' | 'holdout';
  readonly before: Share | null;
  readonly now: Share;
  /** now − before, with its interval; null where there is nothing to compare with. */
  readonly change: { readonly difference: number; readonly lower: number; readonly upper: number } | null;
  readonly worse: boolean;
}

const rightOf = (rows: readonly Prediction[]): Share | null => {
  const known = rows.filter(({ positive, actual }) => positive !== null && actual !== null);
  return shareOf(known.filter(({ positive, actual }) => positive === actual).length, known.length);
};

function performanceOf(
  which: 'live' | 'holdout',
  before: readonly Prediction[],
  now: readonly Prediction[],
): Performance | null {
  const own = (rows: readonly Prediction[]) => rightOf(rows.filter(({ holdout }) => holdout === (which === 'holdout')));
  const [a, b] = [own(before), own(now)];
  if (b === null || b.n < PREDICTION_LIMITS.fewest) return null;
  if (a === null || a.n < PREDICTION_LIMITS.fewest) return { which, before: null, now: b, change: null, worse: false };
  const change = { difference: b.rate - a.rate, ...newcombe(b.x, b.n, a.x, a.n) };
  return { which, before: a, now: b, change, worse: change.upper < 0 };
}

/** What is compared between groups: who gets the positive outcome; of those who should, who does; of those who should not, who does. */
export const GAP_KINDS = ['positive', 'true-positive', 'false-positive'] as const;
export interface Gap {
  readonly group: string;
  readonly kind: (typeof GAP_KINDS)[number];
  /** The group with the highest rate and the one with the lowest. */
  readonly high: Share & { readonly value: string };
  readonly low: Share & { readonly value: string };
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
  /** The whole interval lies beyond what is put up with. */
  readonly beyond: boolean;
  /** Groups with fewer than 30, which are not compared. */
  readonly tooFew: readonly string[];
}

const MOST_VALUES = 20;

function gapsOf(rows: readonly Prediction[], tolerated: number): Gap[] {
  const names = [...new Set(rows.flatMap(({ groups }) => Object.keys(groups)))].sort();
  return names.flatMap((group) =>
    GAP_KINDS.flatMap((kind): Gap[] => {
      const asked = rows.filter(
        ({ positive, actual }) => positive !== null && (kind === 'positive' || actual === (kind === 'true-positive')),
      );
      const values = [...new Set(asked.flatMap(({ groups }) => groups[group] ?? []))].sort().slice(0, MOST_VALUES);
      const shares = values.map((value) => {
        const own = asked.filter(({ groups }) => groups[group] === value);
        return { value, ...shareOf(own.filter(({ positive }) => positive).length, own.length)! };
      });
      const fit = shares.filter(({ n }) => n >= PREDICTION_LIMITS.fewest).sort((a, b) => b.rate - a.rate);
      if (fit.length < 2) return [];
      const [high, low] = [fit[0]!, fit.at(-1)!];
      // As many pairs could have been the widest: each is asked to be surer.
      const pairs = (fit.length * (fit.length - 1)) / 2;
      const { lower, upper } = newcombe(high.x, high.n, low.x, low.n, 1 - 0.05 / pairs);
      const tooFew = shares.filter(({ n }) => n < PREDICTION_LIMITS.fewest).map(({ value }) => value);
      return [
        { group, kind, high, low, difference: high.rate - low.rate, lower, upper, beyond: lower > tolerated, tooFew },
      ];
    }),
  );
}

export interface Assessment {
  readonly before: number;
  readonly now: number;
  readonly drift: readonly Drift[];
  readonly calibration: Calibration | null;
  readonly performance: readonly Performance[];
  readonly gaps: readonly Gap[];
}

/** A gap between groups that is put up with, of a rate. */
export const TOLERATED_GAP = 0.1;

/** Compares the newest predictions with those before: drift, calibration, how often it is right, gaps between groups. */
export function assess(
  before: readonly Prediction[],
  now: readonly Prediction[],
  tolerated = TOLERATED_GAP,
): Assessment {
  const live = (rows: readonly Prediction[]) => rows.filter(({ holdout }) => !holdout);
  const [old, fresh] = [live(before), live(now)];
  const names = [...new Set(fresh.flatMap(({ features }) => Object.keys(features)))].sort();
  const of = (rows: readonly Prediction[], name: string) => rows.flatMap(({ features }) => features[name] ?? []);
  const scores = (rows: readonly Prediction[]) => rows.flatMap(({ score }) => score ?? []);
  const all = [...old, ...fresh];
  return {
    before: before.length,
    now: now.length,
    drift: [
      driftOf('score', scores(old), scores(fresh)),
      ...names.map((name) => driftOf(name, of(old, name), of(fresh, name))),
    ].filter((each) => each !== null),
    calibration: calibrationOf(all),
    performance: (['live', 'holdout'] as const).flatMap((which) => performanceOf(which, before, now) ?? []),
    gaps: gapsOf(all, tolerated),
  };
}
