import { risks as doors } from '@firebreak/contract/prepare/risks';
import type { Register } from '../cli.ts';

/** `firebreak risks …` */
export const risks: Register = (program, cli) => {
  program
    .command('risks')
    .description('the risk register')
    .command('list')
    .description('risks, gravest first')
    .option('--system <key>', 'only those of one system')
    .option('--all', 'closed ones as well')
    .action(async (options: { system?: string; all?: boolean }) => {
      const { risks: rows } = await cli.client().call(doors.list, {
        query: { show: options.all ? 'all' : 'open', ...(options.system && { system: options.system }) },
      });
      const grade = (it: { likelihood: number; impact: number } | null) => (it ? `${it.likelihood}×${it.impact}` : '—');
      cli.table(
        rows,
        [
          { head: 'risk', of: (it) => it.title },
          { head: 'systems', of: (it) => it.systems.join(' ') },
          { head: 'before', of: (it) => grade(it.inherent) },
          { head: 'treatment', of: (it) => it.treatment },
          { head: 'left', of: (it) => grade(it.residual) },
          { head: 'look again', of: (it) => (it.overdue ? `${it.reviewBy} (overdue)` : it.reviewBy) },
          { head: 'id', of: (it) => it.id },
        ],
        rows,
      );
    });
};
