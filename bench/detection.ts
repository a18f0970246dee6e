import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { finish, type Row, TOPICS } from '@firebreak/core/detect/backtest';
import type { BenchRow } from './row.ts';

/** Labelled samples that are not part of this tree; another folder may be named. */
const SAMPLES = process.env.FIREBREAK_BENCH_SAMPLES ?? fileURLToPath(new URL('../../shared/samples', import.meta.url));

/** A score held to a bar, beside what somebody else reached on the same kind of data. */
interface Held {
  readonly score: string;
  readonly says: string;
  readonly bar: readonly ['≥' | '≤', number] | null;
  readonly peer?: readonly [string, number];
  /** The score that says out of how many, where the figure is a count. */
  readonly of?: string;
  /** Scores whose intervals are printed, where the figure is no share itself. */
  readonly from?: readonly string[];
  readonly note?: string;
}

/** What a figure was counted from, with Wilson's 95 % interval where it is a share. */
function countedFrom(held: Held, scores: Readonly<Record<string, number | string>>): string[] {
  const { score, of, from = [] } = held;
  const own = scores[`${score}_interval`];
  return [
    ...(own === undefined ? [] : [String(own)]),
    ...(of === undefined ? [] : [`of ${scores[of]}`]),
    ...from.flatMap((name) =>
      scores[`${name}_interval`] === undefined ? [] : [`${name} ${scores[`${name}_interval`]}`],
    ),
  ];
}

const FITTED = 'fitted on these rows; tools/fit-attacks prints the figures of ten folds';
const FITTED_HARM = 'fitted on these rows; tools/fit-unsafe prints the figures of ten folds';

/** Topic, its file, the file that is searched, and the scores that count. */
const HELD: readonly (readonly [string, string, string | null, readonly Held[]])[] = [
  [
    'signal-grouping',
    'headlines.jsonl',
    null,
    [
      {
        score: 'b3_f1',
        says: 'grouping of headlines, B-cubed F1',
        bar: ['≥', 0.75],
        peer: ['TF-IDF, average link', 0.69],
      },
      { score: 'b3_precision', says: 'grouping of headlines, B-cubed precision', bar: ['≥', 0.85] },
    ],
  ],
  [
    'similar',
    'headlines.jsonl',
    'corpus_incidents.jsonl',
    [
      {
        score: 'recallAt5',
        says: 'similar incidents, headlines, recall@5',
        bar: ['≥', 0.85],
        peer: ['TF-IDF cosine', 0.82],
      },
    ],
  ],
  [
    'similar',
    'snippets.jsonl',
    'corpus_incidents.jsonl',
    [
      {
        score: 'recallAt5',
        says: 'similar incidents, snippets, recall@5',
        bar: ['≥', 0.68],
        peer: ['TF-IDF cosine', 0.63],
      },
    ],
  ],
  [
    'otlp-dialects',
    'otlp.jsonl',
    null,
    (['model', 'provider', 'input_tokens', 'output_tokens', 'is_error', 'traceId'] as const).map((score) => ({
      score,
      says: `telemetry of four dialects, ${score}`,
      bar: ['≥', 0.95],
    })),
  ],
  [
    'webhooks',
    'payloads.jsonl',
    null,
    [
      { score: 'accepted', says: 'webhooks of monitoring products, read', bar: ['≥', 0.95] },
      { score: 'normalised', says: 'the same, with title, severity and status', bar: ['≥', 0.95] },
      {
        score: 'broken',
        says: 'webhooks, whole and damaged, that break the reader',
        bar: ['≤', 0],
        of: 'tried_whole_and_damaged',
      },
    ],
  ],
  [
    'webhooks',
    'severity_status_maps.jsonl',
    null,
    [
      { score: 'words_right', says: 'severity and status words of monitoring products', bar: ['≥', 0.95] },
      { score: 'words_right_provider_unknown', says: 'the same, as if the product were unknown', bar: null },
    ],
  ],
  [
    'prompt-attacks',
    'prompts.jsonl',
    null,
    [
      { score: 'notinject_false_positives', says: 'harmless requests with trigger words, flagged', bar: ['≤', 0.1] },
      {
        score: 'deepset-prompt-injections_recall',
        says: 'prompt attacks seen, deepset',
        bar: ['≥', 0.6],
        peer: ['keyword rules', 0.18],
        note: FITTED,
      },
      {
        score: 'deepset-prompt-injections_false_positives',
        says: 'the same operating point: harmless requests, deepset, flagged',
        bar: ['≤', 0.02],
        note: FITTED,
      },
    ],
  ],
  [
    'unsafe-content',
    'texts.jsonl',
    null,
    [
      {
        score: 'xstest_false_positives',
        says: 'harmless questions that sound harmful, flagged',
        bar: ['≤', 0.15],
        peer: ['TF-IDF and regression', 0.4],
        note: FITTED_HARM,
      },
      {
        score: 'openai-moderation-eval_auprc',
        says: 'harmful texts, moderation set, average precision',
        bar: null,
        peer: ['TF-IDF and regression', 0.41],
        note: FITTED_HARM,
      },
    ],
  ],
  [
    'agent-traces',
    'traces.jsonl',
    null,
    [
      {
        score: 'f1',
        says: 'hijacked agents, F1',
        bar: ['≥', 0.7],
        peer: ['flag every planted text', 0.32],
        from: ['precision', 'recall'],
      },
      { score: 'false_alarms_on_clean', says: 'hijacked agents, false alarms on clean runs', bar: ['≤', 0.01] },
    ],
  ],
  [
    'pii',
    'presidio_synth_v2.jsonl',
    null,
    [
      { score: 'recall', says: 'structured personal data, recall', bar: ['≥', 0.95] },
      { score: 'precision', says: 'structured personal data, precision', bar: ['≥', 0.95] },
    ],
  ],
  [
    'metric-anomaly',
    'series',
    null,
    [
      {
        score: 'found',
        says: 'windows of strange metrics, found',
        bar: ['≥', 0.85],
        note: 'all of each series counts, with nothing free at its beginning',
      },
      { score: 'false_alarms_a_day', says: 'strange metrics, false alarms a day', bar: ['≤', 0.2] },
      {
        score: 'found_after_warm_up',
        says: 'the same from 15 % of each series on: windows found',
        bar: null,
        note: 'three of the 29 end before',
      },
      {
        score: 'false_alarms_a_day_after_warm_up',
        says: 'the same from 15 % of each series on: false alarms a day',
        bar: null,
      },
    ],
  ],
];

const linesOf = (path: string): Row[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

/** One row for each series of a folder of `timestamp,value` files, with the labels beside it. */
function seriesIn(folder: string): Row[] {
  const labels = JSON.parse(readFileSync(join(folder, '../labels.json'), 'utf8')) as Record<string, object>;
  return readdirSync(folder).map((series) => ({
    series,
    ...labels[series],
    points: readFileSync(join(folder, series), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => [line.split(',')[0], Number(line.split(',')[1])]),
  }));
}

/** How well the detection does on labelled data, without a model, beside what others reached. */
export async function run(): Promise<BenchRow[]> {
  if (!existsSync(SAMPLES))
    return [
      {
        name: 'detection on labelled data',
        value: Number.NaN,
        unit: '',
        note: 'no samples here: name their folder with FIREBREAK_BENCH_SAMPLES',
      },
    ];
  return HELD.flatMap(([topic, file, searched, held]): BenchRow[] => {
    const folder = join(SAMPLES, topic === 'similar' ? 'signal-grouping' : topic);
    if (!existsSync(join(folder, file))) return [];
    const rows = file === 'series' ? seriesIn(join(folder, file)) : linesOf(join(folder, file));
    const { scores } = finish(TOPICS[topic]!(rows, searched === null ? null : linesOf(join(folder, searched))));
    return held.map((each): BenchRow => {
      const { score, says, bar, peer, note } = each;
      const value = Number(scores[score]);
      return {
        name: says,
        value,
        unit: '',
        ...(bar && { bar: bar.join(' '), pass: bar[0] === '≥' ? value >= bar[1] : value <= bar[1] }),
        ...(peer && { beside: [{ name: peer[0], value: peer[1] }] }),
        note: [
          ...countedFrom(each, scores),
          `${rows.length} rows of the open sample`,
          ...(note === undefined ? [] : [note]),
        ].join('; '),
      };
    });
  });
}
