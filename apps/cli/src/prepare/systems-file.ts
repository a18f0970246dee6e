import { readFile, stat, writeFile } from 'node:fs/promises';
import { readSystemsFile, type SystemsRead, UnreadableFile, writeSystemsFile } from '@firebreak/client/systems-file';
import { type SystemsApplied, systemsFile } from '@firebreak/contract/prepare/systems-file';
import { BadInput, type Register } from '../cli.ts';

const MOST_BYTES = 64 * 1024 * 1024;
const SHOWN = 200;

/** The systems of a file, YAML or JSON. Throws BadInput that says where it is wrong. */
async function systemsIn(path: string): Promise<SystemsRead> {
  const size = await stat(path).then(
    (found) => found.size,
    () => null,
  );
  if (size === null) throw new BadInput(`${path}: there is no such file.`);
  if (size > MOST_BYTES) throw new BadInput(`${path} is larger than a file of systems can be; split it.`);
  try {
    return readSystemsFile(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof UnreadableFile) throw new BadInput(`${path}: ${error.message}`);
    throw error;
  }
}

const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value || '“”' : JSON.stringify(value ?? null);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
};

/** A plan as lines of a difference: `+` for a new system, `~` for one that changes, then member by member. */
function sayPlan({ rows, same, problems }: SystemsApplied, lineOf: (row: number) => number): string {
  const lines = rows
    .slice(0, SHOWN)
    .flatMap(({ key, action, changes }) => [
      `${action === 'create' ? '+' : '~'} ${key}`,
      ...changes.map(({ member, from, to }) =>
        action === 'create' ? `    ${member}: ${short(to)}` : `    ${member}: ${short(from)} → ${short(to)}`,
      ),
    ]);
  if (rows.length > SHOWN) lines.push(`… and ${rows.length - SHOWN} more`);
  if (same > 0) lines.push(`${same} as they should be`);
  lines.push(
    ...problems.map(
      ({ row, key, pointer, detail }) =>
        `! line ${lineOf(row)}, row ${row + 1}${key ? ` (${key})` : ''} ${pointer}: ${detail}`,
    ),
  );
  return lines.join('\n');
}

/** `firebreak systems apply` and `export` */
export const applySystems: Register = (program, cli) => {
  const group = program.commands.find((command) => command.name() === 'systems')!;
  group
    .command('apply <file>')
    .description(
      'make the inventory what a YAML or JSON file says: shows the difference, and changes something only with --yes',
    )
    .option('--yes', 'apply it', false)
    .action(async (file: string, { yes }: { yes: boolean }) => {
      const { systems, lineOf } = await systemsIn(file);
      const done = await cli.client().call(systemsFile.apply, { body: { systems: [...systems], dryRun: !yes } });
      const counts = `${done.created} new, ${done.changed} changed, ${done.same} as before, ${done.problems.length} not taken`;
      cli.say(
        `${sayPlan(done, lineOf)}\n${yes ? 'Applied' : 'Nothing was changed yet'}: ${counts}.${yes ? '' : ' Apply it with --yes.'}`,
        { ...done, problems: done.problems.map((problem) => ({ line: lineOf(problem.row), ...problem })) },
      );
      if (done.problems.length > 0)
        throw new BadInput(
          `${done.problems.length} of ${systems.length} rows cannot be taken; they are named above${yes ? ', and the rest was applied' : ''}.`,
        );
    });
  group
    .command('export [file]')
    .description('write the systems in use as a file: JSON where its name ends so, else YAML')
    .action(async (file: string | undefined) => {
      const found = await cli.client().call(systemsFile.show, {});
      const yaml = () => writeSystemsFile(found.systems);
      if (file === undefined) return cli.say(yaml().trimEnd(), found);
      await writeFile(file, file.endsWith('.json') ? `${JSON.stringify(found, null, 2)}\n` : yaml());
      cli.say(`Saved ${found.systems.length} systems to ${file}.`, { file, systems: found.systems.length });
    });
};
