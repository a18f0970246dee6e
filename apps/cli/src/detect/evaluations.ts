import { Problem } from '@firebreak/client';
import { signals as doors, type EvaluationGiven } from '@firebreak/contract/detect/signals';
import { AnswerIsNo, BadInput, type Register } from '../cli.ts';
import { readFileText } from './evals.ts';

const MOST_AT_ONCE = 500;
const MOST_CHARACTERS = 2 * 1024 * 1024;
const MOST_NAMED = 20;

interface Line {
  /** As an editor counts it, or the place in a list; from 1. */
  readonly line: number;
  readonly value: unknown;
  readonly size: number;
}

const parsed = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadInput(`${where} is not JSON: ${(error as Error).message}. Nothing was sent.`);
  }
};

/** A list, or one evaluation on each line. */
function linesOf(file: string, system: string | undefined): readonly Line[] {
  const text = readFileText(file).replace(/^\uFEFF/, '');
  const values: readonly (readonly [number, unknown])[] = text.trimStart().startsWith('[')
    ? (parsed(text, file) as unknown[]).map((value, i) => [i + 1, value] as const)
    : text
        .split('\n')
        .flatMap((line, i) => (line.trim() === '' ? [] : [[i + 1, parsed(line, `${file}: line ${i + 1}`)] as const]));
  if (values.length === 0) throw new BadInput(`${file} holds no evaluation.`);
  return values.map(([line, it]) => {
    const isMembers = typeof it === 'object' && it !== null && !Array.isArray(it);
    const value = system !== undefined && isMembers ? { system, ...it } : it;
    return { line, value, size: JSON.stringify(value).length };
  });
}

function batchesOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  const batches: Line[][] = [];
  let size = 0;
  for (const line of lines) {
    const last = batches.at(-1);
    if (last === undefined || last.length >= MOST_AT_ONCE || size + line.size > MOST_CHARACTERS) {
      batches.push([line]);
      size = line.size;
    } else {
      last.push(line);
      size += line.size;
    }
  }
  return batches;
}

interface Refused {
  readonly line: number;
  readonly pointer: string;
  readonly detail: string;
}

/** `/3/score` of a batch, as the line it came from and the member. */
function refusedAt(batch: readonly Line[], { pointer, detail }: { pointer: string; detail: string }): Refused {
  const [, index, within = ''] = /^\/(\d+)(\/.*)?$/.exec(pointer) ?? [];
  return { line: batch[Number(index ?? 0)]?.line ?? 0, pointer: within, detail };
}

/** `firebreak evaluations …` */
export const evaluations: Register = (program, cli) => {
  program
    .command('evaluations')
    .description('what evaluators say of answers')
    .command('send <file>')
    .description('send them: a JSON list, or one on each line; exit code 1 where one was refused')
    .option('--system <key>', 'of those that name none')
    .action(async (file: string, { system }: { system?: string }) => {
      const client = cli.client();
      const refused: Refused[] = [];
      let [accepted, duplicate, left] = [0, 0, 0];
      for (const batch of batchesOf(linesOf(file, system))) {
        try {
          const answer = await client.call(doors.sendEvaluations, {
            body: batch.map(({ value }) => value as EvaluationGiven),
          });
          accepted += answer.accepted;
          duplicate += answer.duplicate;
          left += answer.rejected.length;
          refused.push(...answer.rejected.map((it) => refusedAt(batch, it)));
        } catch (error) {
          if (!(error instanceof Problem) || error.code !== 'telemetry.batch-refused') throw error;
          left += batch.length;
          refused.push(...error.errors.map((it) => refusedAt(batch, it)));
        }
      }
      const named = refused
        .slice(0, MOST_NAMED)
        .map((it) => `\nline ${it.line}${it.pointer && ` ${it.pointer}`}: ${it.detail}`);
      cli.say(`${accepted} in, ${duplicate} known already, ${left} refused.${named.join('')}`, {
        accepted,
        duplicate,
        refused: left,
        why: refused,
      });
      if (left > 0) throw new AnswerIsNo();
    });
};
