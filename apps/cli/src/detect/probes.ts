import type { Client } from '@firebreak/client';
import { type EvalRun, type EvalSuite, evals } from '@firebreak/contract/detect/evals';
import { probes as doors } from '@firebreak/contract/detect/probes';
import { BadInput, type Register } from '../cli.ts';
import { rateOf, readFileText, runAndWait, suiteNamed, tableOfResults, tableOfSuites, targetNamed } from './evals.ts';

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;
const scoreOf = ({ probed }: EvalRun): string => {
  if (probed === null) return '—';
  if (probed.hitsAlone) return 'not known, hits alone';
  const { resistance, overRefusal } = probed;
  if (resistance === null) return '—';
  const refused =
    overRefusal === null || overRefusal.held === 0
      ? ''
      : `, refused ${overRefusal.held} of ${overRefusal.all} harmless`;
  return `${percent(resistance.share)} (${percent(resistance.interval.lower)}–${percent(resistance.interval.upper)})${refused}`;
};

interface Described {
  readonly target: string;
  readonly canary?: string;
  readonly families?: string[];
  readonly every?: string;
}

/** `firebreak probes …` */
export const probes: Register = (program, cli) => {
  const group = program.command('probes').description('harmless attacks on your own systems, and how much they resist');
  const named = async (client: Client, suite: string): Promise<EvalSuite> =>
    suiteNamed((await client.call(doors.list, { query: {} })).suites, suite, 'probes');
  group
    .command('list')
    .description('sets of probes with their last runs')
    .option('--system <key>')
    .action(async ({ system }: { system?: string }) => {
      const answer = await cli.client().call(doors.list, { query: { ...(system && { system }) } });
      tableOfSuites(cli, answer.suites, answer);
    });
  group
    .command('shipped')
    .description('the families of probes that are shipped, and how success is judged')
    .action(async () => {
      const answer = await cli.client().call(doors.catalogue, {});
      cli.table(
        answer.families,
        [
          { head: 'family', of: (it) => it.id },
          { head: 'probes', of: (it) => it.probes },
          { head: 'ATLAS', of: (it) => it.technique },
          { head: 'OWASP', of: (it) => it.owasp },
          { head: 'judged by', of: (it) => it.judged },
        ],
        answer,
      );
    });
  group
    .command('add <name>')
    .description('probe a system on a schedule')
    .requiredOption('--target <name>', 'where it asks')
    .option('--canary <word>', 'a word you planted in the instructions of the system')
    .option('--families <ids...>', 'left out: all')
    .option('--every <minutes>', 'left out: every day')
    .action(async (name: string, { target, canary, families, every }: Described) => {
      const client = cli.client();
      const { suite } = await client.call(doors.add, {
        body: {
          name,
          target: await targetNamed(client, target),
          ...(canary !== undefined && { canary }),
          ...(families !== undefined && { families }),
          ...(every !== undefined && { everyMinutes: Number(every) }),
        },
      });
      cli.say(`${suite.name} probes ${suite.system} with ${suite.cases} questions. ${suite.id}`, suite);
    });
  group
    .command('run <set>')
    .description('run it now; with --wait, exit 1 where it resists less or could not run')
    .option('--wait', 'until it has ended')
    .action(async (suite: string, { wait }: { wait?: boolean }) => {
      const client = cli.client();
      await runAndWait(cli, client, await named(client, suite), wait === true);
    });
  group
    .command('show <set>')
    .description('resistance by technique in the last run, the weakest first')
    .action(async (suite: string) => {
      const client = cli.client();
      const { id } = await named(client, suite);
      const { runs } = await client.call(evals.runs, { query: { suite: id } });
      const last = runs.find(({ tool, probed }) => tool === null && probed !== null);
      if (last === undefined) throw new BadInput('It has not run yet. “firebreak probes run” runs it.');
      cli.table(
        last.probed!.techniques,
        [
          { head: 'technique', of: (it) => it.technique },
          { head: 'name', of: (it) => it.name },
          { head: 'held', of: (it) => `${it.score.held} of ${it.score.all}` },
          {
            head: 'resistance',
            of: ({ score }) =>
              `${percent(score.share)} (${percent(score.interval.lower)}–${percent(score.interval.upper)})`,
          },
        ],
        last,
      );
    });
  group
    .command('runs <set>')
    .description('runs and files that were read in, newest first')
    .action(async (suite: string) => {
      const client = cli.client();
      const answer = await client.call(evals.runs, { query: { suite: (await named(client, suite)).id } });
      cli.table(
        answer.runs,
        [
          { head: 'run', of: (it) => it.id },
          { head: 'version', of: (it) => it.versionName },
          { head: 'began', of: (it) => it.startedAt },
          { head: 'by', of: (it) => it.tool ?? 'firebreak' },
          { head: 'held', of: rateOf },
          { head: 'resistance', of: scoreOf },
          { head: 'verdict', of: (it) => it.comparison?.verdict },
        ],
        answer,
      );
    });
  tableOfResults(group, cli, 'what got through');
  group
    .command('import <set> <file>')
    .description('read in results of promptfoo (JSON) or garak (report or hit log, JSON lines)')
    .option('--prompt <version>', 'the version that was probed; left out: what is recorded')
    .option('--model <version>')
    .action(async (suite: string, file: string, { prompt, model }: { prompt?: string; model?: string }) => {
      const text = readFileText(file);
      const client = cli.client();
      const { id } = await named(client, suite);
      const versions = { ...(prompt !== undefined && { prompt }), ...(model !== undefined && { model }) };
      const answer = await client.call(doors.importReport, {
        params: { suite: id },
        body: { text, ...(Object.keys(versions).length > 0 && { versions }) },
      });
      const { run } = answer;
      const head = answer.again ? 'This file was read in before.' : `${run.total} results of ${run.why} are read in.`;
      cli.say([head, `Resistance ${scoreOf(run)}. ${run.id}`, ...answer.notes].join('\n'), answer);
    });
  group
    .command('export <set>')
    .description('the last run as JSON: every probe with its answer and what became of it')
    .action(async (suite: string) => {
      const client = cli.client();
      const { last } = await named(client, suite);
      if (last === null) throw new BadInput('It has not run yet. “firebreak probes run” runs it.');
      cli.record(await client.call(evals.showRun, { params: { run: last.id } }));
    });
};
