import { BadInput } from '../cli.ts';
import { judgeTrace, scoreTraces } from './backtest-agents.ts';
import { judgePrompt, scoreAttacks } from './backtest-attacks.ts';
import { groupReports, type Report, scoreGroups } from './backtest-grouping.ts';
import { scoreSeries, watchSeries } from './backtest-metrics.ts';
import { readPayload, type Scored, scoreSpans } from './backtest-otlp.ts';
import { findPersonal, scorePersonal } from './backtest-pii.ts';
import { rank, scoreRanks } from './backtest-similar.ts';
import { scoreTriage, triage } from './backtest-triage.ts';
import { readHook, scoreHooks } from './backtest-webhooks.ts';

export type Row = Readonly<Record<string, unknown>>;

/** What a backtest says of some rows. */
export interface Tested {
  readonly predictions: readonly object[];
  readonly scores: Readonly<Record<string, number | string>>;
}

/** Labels (`expect`, `group`, `label`) are read for the scores alone, after every prediction has been made. */
export const TOPICS: Readonly<Record<string, (rows: readonly Row[], corpus: readonly Row[] | null) => Tested>> = {
  'otlp-dialects': (rows) => {
    const predictions = rows.map((row) => ({ id: row.id, ...readPayload(row.otlp) }));
    const scored: Scored = scoreSpans(
      predictions,
      rows.map((row) => row.expect),
    );
    return { predictions, scores: { ...scored } };
  },
  'signal-grouping': (rows) => {
    const reports = rows.map(
      ({ id, kind, text, domain, published }) => ({ id, kind, text, domain, published }) as Report,
    );
    const clusters = groupReports(reports);
    const predictions = rows.map((row, i) => ({ id: row.id, cluster: clusters[i]! }));
    const labelled = rows.flatMap((row, i) =>
      typeof row.group === 'string' ? [{ gold: row.group, cluster: clusters[i]! }] : [],
    );
    return { predictions, scores: { rows: rows.length, ...scoreGroups(labelled) } };
  },
  'incident-triage': (rows) => {
    const predictions = rows.map(triage);
    return { predictions, scores: { rows: rows.length, ...scoreTriage(predictions, rows) } };
  },
  'agent-traces': (rows) => {
    const predictions = rows.map(judgeTrace);
    return { predictions, scores: { rows: rows.length, ...scoreTraces(predictions, rows) } };
  },
  pii: (rows) => {
    const predictions = rows.map(findPersonal);
    return { predictions, scores: { rows: rows.length, ...scorePersonal(predictions, rows) } };
  },
  'prompt-attacks': (rows) => {
    const predictions = rows.map(judgePrompt);
    return { predictions, scores: { rows: rows.length, ...scoreAttacks(predictions, rows) } };
  },
  webhooks: (rows) => {
    const predictions = rows.map(readHook);
    return { predictions, scores: { rows: rows.length, ...scoreHooks(predictions, rows) } };
  },
  'metric-anomaly': (rows) => {
    const predictions = rows.map(watchSeries);
    return { predictions, scores: { rows: rows.length, ...scoreSeries(predictions, rows) } };
  },
  similar: (rows, corpus) => {
    if (corpus === null) throw new BadInput('Name the incidents to search with --corpus FILE.jsonl.');
    const predictions = rank(rows, corpus);
    return { predictions, scores: { rows: rows.length, ...scoreRanks(predictions, rows, corpus) } };
  },
};
