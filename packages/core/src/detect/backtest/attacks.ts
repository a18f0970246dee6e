import { ATTACK_AT, judgeRequest } from '../detectors/index.ts';
import { interval } from './interval.ts';

type Row = Readonly<Record<string, unknown>>;

export interface AttackPrediction {
  readonly id: unknown;
  readonly flagged: boolean;
  readonly score: number;
  readonly evidence: readonly string[];
}

export function judgePrompt(row: Row): AttackPrediction {
  const { score, moves } = judgeRequest(typeof row.text === 'string' ? row.text : '');
  return { id: row.id, flagged: score >= ATTACK_AT, score: Math.round(score * 10_000) / 10_000, evidence: moves };
}

/** Recall on attacks and share of benign rows that were flagged, for each data set that the rows name. */
export function scoreAttacks(
  predictions: readonly AttackPrediction[],
  rows: readonly Row[],
): Record<string, number | string> {
  const sets = new Map<string, { attacks: number; hit: number; benign: number; wrong: number }>();
  for (const [i, { flagged }] of predictions.entries()) {
    const { label, dataset } = rows[i]!;
    if (typeof label !== 'string') continue;
    const name = typeof dataset === 'string' ? dataset : 'all';
    const of = sets.get(name) ?? { attacks: 0, hit: 0, benign: 0, wrong: 0 };
    if (label === 'attack') {
      of.attacks++;
      if (flagged) of.hit++;
    } else {
      of.benign++;
      if (flagged) of.wrong++;
    }
    sets.set(name, of);
  }
  const scores: Record<string, number | string> = {};
  for (const [name, { attacks, hit, benign, wrong }] of sets) {
    if (attacks > 0) {
      scores[`${name}_recall`] = hit / attacks;
      scores[`${name}_recall_interval`] = interval(hit, attacks);
    }
    if (benign > 0) {
      scores[`${name}_false_positives`] = wrong / benign;
      scores[`${name}_false_positives_interval`] = interval(wrong, benign);
    }
  }
  return scores;
}
