import { readFileSync, writeFileSync } from 'node:fs';
import type { Client } from '@firebreak/client';
import { readCasesFile, UnreadableCases, writeCasesFile } from '@firebreak/client/eval-file';
import { evals as doors, type EvalRun, type EvalSuite, TargetDescription } from '@firebreak/contract/detect/evals';
import type { Command } from 'commander';
import { AnswerIsNo, BadInput, type Cli, type Register } from '../cli.ts';

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;
export const rateOf = ({ counts, passRate }: EvalRun): string =>
  counts === null || passRate === null
    ? '—'
    : `${counts.passed} of ${counts.passed + counts.failed} (${percent(passRate.lower)}–${percent(passRate.upper)})`;
const verdictOf = ({ state, comparison, alarm, fault }: EvalRun): string => {
  if (state !== 'finished') return fault === null ? state : `${state}: ${fault}`;
  if (alarm) return 'ALARM';
  if (comparison === null) return 'nothing to compare with yet';
  return comparison.needs === null ? comparison.verdict : `inconclusive, needs about ${comparison.needs} more cases`;
};

export async function suiteNamed(rows: readonly EvalSuite[], named: string, list: string): Promise<EvalSuite> {
  const found = rows.filter(({ id, name }) => id === named || name.toLowerCase() === named.toLowerCase());
  if (found.length === 1) return found[0]!;
  throw new BadInput(
    found.length === 0
      ? `There is nothing called “${named}”. “firebreak ${list} list” shows what there is.`
      : `${found.length} are called “${named}”. Name one by its id.`,
  );
}

export function tableOfSuites(cli: Cli, rows: readonly EvalSuite[], value: unknown): void {
  cli.table(
    rows,
    [
      { head: 'name', of: (it) => it.name },
      { head: 'system', of: (it) => it.system },
      { head: 'cases', of: (it) => it.cases },
      { head: 'state', of: (it) => (it.paused === null ? `every ${it.everyMinutes} min` : 'paused') },
      { head: 'last run', of: (it) => it.last?.startedAt },
      { head: 'passed', of: (it) => (it.last === null ? null : rateOf(it.last)) },
      { head: 'verdict', of: (it) => (it.last === null ? null : verdictOf(it.last)) },
      { head: 'id', of: (it) => it.id },
    ],
    value,
  );
}

function sayRun(cli: Cli, run: EvalRun, value: unknown): void {
  const against =
    run.comparison === null ? '' : ` ${run.comparison.lost.length} lost, ${run.comparison.gained.length} gained.`;
  cli.say(`${run.name}, ${run.versionName}: ${rateOf(run)} passed; ${verdictOf(run)}.${against} ${run.id}`, value);
}

/** Starts a run; with `wait`, answers when it has ended, and no where it got worse or could not run. */
export async function runAndWait(cli: Cli, client: Client, suite: EvalSuite, wait: boolean): Promise<void> {
  let { run } = await client.call(doors.run, { params: { suite: suite.id } });
  if (!wait) {
    cli.say(`${suite.name} is under way: ${run.total} cases. ${run.id}`, run);
    return;
  }
  while (run.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 500));
    run = (await client.call(doors.showRun, { params: { run: run.id } })).run;
  }
  sayRun(cli, run, run);
  if (run.state !== 'finished' || run.comparison?.verdict === 'regressed' || run.alarm) throw new AnswerIsNo();
}

export function tableOfResults(group: Command, cli: Cli, word: string): void {
  group
    .command('result <run>')
    .description(`what came of a run, ${word} first; --all for every case`)
    .option('--all', 'also what passed')
    .action(async (id: string, { all }: { all?: boolean }) => {
      const answer = await cli.client().call(doors.showRun, { params: { run: id as EvalRun['id'] } });
      const rows = answer.results.filter(({ state }) => all || state !== 'passed');
      cli.table(
        rows,
        [
          { head: 'case', of: (it) => it.id },
          { head: 'before', of: (it) => it.before },
          { head: 'now', of: (it) => it.state },
          { head: 'question', of: (it) => (it.title || it.question).slice(0, 60) },
          {
            head: 'why',
            of: (it) => (it.attempts.at(-1)?.fault ?? it.attempts.at(-1)?.reasons.join('; ') ?? '').slice(0, 80),
          },
        ],
        answer,
      );
    });
}

export function readFileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadInput(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function casesIn(file: string) {
  try {
    return readCasesFile(readFileText(file));
  } catch (error) {
    if (error instanceof UnreadableCases) throw new BadInput(`${file}: ${error.message}`);
    throw error;
  }
}

function targetIn(file: string) {
  let json: unknown;
  try {
    json = JSON.parse(readFileText(file));
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`${file} is not JSON: ${(error as Error).message}`);
  }
  const read = TargetDescription.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new BadInput(`${file}: ${issue!.path.join('.') || 'the description'}: ${issue!.message}`);
}

export async function targetNamed(client: Client, named: string): Promise<`tgt_${string}`> {
  const { targets } = await client.call(doors.targets, {});
  const found = targets.filter(({ id, name }) => id === named || name.toLowerCase() === named.toLowerCase());
  if (found.length === 1) return found[0]!.id;
  throw new BadInput(
    found.length === 0
      ? `There is no target “${named}”. “firebreak evals targets” shows the ones there are.`
      : `${found.length} targets are called “${named}”. Name one by its id.`,
  );
}

/** `firebreak evals …` */
export const evals: Register = (program, cli) => {
  const group = program
    .command('evals')
    .description('golden sets: questions with known answers, asked again and again');
  const named = async (client: Client, suite: string): Promise<EvalSuite> =>
    suiteNamed((await client.call(doors.list, { query: {} })).suites, suite, 'evals');
  group
    .command('list')
    .description('golden sets with their last runs')
    .option('--system <key>')
    .action(async ({ system }: { system?: string }) => {
      const answer = await cli.client().call(doors.list, { query: { ...(system && { system }) } });
      tableOfSuites(cli, answer.suites, answer);
    });
  group
    .command('show <set>')
    .description('the cases of a golden set; by name or id')
    .action(async (suite: string) => {
      const client = cli.client();
      const answer = await client.call(doors.show, { params: { suite: (await named(client, suite)).id } });
      cli.table(
        answer.cases,
        [
          { head: 'case', of: (it) => it.id },
          { head: 'expects', of: (it) => it.expect },
          { head: 'checks', of: (it) => it.checks.map(({ kind }) => kind).join(', ') },
          { head: 'cluster', of: (it) => it.cluster },
          { head: 'question', of: (it) => (it.title || it.input.at(-1)!.content).slice(0, 70) },
        ],
        answer,
      );
    });
  group
    .command('add <name>')
    .description('make a golden set')
    .requiredOption('--target <name>', 'where it asks')
    .option('--every <minutes>')
    .action(async (name: string, { target, every }: { target: string; every?: string }) => {
      const client = cli.client();
      const { suite } = await client.call(doors.add, {
        body: {
          name,
          target: await targetNamed(client, target),
          ...(every !== undefined && { everyMinutes: Number(every) }),
        },
      });
      cli.say(`${suite.name} guards ${suite.system}. It holds no case yet. ${suite.id}`, suite);
    });
  group
    .command('import <set> <file>')
    .description('add cases of a YAML or JSON file, or the tests of a promptfoo configuration')
    .action(async (suite: string, file: string) => {
      const { cases, notes, format } = casesIn(file);
      const client = cli.client();
      const { id } = await named(client, suite);
      const answer = await client.call(doors.keepCases, { params: { suite: id }, body: { cases: [...cases] } });
      cli.say(
        [
          `${cases.length} cases of a ${format} file are kept; ${answer.suite.name} holds ${answer.suite.cases}.`,
          ...notes,
        ].join('\n'),
        { suite: answer.suite, kept: cases.length, notes },
      );
    });
  group
    .command('export <set>')
    .description('the cases as YAML')
    .option('-o, --output <file>')
    .action(async (suite: string, { output }: { output?: string }) => {
      const client = cli.client();
      const { cases } = await client.call(doors.show, { params: { suite: (await named(client, suite)).id } });
      if (output === undefined) cli.say(writeCasesFile(cases).trimEnd(), { cases });
      else {
        writeFileSync(output, writeCasesFile(cases));
        cli.say(`${cases.length} cases are in ${output}.`, { cases: cases.length, file: output });
      }
    });
  group
    .command('run <set>')
    .description('run it now; with --wait, exit 1 where it got worse or could not run')
    .option('--wait', 'until it has ended')
    .action(async (suite: string, { wait }: { wait?: boolean }) => {
      const client = cli.client();
      await runAndWait(cli, client, await named(client, suite), wait === true);
    });
  group
    .command('runs [set]')
    .description('runs, newest first')
    .action(async (suite?: string) => {
      const client = cli.client();
      const of = suite === undefined ? {} : { suite: (await named(client, suite)).id };
      const answer = await client.call(doors.runs, { query: of });
      cli.table(
        answer.runs,
        [
          { head: 'run', of: (it) => it.id },
          { head: 'set', of: (it) => it.name },
          { head: 'version', of: (it) => it.versionName },
          { head: 'began', of: (it) => it.startedAt },
          { head: 'because', of: (it) => it.why },
          { head: 'passed', of: rateOf },
          { head: 'verdict', of: verdictOf },
        ],
        answer,
      );
    });
  tableOfResults(group, cli, 'what was lost');
  group
    .command('targets')
    .description('where questions are sent')
    .action(async () => {
      const answer = await cli.client().call(doors.targets, {});
      cli.table(
        answer.targets,
        [
          { head: 'name', of: (it) => it.name },
          { head: 'system', of: (it) => it.system },
          { head: 'kind', of: (it) => it.kind },
          { head: 'under test', of: (it) => it.versions },
          { head: 'today', of: (it) => `${it.askedToday} of ${it.perDay}` },
          { head: 'id', of: (it) => it.id },
        ],
        answer,
      );
    });
  group
    .command('target <file>')
    .description('add a target of a JSON file; its secret is kept encrypted')
    .action(async (file: string) => {
      const { target } = await cli.client().call(doors.addTarget, { body: targetIn(file) });
      cli.say(`${target.name} can be asked. Under test: ${target.versions}. ${target.id}`, target);
    });
  group
    .command('try <target> <question>')
    .description('ask a target one question; nothing is kept')
    .action(async (target: string, question: string) => {
      const client = cli.client();
      const { tried } = await client.call(doors.tryTarget, {
        params: { target: await targetNamed(client, target) },
        body: { question },
      });
      cli.say(tried.fault ?? tried.answer ?? '', tried);
      if (tried.fault !== null) throw new AnswerIsNo();
    });
};
