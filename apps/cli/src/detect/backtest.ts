import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finish, type Row, TOPICS } from '@firebreak/core/detect/backtest';
import { BadInput, type Register } from '../cli.ts';

const MOST_ROWS = 100_000;

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
      if (topic === 'similar' && corpus === undefined)
        throw new BadInput('Name the incidents to search with --corpus FILE.jsonl.');
      const tested = finish(test(await readableRows(input), corpus === undefined ? null : await readableRows(corpus)));
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
