import { people } from '@firebreak/contract/prepare/people';
import { roleDirectory as doors } from '@firebreak/contract/prepare/role-directory';
import { INCIDENT_ROLES, type IncidentRole } from '@firebreak/core/prepare/role-directory';
import { BadInput, type Register } from '../cli.ts';

/** `firebreak roles …`: who holds which role in an incident, and who steps in. */
export const roleDirectory: Register = (program, cli) => {
  const roles = program.command('roles').description('who holds which role in an incident');
  roles
    .command('list')
    .description('roles with primary and secondary, and what is missing')
    .action(async () => {
      const directory = await cli.client().call(doors.show, {});
      cli.table(
        directory.roles,
        [
          { head: 'role', of: (it) => it.role },
          { head: 'primary', of: (it) => it.primary?.name },
          { head: 'secondary', of: (it) => it.secondary?.name },
          {
            head: 'missing',
            of: (it) =>
              directory.gaps
                .filter((gap) => gap.role === it.role)
                .map((gap) => gap.why)
                .join(' '),
          },
        ],
        directory,
      );
    });
  roles
    .command('seat <role>')
    .description(`name who holds a role; one of: ${INCIDENT_ROLES.join(', ')}`)
    .option('--primary <email>', 'who holds it; left out: nobody')
    .option('--secondary <email>', 'who steps in')
    .action(async (role: string, options: { primary?: string; secondary?: string }) => {
      if (!INCIDENT_ROLES.includes(role as IncidentRole))
        throw new BadInput(`There is no role “${role}”. Choose from: ${INCIDENT_ROLES.join(', ')}.`);
      const { people: all } = await cli.client().call(people.list, {});
      const idOf = (email: string | undefined) => {
        if (email === undefined) return null;
        const found = all.find((person) => person.email === email.toLowerCase());
        if (found === undefined) throw new BadInput(`Nobody here has the e-mail address ${email}.`);
        return found.id;
      };
      const directory = await cli.client().call(doors.seat, {
        params: { role: role as IncidentRole },
        body: { primary: idOf(options.primary), secondary: idOf(options.secondary) },
      });
      const left = directory.gaps.filter((gap) => gap.role === role).map((gap) => gap.why);
      cli.say(left.length === 0 ? `The role ${role} is ready.` : left.join(' '), directory);
    });
};
