import { readFile, writeFile } from 'node:fs/promises';
import { type Conformance, playbooks as doors } from '@firebreak/contract/prepare/playbooks';
import { SYSTEM_TYPES } from '@firebreak/core/prepare/inventory';
import { PLAYBOOK_ARCHETYPES } from '@firebreak/core/prepare/playbooks';
import { Option } from 'commander';
import { AnswerIsNo, BadInput, type Cli, type Register } from '../cli.ts';

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new BadInput(`“${text}” is not a version. Versions are numbers from 1.`);
  return Number(text);
};

interface ImportOptions {
  readonly lenient?: boolean;
  readonly check?: boolean;
  readonly archetype?: (typeof PLAYBOOK_ARCHETYPES)[number];
  readonly systemType?: (typeof SYSTEM_TYPES)[number];
}

/** `firebreak playbooks …`, also `firebreak playbook …` */
export const playbooks: Register = (program, cli) => {
  const group = program.command('playbooks').alias('playbook').description('what to do for each kind of failure');
  group
    .command('list')
    .description('list the playbooks, one’s own first')
    .action(async () => {
      const { playbooks: rows } = await cli.client().call(doors.list, {});
      cli.table(
        rows,
        [
          { head: 'key', of: (row) => row.key },
          { head: 'name', of: (row) => row.name },
          { head: 'steps', of: (row) => row.steps },
          { head: 'version', of: (row) => (row.own ? row.version : `shipped ${row.edition}`) },
        ],
        rows,
      );
    });
  group
    .command('show <playbook>')
    .description('the steps of a playbook, by phase')
    .option('--version-number <n>', 'another version than the newest', whole)
    .action(async (playbook: string, { versionNumber: version }: { versionNumber?: number }) => {
      const { playbook: it } = await cli
        .client()
        .call(doors.show, { params: { playbook }, query: { ...(version && { version }) } });
      cli.table(
        it.content.steps,
        [
          { head: 'phase', of: (step) => step.phase },
          { head: 'step', of: (step) => step.text },
          { head: 'owner', of: (step) => step.owner },
          { head: 'done by', of: (step) => step.doneBy ?? 'a person' },
        ],
        it,
      );
    });
  group
    .command('diff <playbook> <from> <to>')
    .description('what changed between two versions')
    .action(async (playbook: string, from: string, to: string) => {
      const query = { from: whole(from), to: whole(to) };
      const diff = await cli.client().call(doors.diff, { params: { playbook }, query });
      const head = diff.head.map((each) => ({ change: 'changed', what: each.member, now: each.after }));
      const steps = diff.steps.map((each) => ({
        change: each.change,
        what: each.members.length > 0 ? `${each.key}: ${each.members.join(', ')}` : each.key,
        now: each.after?.text ?? null,
      }));
      cli.table(
        [...head, ...steps],
        [
          { head: 'change', of: (row) => row.change },
          { head: 'what', of: (row) => row.what },
          { head: 'now', of: (row) => row.now },
        ],
        diff,
      );
    });
  group
    .command('adopt <playbook>')
    .description('make a shipped playbook your own, as it is')
    .option('--because <text>', 'why', 'Adopted as shipped')
    .action(async (key: string, { because }: { because: string }) => {
      const params = { playbook: key };
      const { playbook: shipped } = await cli.client().call(doors.show, { params, query: {} });
      if (shipped.own) return cli.say(`${key} is your own already, in version ${shipped.version}.`, shipped);
      const { playbook } = await cli.client().call(doors.save, { params, body: { content: shipped.content, because } });
      cli.say(`${key} is your own.`, playbook);
    });
  group
    .command('retire <playbook>')
    .description('retire one of your own; a shipped one of the same key is used again')
    .requiredOption('--reason <text>', 'why')
    .action(async (key: string, { reason }: { reason: string }) => {
      const done = await cli.client().call(doors.retire, { params: { playbook: key }, body: { reason } });
      cli.say(`Retired ${key}.`, done);
    });
  group
    .command('import <file>')
    .description('read a CACAO 2.0 file and say how far it conforms; nothing in it is run')
    .option('--lenient', 'mend what can be mended, and say what was')
    .option('--check', 'only report, keep nothing')
    .addOption(new Option('--archetype <archetype>', 'where the file does not say').choices(PLAYBOOK_ARCHETYPES))
    .addOption(new Option('--system-type <type>', 'where the file does not say').choices(SYSTEM_TYPES))
    .action(async (file: string, { lenient, check, archetype, systemType }: ImportOptions) => {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new BadInput(
          `${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}.`,
        );
      });
      const { report, playbook } = await cli.client().call(doors.read, {
        body: {
          text,
          mode: lenient ? 'lenient' : 'strict',
          keep: check !== true,
          ...(archetype && { archetype }),
          ...(systemType && { systemType }),
        },
      });
      tell(cli, report, playbook && `Kept as ${playbook.key}, version ${playbook.version}.`, { report, playbook });
      if (!report.accepted) throw new AnswerIsNo();
    });
  group
    .command('export <playbook> [file]')
    .description('write a playbook as a CACAO 2.0 file')
    .option('-o, --output <file>', 'where to; the key of the playbook unless given')
    .option('--version-number <n>', 'another version than the newest', whole)
    .action(
      async (
        playbook: string,
        named: string | undefined,
        { output, versionNumber: version }: { output?: string; versionNumber?: number },
      ) => {
        const document = await cli
          .client()
          .call(doors.write, { params: { playbook }, query: { ...(version && { version }) } });
        const file = named ?? output ?? `${playbook}.cacao.json`;
        await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
        cli.say(`Saved ${playbook} to ${file}.`, { file, playbook });
      },
    );
};

function tell(cli: Cli, report: Conformance, kept: string | null, value: unknown): void {
  const verdict = report.conforms
    ? `Conforms to CACAO 2.0: ${report.steps} steps.`
    : report.accepted
      ? `Does not conform as it stands; ${report.steps} steps were read, with ${report.findings.length} remarks.`
      : 'Refused: it does not conform to CACAO 2.0.';
  const carried = Object.entries(report.commands).map(([kind, count]) => `${count} ${kind}`);
  const lines = [
    verdict,
    ...report.findings.map(({ level, pointer, what }) => `  ${level} ${pointer || '/'}: ${what}`),
    ...(carried.length > 0 ? [`Commands kept as text, none run: ${carried.join(', ')}.`] : []),
    ...(!report.accepted && report.mode === 'strict' && report.dialect !== 'unknown'
      ? ['With --lenient it may be read all the same.']
      : []),
    ...(kept ? [kept] : []),
  ];
  cli.say(lines.join('\n'), value);
}
