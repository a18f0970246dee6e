import { readFile, stat } from 'node:fs/promises';
import { SYSTEMS_IN_FILE, type SystemsApplied, systemsFile } from '@firebreak/contract/prepare/systems-file';
import { BadInput, type Register } from '../cli.ts';

const MOST_BYTES = 30 * 1024 * 1024;
const SHOWN = 200;

/** The systems of a file: a list, or an object with a list under `systems`. JSON, which every YAML reader takes too. */
async function systemsIn(path: string): Promise<unknown[]> {
  const size = await stat(path).then(
    (found) => found.size,
    () => null,
  );
  if (size === null) throw new BadInput(`${path}: there is no such file.`);
  if (size > MOST_BYTES) throw new BadInput(`${path} is larger than ${MOST_BYTES / 1024 / 1024} MiB; split it.`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new BadInput(
      `${path} could not be read: ${(error as Error).message}. Write it as JSON: [{"key": "support-bot", "name": "Support"}]. ` +
        'A .yaml file may hold JSON too, since JSON is YAML; indented YAML is not read here.',
    );
  }
  const list =
    typeof value === 'object' && value !== null && 'systems' in value ? (value as { systems: unknown }).systems : value;
  if (!Array.isArray(list)) throw new BadInput(`${path} holds no list of systems, neither bare nor under "systems".`);
  if (list.length === 0) throw new BadInput(`${path} holds no system.`);
  if (list.length > SYSTEMS_IN_FILE)
    throw new BadInput(`${path} holds ${list.length} systems; one file holds at most ${SYSTEMS_IN_FILE}.`);
  return list;
}

const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value || '“”' : JSON.stringify(value ?? null);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
};

/** A plan as lines of a difference: `+` for a new system, `~` for one that changes, then member by member. */
function sayPlan({ rows, same, problems }: SystemsApplied): string {
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
      ({ row, key, pointer, detail }) => `! row ${row + 1}${key ? ` (${key})` : ''} ${pointer}: ${detail}`,
    ),
  );
  return lines.join('\n');
}

/** `firebreak systems apply` */
export const applySystems: Register = (program, cli) => {
  program.commands
    .find((command) => command.name() === 'systems')!
    .command('apply <file>')
    .description('make the inventory what a file says: shows the difference, and changes something only with --yes')
    .option('--yes', 'apply it', false)
    .action(async (file: string, { yes }: { yes: boolean }) => {
      const systems = await systemsIn(file);
      const done = await cli.client().call(systemsFile.apply, { body: { systems, dryRun: !yes } });
      const counts = `${done.created} new, ${done.changed} changed, ${done.same} as before, ${done.problems.length} not taken`;
      cli.say(
        `${sayPlan(done)}\n${yes ? 'Applied' : 'Nothing was changed yet'}: ${counts}.${yes ? '' : ' Apply it with --yes.'}`,
        done,
      );
      if (done.problems.length > 0)
        throw new BadInput(
          `${done.problems.length} of ${systems.length} rows cannot be taken; they are named above${yes ? ', and the rest was applied' : ''}.`,
        );
    });
};
