import { accumulation as doors } from '@firebreak/contract/respond/accumulation';
import { BadInput, type Register } from '../cli.ts';

function proposalOf(id: string): `prp_${string}` {
  if (!id.startsWith('prp_'))
    throw new BadInput(`“${id}” is no id of a proposal; “firebreak parents list” shows them.`);
  return id as `prp_${string}`;
}

/** `firebreak parents …`: small incidents that add up */
export const parents: Register = (program, cli) => {
  const group = program.command('parents').description('small incidents that together may be a graver one');
  group
    .command('list')
    .description('proposals to declare a parent, with the reasons')
    .option('--all', 'decided ones as well')
    .option('--incident <id>', 'only those with this incident')
    .action(async ({ all, incident }: { all?: boolean; incident?: string }) => {
      const { proposals } = await cli
        .client()
        .call(doors.list, { query: { show: all ? 'all' : 'open', ...(incident && { incident }) } });
      cli.table(
        proposals,
        [
          { head: 'id', of: (it) => it.id },
          { head: 'state', of: (it) => it.state },
          { head: 'as sev', of: (it) => it.severity },
          { head: 'why', of: (it) => it.reasons.join('; ') },
        ],
        proposals,
      );
    });
  group
    .command('accept <proposal> <title>')
    .description('declare the parent; the others become its parts')
    .action(async (proposal: string, title: string) => {
      const { incident } = await cli
        .client()
        .call(doors.accept, { params: { proposal: proposalOf(proposal) }, body: { title } });
      cli.say(
        `${incident.label} declared, Sev ${incident.severity}, with ${incident.children.length} parts.`,
        incident,
      );
    });
  group
    .command('dismiss <proposal>')
    .description('say that they do not belong together')
    .requiredOption('--reason <text>', 'why not')
    .action(async (proposal: string, { reason }: { reason: string }) => {
      const answer = await cli
        .client()
        .call(doors.dismiss, { params: { proposal: proposalOf(proposal) }, body: { reason } });
      cli.say('Kept apart.', answer.proposal);
    });
};
