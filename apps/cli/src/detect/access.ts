import { access as doors } from '@firebreak/contract/detect/access';
import type { Register } from '../cli.ts';

/** `firebreak access …` */
export const access: Register = (program, cli) => {
  const group = program.command('access').description('who asks systems in an unusual way, and what is usual');
  group
    .command('list [system]')
    .description('what stood out, newest first')
    .action(async (system: string | undefined) => {
      const { told } = await cli.client().call(doors.list, { query: { limit: 200, ...(system && { system }) } });
      cli.table(
        told,
        [
          { head: 'at', of: (it) => it.at },
          { head: 'system', of: (it) => it.system },
          { head: 'kind', of: (it) => it.kind },
          { head: 'who', of: (it) => it.who ?? it.of },
          { head: 'seen', of: (it) => it.seen },
          { head: 'usual', of: (it) => (it.chance === null ? null : (it.usual?.toFixed(1) ?? null)) },
          { head: 'evidence', of: (it) => it.evidenceClass },
          { head: 'made of', of: (it) => it.interactions.length + it.signIns.length },
          { head: 'signal', of: (it) => it.signal },
        ],
        told,
      );
    });
  group
    .command('usual [system]')
    .description('what people, programs and sessions usually do')
    .action(async (system: string | undefined) => {
      const { usual } = await cli.client().call(doors.list, { query: { limit: 1, ...(system && { system }) } });
      cli.table(
        usual,
        [
          { head: 'system', of: (it) => it.system },
          { head: 'of', of: (it) => it.of },
          { head: 'seen', of: (it) => it.principals },
          { head: 'hours', of: (it) => it.windows },
          { head: 'requests an hour', of: (it) => it.perHour.toFixed(1) },
          { head: 'tokens an hour', of: (it) => (it.tokensPerHour === null ? null : Math.round(it.tokensPerHour)) },
          { head: 'known', of: (it) => (it.known ? 'yes' : 'not yet') },
        ],
        usual,
      );
    });
  group
    .command('spenders [system]')
    .description('who spent most tokens on the newest day, the most first')
    .action(async (system: string | undefined) => {
      const { usual } = await cli.client().call(doors.list, { query: { limit: 1, ...(system && { system }) } });
      const rows = usual.flatMap(({ system: of, spenders, spent, spentOn }) =>
        spenders.map((it) => ({ system: of, day: spentOn?.slice(0, 10) ?? null, share: it.tokens / spent, ...it })),
      );
      cli.table(
        rows,
        [
          { head: 'system', of: (it) => it.system },
          { head: 'day', of: (it) => it.day },
          { head: 'who', of: (it) => it.who },
          { head: 'tokens', of: (it) => it.tokens },
          { head: 'share', of: (it) => `${Math.round(100 * it.share)} %` },
          { head: 'of others at most', of: (it) => it.over },
        ],
        rows,
      );
    });
};
