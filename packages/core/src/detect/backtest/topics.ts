import { judgeTrace, scoreTraces } from './agents.ts';
import { judgePrompt, scoreAttacks } from './attacks.ts';
import { baselinesOf, groupReportsSteps, type Report, scoreGroups } from './grouping.ts';
import { scoreSeries, watchSeries } from './metrics.ts';
import { readPayload, type Scored, scoreSpans } from './otlp.ts';
import { findPersonal, scorePersonal } from './pii.ts';
import { rankSteps, scoreRanks } from './similar.ts';
import { scoreTriage, triage } from './triage.ts';
import { judgeText, scoreHarm } from './unsafe.ts';
import { readHook, scoreHooks } from './webhooks.ts';
import { eachOf, type Work } from './work.ts';

export type Row = Readonly<Record<string, unknown>>;

/** What a backtest says of some rows. */
export interface Tested {
  readonly predictions: readonly object[];
  readonly scores: Readonly<Record<string, number | string>>;
}

type Topic = (rows: readonly Row[], corpus: readonly Row[] | null) => Work<Tested>;
type Scores = Tested['scores'];

/** One prediction for each row by itself, then the scores. */
const byRow = <P extends object>(
  judge: (row: Row) => P,
  score: (predictions: readonly P[], rows: readonly Row[]) => Scores,
): Topic =>
  function* (rows) {
    const predictions = yield* eachOf(rows, judge);
    return { predictions, scores: { rows: rows.length, ...score(predictions, rows) } };
  };

/**
 * Labels (`expect`, `group`, `label`) are read for the scores alone, after every prediction has been made. A topic that
 * needs a corpus throws RangeError without one.
 */
export const TOPICS: Readonly<Record<string, Topic>> = {
  *'otlp-dialects'(rows) {
    const predictions = yield* eachOf(rows, (row) => ({ id: row.id, ...readPayload(row.otlp) }));
    const scored: Scored = scoreSpans(
      predictions,
      rows.map((row) => row.expect),
    );
    return { predictions, scores: { ...scored } };
  },
  *'signal-grouping'(rows) {
    const reports = rows.map(
      ({ id, kind, text, domain, published }) => ({ id, kind, text, domain, published }) as Report,
    );
    const clusters = yield* groupReportsSteps(reports);
    const predictions = rows.map((row, i) => ({ id: row.id, cluster: clusters[i]! }));
    const labelled = rows.flatMap((row, i) =>
      typeof row.group === 'string' ? [{ gold: row.group, cluster: clusters[i]!, text: String(row.text ?? '') }] : [],
    );
    const baselines = labelled.length > 0 ? baselinesOf(labelled) : {};
    return { predictions, scores: { rows: rows.length, ...scoreGroups(labelled), ...baselines } };
  },
  'incident-triage': byRow(triage, scoreTriage),
  'agent-traces': byRow(judgeTrace, scoreTraces),
  pii: byRow(findPersonal, scorePersonal),
  'prompt-attacks': byRow(judgePrompt, scoreAttacks),
  'unsafe-content': byRow(judgeText, scoreHarm),
  webhooks: byRow(readHook, scoreHooks),
  'metric-anomaly': byRow(watchSeries, scoreSeries),
  *similar(rows, corpus) {
    if (corpus === null) throw new RangeError('This topic searches a corpus: name the incidents to search.');
    const predictions = yield* rankSteps(rows, corpus);
    return { predictions, scores: { rows: rows.length, ...scoreRanks(predictions, rows, corpus) } };
  },
};
