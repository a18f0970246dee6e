import { readFileSync } from 'node:fs';
import { rubric as doors, SeverityTable } from '@firebreak/contract/prepare/rubric';
import { AnswerIsNo, BadInput, type Register } from '../cli.ts';

const MOST_BYTES = 1_000_000;

/** A severity table in a JSON file. Throws BadInput that names the place. */
export function tableIn(file: string): SeverityTable {
  const text = readFileSync(file, 'utf8');
  if (text.length > MOST_BYTES) throw new BadInput(`${file} is larger than a severity table can be.`);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new BadInput(`${file} is not valid JSON: ${(error as Error).message}`);
  }
  const read = SeverityTable.safeParse(given);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  throw new BadInput(`${file}, at /${path.join('/')}: ${message}`);
}

/** `firebreak rubric …`: the severity table as a file. */
export const rubric: Register = (program, cli) => {
  const command = program.command('rubric').description('the severity table: definition, rules, examples');
  command
    .command('show')
    .description('the table in force; its JSON can be changed and adopted')
    .option('--version-number <n>', 'an older version')
    .action(async (options: { versionNumber?: string }) => {
      const it =
        options.versionNumber === undefined
          ? (await cli.client().call(doors.current, {})).current
          : await cli.client().call(doors.version, { params: { version: Number(options.versionNumber) } });
      cli.table(
        it.table.rules,
        [
          { head: 'rule', of: (rule) => rule.id },
          { head: 'sev', of: (rule) => rule.severity },
          { head: 'reads', of: (rule) => rule.reads },
        ],
        it.table,
      );
    });
  command
    .command('check <file>')
    .description('what is wrong with a table in a JSON file; exit 1 if anything is')
    .action(async (file: string) => {
      const { faults } = await cli.client().call(doors.check, { body: { table: tableIn(file) } });
      if (faults.length === 0) return cli.say('No fault found in 15,625 combinations of answers.', { faults });
      cli.table(
        faults,
        [
          { head: 'at', of: (fault) => fault.pointer },
          { head: 'why', of: (fault) => fault.why },
        ],
        { faults },
      );
      throw new AnswerIsNo();
    });
  command
    .command('adopt <file>')
    .description('put a table in force')
    .requiredOption('--reason <text>', 'why it changes')
    .option('--based-on <version>', 'the version it was made from; the one in force if left out')
    .action(async (file: string, options: { reason: string; basedOn?: string }) => {
      const table = tableIn(file);
      const basedOn = Number(options.basedOn ?? (await cli.client().call(doors.current, {})).current.version);
      const { current } = await cli.client().call(doors.adopt, { body: { table, basedOn, reason: options.reason } });
      cli.say(`Version ${current.version} of the severity table is in force.`, current);
    });
  command
    .command('accept')
    .description('take the table as delivered for one’s own, word for word')
    .action(async () => {
      const { version } = (await cli.client().call(doors.current, {})).current;
      const { current } = await cli.client().call(doors.accept, { body: { version } });
      cli.say(`Version ${current.version} of the severity table is your own.`, current);
    });
};
