import { restorations as doors, type Restoration } from '@firebreak/contract/respond/restorations';
import { BadInput, type Cli, type Register } from '../cli.ts';
import { holdNamed } from './hold-named.ts';

/** `10:30` or `50:60:NL,BE`: percent, minutes, countries. */
function stageOf(text: string): { percent: number; minutes: number; countries?: string[] } {
  const found = /^(\d{1,2}):(\d{1,5})(?::([A-Z]{2}(?:,[A-Z]{2})*))?$/.exec(text);
  if (found === null)
    throw new BadInput(`“${text}” is no stage. Write percent:minutes, for example 10:30, or 0:60:NL,BE.`);
  const [, percent, minutes, countries] = found;
  return {
    percent: Number(percent),
    minutes: Number(minutes),
    ...(countries !== undefined && { countries: countries.split(',') }),
  };
}

const many = (value: string, before: readonly string[]): string[] => [...before, value];

function needs(it: Restoration): string {
  const open = it.conditions.filter(({ met }) => met === null).length;
  if (it.state !== 'asked') return it.nextAt ?? '';
  return open > 0 ? `${open} conditions` : `${it.approvals.needed - it.approvals.given.length} people`;
}

function show(cli: Cli, rows: readonly Restoration[]): void {
  cli.table(
    rows,
    [
      { head: 'hold', of: (it) => it.label },
      { head: 'system', of: (it) => it.system },
      { head: 'does', of: (it) => it.says },
      { head: 'state', of: (it) => it.state },
      { head: 'step', of: (it) => `${it.step} of ${it.stages.length + 1}` },
      { head: 'waits for', of: needs },
    ],
    rows,
  );
}

/** `firebreak restorations …`: letting go of holds, step by step. */
export const restorations: Register = (program, cli) => {
  const all = program.command('restorations').description('letting go of holds, step by step');
  all
    .command('list')
    .description('those under way, or all of an incident')
    .option('--incident <incident>', 'of one incident, ended ones too')
    .action(async ({ incident }: { incident?: string }) => {
      const client = cli.client();
      const { restorations: rows } =
        incident === undefined
          ? await client.call(doors.waiting, {})
          : await client.call(doors.list, { params: { incident } });
      show(cli, rows);
    });
  all
    .command('ask <hold>')
    .description('ask to let a hold go; nothing changes until its conditions are met and others agree')
    .requiredOption('--reason <text>', 'why it is safe')
    .option('--check <text>', 'what has to be so first; may be given again', many, [])
    .option('--suite <id>', 'a golden set that has to pass; may be given again', many, [])
    .option('--stage <percent:minutes>', 'a step; may be given again', many, [])
    .option('--approvals <count>', 'people who have to agree, 1 or 2')
    .option('--watch <minutes>', 'how long it is watched afterwards')
    .action(
      async (
        name: string,
        o: { reason: string; check: string[]; suite: string[]; stage: string[]; approvals?: string; watch?: string },
      ) => {
        const client = cli.client();
        const { incident, hold } = await holdNamed(client, name);
        const asked = await client.call(doors.ask, {
          params: { incident, hold },
          body: {
            reason: o.reason,
            checks: o.check,
            suites: o.suite,
            stages: o.stage.map(stageOf),
            ...(o.approvals !== undefined && { approvals: Number(o.approvals) }),
            ...(o.watch !== undefined && { watchMinutes: Number(o.watch) }),
          },
        });
        cli.say(`Asked to let ${asked.label} go. It waits for ${needs(asked) || 'nothing'}.`, asked);
      },
    );
  all
    .command('met <hold> <place>')
    .description('say that a check was made; its place counts from 1')
    .requiredOption('--note <text>', 'how you know')
    .action(async (name: string, place: string, { note }: { note: string }) => {
      if (!/^[1-9]\d?$/.test(place)) throw new BadInput(`“${place}” is no place. The first condition is 1.`);
      const client = cli.client();
      const { incident, hold } = await holdNamed(client, name);
      const body = { condition: Number(place) - 1, note };
      const it = await client.call(doors.meet, { params: { incident, hold }, body });
      cli.say(`${it.label}: met. It waits for ${needs(it) || 'nothing'}.`, it);
    });
  all
    .command('approve <hold>')
    .description('agree to let go')
    .option('--note <text>', 'what you looked at', '')
    .action(async (name: string, { note }: { note: string }) => {
      const client = cli.client();
      const { incident, hold } = await holdNamed(client, name);
      const it = await client.call(doors.approve, { params: { incident, hold }, body: { note } });
      cli.say(`${it.label}: ${it.state}, step ${it.step} of ${it.stages.length + 1}.`, it);
    });
  all
    .command('halt <hold>')
    .description('hold everybody again, at once')
    .requiredOption('--reason <text>', 'what you see')
    .action(async (name: string, { reason }: { reason: string }) => {
      const client = cli.client();
      const { incident, hold } = await holdNamed(client, name);
      const it = await client.call(doors.halt, { params: { incident, hold }, body: { reason } });
      cli.say(`${it.label}: halted; everybody is held again.`, it);
    });
};
