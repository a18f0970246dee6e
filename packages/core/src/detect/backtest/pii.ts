import { PERSONAL_TYPES, personalSpans } from '../detectors/index.ts';
import { interval } from './interval.ts';

type Row = Readonly<Record<string, unknown>>;

export interface PiiPrediction {
  readonly id: unknown;
  readonly spans: readonly { start: number; end: number; type: string; value: string }[];
}

/** Offsets count characters of the text: code points, as the samples do, not UTF-16 units. */
export function findPersonal(row: Row): PiiPrediction {
  const text = typeof row.text === 'string' ? row.text : '';
  const points = (units: number): number => [...text.slice(0, units)].length;
  const spans = personalSpans(text).map(({ type, start, end, value }) => ({
    start: points(start),
    end: points(end),
    type,
    value,
  }));
  return { id: row.id, spans };
}

interface Labelled {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

const overlaps = (a: Labelled, b: Labelled): boolean => a.type === b.type && a.start < b.end && b.start < a.end;

/** Span recall and precision of the structured types (any overlap counts), all together and one by one. */
export function scorePersonal(
  predictions: readonly PiiPrediction[],
  rows: readonly Row[],
): Record<string, number | string> {
  const scores: Record<string, number | string> = {};
  const all = { hit: 0, gold: 0, right: 0, said: 0 };
  for (const type of PERSONAL_TYPES) {
    const of = { hit: 0, gold: 0, right: 0, said: 0 };
    for (const [i, { spans }] of predictions.entries()) {
      const labels = rows[i]!.spans;
      if (!Array.isArray(labels)) continue;
      const gold = (labels as Labelled[]).filter((span) => span.type === type);
      const said = spans.filter((span) => span.type === type);
      of.gold += gold.length;
      of.said += said.length;
      of.hit += gold.filter((span) => said.some((other) => overlaps(span, other))).length;
      of.right += said.filter((span) => gold.some((other) => overlaps(span, other))).length;
    }
    for (const name of ['hit', 'gold', 'right', 'said'] as const) all[name] += of[name];
    const name = type.toLowerCase();
    if (of.gold > 0) scores[`${name}_recall`] = of.hit / of.gold;
    if (of.said > 0) scores[`${name}_precision`] = of.right / of.said;
  }
  if (all.gold === 0) return { labelled: 0 };
  return {
    labelled: all.gold,
    recall: all.hit / all.gold,
    recall_interval: interval(all.hit, all.gold),
    precision: all.right / Math.max(1, all.said),
    ...(all.said > 0 && { precision_interval: interval(all.right, all.said) }),
    ...scores,
  };
}
