import type { Client } from '@firebreak/client';
import { decisionRights as doors, type RightsRow, type Rule } from '@firebreak/contract/respond/decision-rights';
import { ROLE_NAMES, type Role } from '@firebreak/core/prepare/people';
import { INCIDENT_ROLES, type IncidentRole } from '@firebreak/core/prepare/role-directory';
import { ACTS, type Act } from '@firebreak/core/respond/decision-rights';
import { BadInput, type Cli, type Register } from '../cli.ts';

function show(cli: Cli, rows: readonly RightsRow[]): void {
  cli.table(
    rows,
    [
      { head: 'of', of: (row) => row.of },
      { head: 'name', of: (row) => row.name },
      ...ACTS.map((act) => ({ head: act, of: (row: RightsRow) => row.says[act] })),
      {
        head: 'second person',
        of: ({ rule: { second } }) => (second ? `${second.when}, ${second.minutes} min` : 'no'),
      },
      { head: 'password', of: ({ rule }) => (rule.freshMinutes === null ? 'any' : `${rule.freshMinutes} min`) },
      { head: 'typed', of: ({ rule }) => (rule.typed ? 'yes' : 'no') },
    ],
    rows,
  );
}

/** `lead,administrator,commander`: roles of accounts and seats of the directory; `everybody`: nobody is singled out. */
function whoOf(text: string): Rule['who'][Act] {
  const names = text === 'everybody' ? [] : text.split(',').map((name) => name.trim());
  const unknown = names.find(
    (name) => !ROLE_NAMES.includes(name as Role) && !INCIDENT_ROLES.includes(name as IncidentRole),
  );
  if (unknown !== undefined)
    throw new BadInput(
      `“${unknown}” is no role. Use roles of accounts (${ROLE_NAMES.join(', ')}), seats (${INCIDENT_ROLES.join(', ')}), or everybody.`,
    );
  return {
    roles: names.filter((name) => ROLE_NAMES.includes(name as Role)) as Role[],
    seats: names.filter((name) => INCIDENT_ROLES.includes(name as IncidentRole)) as IncidentRole[],
  };
}

const minutesOf = (text: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new BadInput(`“${text}” is not a number of minutes.`);
  return Number(text);
};

function secondOf(text: string): Rule['second'] {
  if (text === 'no') return null;
  const [, when, minutes] = /^(before|after):([1-9]\d{0,4})$/.exec(text) ?? [];
  if (when === undefined) throw new BadInput(`“${text}”: write before:10, after:20, or no.`);
  return { when: when as 'before' | 'after', minutes: Number(minutes) };
}

/** A row by `narrow`, `wide`, the id of a control, or its name. */
async function rowNamed(client: Client, system: string, name: string): Promise<RightsRow> {
  const { rows } = await client.call(doors.show, { params: { system } });
  const found = rows.find((row) => row.of === name || row.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new BadInput(`${system} has no row “${name}”. There are: ${rows.map((row) => row.of).join(', ')}.`);
}

type Given = { readonly system: string; readonly reason: string } & {
  readonly [option in
    | 'pull'
    | 'extend'
    | 'ask'
    | 'approve'
    | 'breakGlass'
    | 'second'
    | 'fresh'
    | 'typed'
    | 'pages']?: string;
};

/** `firebreak rights …`: who may do what with each control. */
export const decisionRights: Register = (program, cli) => {
  const rights = program.command('rights').description('who may do what with each control');
  rights
    .command('show <system>')
    .description('one row for a part of it, one for all of it, one for each control')
    .action(async (system: string) => show(cli, (await cli.client().call(doors.show, { params: { system } })).rows));
  rights
    .command('set <of>')
    .description('change one row: narrow, wide, or a control by id or name; what is left out stays')
    .requiredOption('--system <key>', 'the system')
    .requiredOption('--reason <text>', 'why')
    .option('--pull <who>', 'roles and seats, for example responder,security; or everybody')
    .option('--extend <who>', 'the same')
    .option('--ask <who>', 'who may ask to let go')
    .option('--approve <who>', 'who may agree to let go')
    .option('--break-glass <who>', 'who may let go alone')
    .option('--second <when>', 'before:10, after:20, or no')
    .option('--fresh <minutes>', 'how old a password may be, or no')
    .option('--typed <yes|no>', 'whether the key of the system is typed')
    .option('--pages <yes|no>', 'whether a pull that touches all of the system pages people')
    .action(async (of: string, o: Given) => {
      const client = cli.client();
      const row = await rowNamed(client, o.system, of);
      const named = { pull: o.pull, extend: o.extend, ask: o.ask, approve: o.approve, 'break-glass': o.breakGlass };
      const who = { ...row.rule.who };
      for (const act of ACTS) {
        const text = named[act];
        if (text !== undefined) who[act] = whoOf(text);
      }
      const rule: Rule = {
        who,
        second: o.second === undefined ? row.rule.second : secondOf(o.second),
        freshMinutes: o.fresh === undefined ? row.rule.freshMinutes : o.fresh === 'no' ? null : minutesOf(o.fresh),
        typed: o.typed === undefined ? row.rule.typed : o.typed === 'yes',
        ...((o.pages === undefined ? row.rule.quiet : o.pages === 'no') && { quiet: true as const }),
      };
      const params = { system: o.system, of: row.of };
      show(cli, (await client.call(doors.set, { params, body: { rule, reason: o.reason } })).rows);
    });
  rights
    .command('reset <of>')
    .description('take the own rule of a row back')
    .requiredOption('--system <key>', 'the system')
    .requiredOption('--reason <text>', 'why')
    .action(async (of: string, { system, reason }: { system: string; reason: string }) => {
      const client = cli.client();
      const { of: row } = await rowNamed(client, system, of);
      show(cli, (await client.call(doors.set, { params: { system, of: row }, body: { rule: null, reason } })).rows);
    });
};
