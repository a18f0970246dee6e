import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  agrestiCoull,
  clopperPearson,
  cusum,
  cusumRunLength,
  fisherExact,
  holm,
  mcnemar,
  newcombe,
  pairedDifference,
  signFlip,
  wilson,
  zeroFailureTrials,
} from '@firebreak/core/statistics';
import { BadInput, type Register } from '../cli.ts';
import { watchingStatistics } from './stats-watching.ts';

const MOST_ROWS = 100_000;
const MOST_SAMPLES = 1_000_000;

type Row = Readonly<Record<string, unknown>>;

function numberIn(row: Row, name: string, otherwise?: number): number {
  const value = row[name] ?? otherwise;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new RangeError(`“${name}” must be a number`);
  return value;
}

function numbersIn(row: Row, name: string): number[] {
  const list = row[name];
  if (!Array.isArray(list) || list.length > MOST_SAMPLES || list.some((x) => !Number.isFinite(x)))
    throw new RangeError(`“${name}” must be a list of at most ${MOST_SAMPLES} numbers`);
  return list as number[];
}

const two = (row: Row) => [numberIn(row, 'x1'), numberIn(row, 'n1'), numberIn(row, 'x2'), numberIn(row, 'n2')] as const;

/** Each statistic: what it reads is named in the guide; what it answers is what the product uses. */
const STATISTICS: Readonly<Record<string, (row: Row) => object>> = {
  wilson: (row) => wilson(numberIn(row, 'x'), numberIn(row, 'n'), numberIn(row, 'conf', 0.95)),
  'clopper-pearson': (row) => clopperPearson(numberIn(row, 'x'), numberIn(row, 'n'), numberIn(row, 'conf', 0.95)),
  'agresti-coull': (row) => agrestiCoull(numberIn(row, 'x'), numberIn(row, 'n'), numberIn(row, 'conf', 0.95)),
  fisher: (row) => ({ fisher_two_sided_p: fisherExact(...two(row)) }),
  newcombe: (row) => newcombe(...two(row), numberIn(row, 'conf', 0.95)),
  mcnemar: (row) => {
    const { exact, midP } = mcnemar(numberIn(row, 'b'), numberIn(row, 'c'));
    return { exact, mid_p: midP };
  },
  paired: (row) =>
    pairedDifference(
      numberIn(row, 'both'),
      numberIn(row, 'b'),
      numberIn(row, 'c'),
      numberIn(row, 'neither'),
      numberIn(row, 'conf', 0.95),
    ),
  'sign-flip': (row) => ({ p: signFlip(numbersIn(row, 'sums'), numberIn(row, 'seed', 1)) }),
  holm: (row) => ({ adjusted: holm(numbersIn(row, 'p')) }),
  'zero-failure': (row) => ({ n: zeroFailureTrials(numberIn(row, 'p'), numberIn(row, 'conf', 0.95)) }),
  cusum: (row) => {
    const { high, low, alarmsHigh, alarmsLow } = cusum(
      numbersIn(row, 'x'),
      numberIn(row, 'target'),
      numberIn(row, 'k'),
      numberIn(row, 'h'),
    );
    return { s_hi: high, s_lo: low, alarm_samples_hi: alarmsHigh, alarm_samples_lo: alarmsLow };
  },
  ...watchingStatistics(numberIn),
  'cusum-arl': (row) => ({
    arl: cusumRunLength(numberIn(row, 'k_sigma'), numberIn(row, 'h_sigma'), numberIn(row, 'mean_shift_sigma')),
  }),
};

function answerTo(line: string, of: (row: Row) => object): object {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    return { id: null, error: 'not JSON' };
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return { id: null, error: 'not a JSON object' };
  const { id } = row as Row;
  try {
    return { id, ...of(row as Row) };
  } catch (error) {
    return { id, error: (error as Error).message };
  }
}

/** `firebreak stats <name> --input FILE.jsonl`: one line in, one line out, offline. */
export const stats: Register = (program, cli) => {
  program
    .command('stats <name>')
    .description(`the statistics the product uses, for checking by others: ${Object.keys(STATISTICS).join(', ')}`)
    .requiredOption('--input <file>', 'one JSON object on each line')
    .action(async (name: string, { input }: { input: string }) => {
      const of = STATISTICS[name];
      if (of === undefined)
        throw new BadInput(`There is no statistic “${name}”. Choose ${Object.keys(STATISTICS).join(', ')}.`);
      const lines = createInterface({ input: createReadStream(input, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
      let number = 0;
      let bad = 0;
      try {
        for await (const line of lines) {
          number++;
          if (number > MOST_ROWS)
            throw new BadInput(`${input} has more than ${MOST_ROWS} lines; the rest was not read.`);
          if (line.trim() === '') continue;
          const answer = answerTo(line, of);
          if ('error' in answer) bad++;
          cli.record(answer);
        }
      } catch (error) {
        if (error instanceof BadInput) throw error;
        throw new BadInput(`${input} cannot be read: ${(error as Error).message}`);
      }
      if (bad > 0) throw new BadInput(`${bad} of ${number} lines could not be answered; each says why under “error”.`);
    });
};
