import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { BadInput, type Register } from '../cli.ts';
import { judgeTrace, scoreTraces } from './backtest-agents.ts';
import { judgePrompt, scoreAttacks } from './backtest-attacks.ts';
import { groupReports, type Report, scoreGroups } from './backtest-grouping.ts';
import { scoreSeries, watchSeries } from './backtest-metrics.ts';
import { readPayload, type Scored, scoreSpans } from './backtest-otlp.ts';
import { findPersonal, scorePersonal } from './backtest-pii.ts';
import { rank, scoreRanks } from './backtest-similar.ts';
import { scoreTriage, triage } from './backtest-triage.ts';
import { readHook, scoreHooks } from './backtest-webhooks.ts';

const MOST_ROWS = 100_000;

type Row = Readonly<Record<string, unknown>>;

async function rowsOf(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    if (rows.length >= MOST_ROWS) throw new BadInput(`${path} has more than ${MOST_ROWS} lines.`);
    try {
      const row: unknown = JSON.parse(line);
      if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new SyntaxError('not an object');
      rows.push(row as Row);
    } catch {
      throw new BadInput(`${path}, line ${number}: not a JSON object.`);
    }
  }
  return rows;
}

const readableRows = (path: string): Promise<Row[]> =>
  rowsOf(path).catch((error) => {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`${path} cannot be read: ${(error as Error).message}`);
  });

interface Given {
  readonly input: string;
  readonly predictions?: string;
  readonly corpus?: string;
}

async function write(path: string, lines: readonly object[]): Promise<void> {
  const out = createWriteStream(path);
  for (const line of lines) out.write(`${JSON.stringify(line)}\n`);
  await new Promise<void>((resolve, reject) => out.end(resolve).on('error', reject));
}

const rounded = (it: number): number => Math.round(it * 1_000) / 1_000;

interface Tested {
  readonly predictions: readonly object[];
  readonly scores: Readonly<Record<string, number | string>>;
}

/** Labels (`expect`, `group`, `label`) are read for the scores alone, after every prediction has been made. */
const TOPICS: Readonly<Record<string, (rows: readonly Row[], corpus: readonly Row[] | null) => Tested>> = {
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

/** `firebreak backtest <topic> --input FILE.jsonl` */
export const backtest: Register = (program, cli) => {
  program
    .command('backtest <topic>')
    .description(`try the detection on recorded data, offline: ${Object.keys(TOPICS).join(', ')}`)
    .requiredOption('--input <file>', 'one JSON object on each line')
    .option('--predictions <file>', 'write one prediction for each input row')
    .option('--corpus <file>', 'what is searched, one JSON object on each line (for similar)')
    .action(async (topic: string, { input, predictions, corpus }: Given) => {
      const test = TOPICS[topic];
      if (test === undefined)
        throw new BadInput(`There is no topic “${topic}”. Choose ${Object.keys(TOPICS).join(' or ')}.`);
      const tested = test(await readableRows(input), corpus === undefined ? null : await readableRows(corpus));
      if (predictions !== undefined) await write(predictions, tested.predictions);
      const scores = Object.fromEntries(
        Object.entries(tested.scores).map(([name, value]) => [
          name,
          typeof value === 'number' ? rounded(value) : value,
        ]),
      );
      cli.table(
        Object.entries(scores).map(([name, value]) => ({ name, value })),
        [
          { head: 'measure', of: (it) => it.name },
          { head: 'value', of: (it) => it.value },
        ],
        { topic, rows: tested.predictions.length, scores },
      );
    });
};
