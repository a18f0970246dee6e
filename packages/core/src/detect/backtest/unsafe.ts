import { judgeHarm, UNSAFE_AT } from '../detectors/index.ts';
import { interval } from './interval.ts';

type Row = Readonly<Record<string, unknown>>;

export interface HarmPrediction {
  readonly id: unknown;
  readonly flagged: boolean;
  readonly score: number;
  readonly evidence: readonly string[];
}

export function judgeText(row: Row): HarmPrediction {
  const { score, marks } = judgeHarm(typeof row.text === 'string' ? row.text : '');
  return { id: row.id, flagged: score >= UNSAFE_AT, score: Math.round(score * 10_000) / 10_000, evidence: marks };
}

interface Told {
  readonly flagged: boolean;
  readonly score: number;
  readonly harmful: boolean;
}

/** Mean precision at each harmful row, rows with the same score together. */
function averagePrecision(told: readonly Told[]): number {
  const all = told.filter(({ harmful }) => harmful).length;
  const sorted = told.toSorted((a, b) => b.score - a.score);
  let seen = 0;
  let hits = 0;
  let sum = 0;
  while (seen < sorted.length) {
    const { score } = sorted[seen]!;
    const tied = sorted.filter((each, i) => i >= seen && each.score === score);
    const more = tied.filter(({ harmful }) => harmful).length;
    seen += tied.length;
    hits += more;
    sum += more * (hits / seen);
  }
  return all === 0 ? 0 : sum / all;
}

/** For each data set that the rows name: recall, false positives with Wilson's 95 % interval, F1, mean average precision. */
export function scoreHarm(
  predictions: readonly HarmPrediction[],
  rows: readonly Row[],
): Record<string, number | string> {
  const sets = new Map<string, Told[]>();
  for (const [i, { flagged, score }] of predictions.entries()) {
    const { label, dataset } = rows[i]!;
    if (label !== 'harmful' && label !== 'safe') continue;
    const name = typeof dataset === 'string' ? dataset : 'all';
    sets.set(name, [...(sets.get(name) ?? []), { flagged, score, harmful: label === 'harmful' }]);
  }
  const scores: Record<string, number | string> = {};
  for (const [name, told] of sets) {
    const count = (harmful: boolean, flagged: boolean) =>
      told.filter((each) => each.harmful === harmful && each.flagged === flagged).length;
    const [hit, missed, wrong, left] = [count(true, true), count(true, false), count(false, true), count(false, false)];
    if (hit + missed > 0) scores[`${name}_recall`] = hit / (hit + missed);
    if (wrong + left > 0) {
      scores[`${name}_false_positives`] = wrong / (wrong + left);
      scores[`${name}_false_positives_interval`] = interval(wrong, wrong + left);
    }
    if (hit + missed > 0 && wrong + left > 0) {
      scores[`${name}_f1`] = (2 * hit) / (2 * hit + wrong + missed);
      scores[`${name}_auprc`] = averagePrecision(told);
      scores[`${name}_accuracy`] = (hit + left) / told.length;
    }
  }
  return scores;
}
