import { policies as doors } from '@firebreak/contract/prepare/policies';
import { BadInput, type Register } from '../cli.ts';

const policyId = (text: string): `pol_${string}` => {
  if (!text.startsWith('pol_'))
    throw new BadInput(`“${text}” is no policy id. They begin with pol_; “firebreak policies list” shows them.`);
  return text as `pol_${string}`;
};
const exceptionId = (text: string): `exc_${string}` => {
  if (!text.startsWith('exc_'))
    throw new BadInput(
      `“${text}” is no exception id. They begin with exc_; “firebreak policies exceptions” shows them.`,
    );
  return text as `exc_${string}`;
};
const moment = (text: string): string => {
  if (Number.isNaN(Date.parse(text))) throw new BadInput(`“${text}” is no time. Write 2026-12-01T12:00:00Z.`);
  return new Date(text).toISOString();
};

/** `firebreak policies …` */
export const policies: Register = (program, cli) => {
  const group = program.command('policies').description('policies, what carries each out, and the exceptions to them');
  group
    .command('list')
    .description('policies, those that nothing carries out first')
    .option('--system <key>', 'only those that bind one system')
    .option('--all', 'withdrawn ones as well')
    .action(async (options: { system?: string; all?: boolean }) => {
      const { policies: rows } = await cli.client().call(doors.list, {
        query: { show: options.all ? 'all' : 'held', ...(options.system && { system: options.system }) },
      });
      cli.table(
        rows,
        [
          { head: 'policy', of: (it) => it.title },
          { head: 'binds', of: (it) => it.systems.join(' ') || 'every system' },
          { head: 'carried out by', of: (it) => (it.means.length === 0 ? 'NOT MAPPED' : it.means.length) },
          { head: 'nothing for', of: (it) => it.uncovered.join(' ') || null },
          { head: 'exceptions', of: (it) => it.exceptions.inForce },
          { head: 'look again', of: (it) => (it.reviewDue ? `${it.reviewBy} (due)` : it.reviewBy) },
          { head: 'id', of: (it) => it.id },
        ],
        rows,
      );
    });
  group
    .command('show <policy>')
    .description('what carries a policy out, as it is written; “policies check” says whether it is there')
    .action(async (policy: string) => {
      const answer = await cli.client().call(doors.show, { params: { policy: policyId(policy) } });
      cli.table(
        answer.policy.means.map((means) => {
          const { kind, ...where } = means;
          return { kind, what: Object.values(where).join(' / ') };
        }),
        [
          { head: 'by', of: (it) => it.kind },
          { head: 'what', of: (it) => it.what },
        ],
        answer,
      );
    });
  group
    .command('exceptions')
    .description('exceptions asked for or in force; with --at, those in force at that time')
    .option('--system <key>', 'only those of one system')
    .option('--policy <id>', 'only those to one policy')
    .option('--at <time>', 'for an auditor: was it a known exception at this time?', moment)
    .option('--all', 'those that are over as well')
    .action(async (options: { system?: string; policy?: string; at?: string; all?: boolean }) => {
      const answer = await cli.client().call(doors.exceptions, {
        query: {
          show: options.all ? 'all' : 'open',
          ...(options.system && { system: options.system }),
          ...(options.policy && { policy: policyId(options.policy) }),
          ...(options.at && { at: options.at }),
        },
      });
      cli.table(
        answer.exceptions,
        [
          { head: 'state', of: (it) => it.state },
          { head: 'policy', of: (it) => it.policyTitle },
          { head: 'where', of: (it) => (it.feature ? `${it.system}/${it.feature}` : it.system) },
          { head: 'until', of: (it) => it.until },
          { head: 'why', of: (it) => it.why },
          { head: 'id', of: (it) => it.id },
        ],
        answer,
      );
    });
  group
    .command('ask <policy>')
    .description('ask for an exception; somebody else has to approve it')
    .requiredOption('--system <key>', 'for which system')
    .option('--feature <key>', 'for which part; the whole system unless given')
    .requiredOption('--why <text>')
    .requiredOption('--instead <text>', 'what is done instead')
    .requiredOption('--until <time>', 'at most 365 days from now', moment)
    .action(
      async (
        policy: string,
        options: { system: string; feature?: string; why: string; instead: string; until: string },
      ) => {
        const { system, feature, why, instead, until } = options;
        const { exception } = await cli.client().call(doors.ask, {
          params: { policy: policyId(policy) },
          body: { system, feature: feature ?? null, why, compensating: instead, until },
        });
        cli.say(`Asked for ${exception.id}. It is none until somebody else approves it.`, exception);
      },
    );
  group
    .command('approve <policy> <exception>')
    .description('approve an exception somebody else asked for')
    .option('--note <text>', '', '')
    .action(async (policy: string, exception: string, { note }: { note: string }) => {
      const params = { policy: policyId(policy), exception: exceptionId(exception) };
      const { exception: it } = await cli.client().call(doors.approve, { params, body: { note } });
      cli.say(`In force until ${it.until}.`, it);
    });
  group
    .command('renew <policy> <exception>')
    .description('make an exception last longer; not by whoever asked for it')
    .requiredOption('--until <time>', 'at most 365 days from now', moment)
    .requiredOption('--reason <text>')
    .action(async (policy: string, exception: string, { until, reason }: { until: string; reason: string }) => {
      const params = { policy: policyId(policy), exception: exceptionId(exception) };
      const { exception: it } = await cli.client().call(doors.renew, { params, body: { until, reason } });
      cli.say(`In force until ${it.until}.`, it);
    });
  group
    .command('decline <policy> <exception>')
    .description('decline an exception, or take back what one asked for')
    .requiredOption('--reason <text>')
    .action(async (policy: string, exception: string, { reason }: { reason: string }) => {
      const params = { policy: policyId(policy), exception: exceptionId(exception) };
      const { exception: it } = await cli.client().call(doors.decline, { params, body: { reason } });
      cli.say(`Declined; “${it.policyTitle}” holds for ${it.system}.`, it);
    });
  group
    .command('end <policy> <exception>')
    .description('end an exception before its time')
    .requiredOption('--reason <text>')
    .action(async (policy: string, exception: string, { reason }: { reason: string }) => {
      const params = { policy: policyId(policy), exception: exceptionId(exception) };
      const { exception: it } = await cli.client().call(doors.end, { params, body: { reason } });
      cli.say(`Ended; “${it.policyTitle}” holds again for ${it.system}.`, it);
    });
  group
    .command('trend')
    .description('exceptions by month over the last 12 months')
    .action(async () => {
      const { trend } = await cli.client().call(doors.trend, {});
      cli.table(
        trend,
        [
          { head: 'month', of: (it) => it.month },
          { head: 'opened', of: (it) => it.opened },
          { head: 'in force', of: (it) => it.inForce },
          { head: 'lapsed', of: (it) => it.lapsed },
        ],
        trend,
      );
    });
};
