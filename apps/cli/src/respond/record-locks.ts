import { recordLocks as doors } from '@firebreak/contract/respond/record-locks';
import type { Register } from '../cli.ts';

/** `firebreak record-locks …` */
export const recordLocks: Register = (program, cli) => {
  const group = program.command('record-locks').description('records that are kept because incidents rest on them');
  group
    .command('list', { isDefault: true })
    .description('incidents, what is kept for them, since when and until when')
    .action(async () => {
      const answer = await cli.client().call(doors.list, {});
      cli.table(
        answer.locks,
        [
          { head: 'incident', of: (it) => it.label },
          { head: 'candidates', of: (it) => it.candidates.length },
          { head: 'named records', of: (it) => it.records.length },
          { head: 'all before orders', of: (it) => [...new Set(it.spans.map(({ system }) => system))].join(', ') },
          { head: 'since', of: (it) => it.since },
          { head: 'until', of: (it) => it.until ?? 'while open' },
        ],
        answer,
      );
    });
  group
    .command('release <incident>')
    .description('let the rules decide again, once it is closed; it takes somebody else than whoever closed it')
    .requiredOption('--reason <text>')
    .action(async (incident: string, { reason }: { reason: string }) => {
      const lock = await cli.client().call(doors.release, { params: { incident }, body: { reason } });
      cli.say(`Nothing is kept for ${lock.label} any more.`, lock);
    });
};
