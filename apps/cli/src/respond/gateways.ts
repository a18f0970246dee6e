import { gateways as doors } from '@firebreak/contract/respond/gateways';
import { AnswerIsNo, type Register } from '../cli.ts';

const since = (at: string | null): string => at ?? 'never';

/** `firebreak gateway status`; `firebreak gateway --config …` runs one, in the program beside this. */
export const gateways: Register = (program, cli) => {
  const group = program
    .command('gateway')
    .description('gateways; with --config gateway.json it runs one, as its own process (--help says how)');
  group
    .command('status')
    .description('how gateways and their upstreams are; exit 1 when none is live, or an upstream is left out')
    .action(async () => {
      const { gateways } = await cli.client().call(doors.list, {});
      const rows = gateways.flatMap((gateway) =>
        gateway.upstreams.map((upstream) => ({
          gateway,
          upstream,
          routes: gateway.routes.filter(({ upstreams }) => upstreams.includes(upstream.name)).map(({ name }) => name),
        })),
      );
      cli.table(
        rows,
        [
          { head: 'gateway', of: ({ gateway }) => gateway.instance },
          {
            head: 'is',
            of: ({ gateway }) =>
              !gateway.live ? 'silent' : gateway.fault === null ? 'live' : 'live, newest setup refused',
          },
          { head: 'upstream', of: ({ upstream }) => upstream.name },
          { head: 'routes', of: ({ routes }) => routes.join(', ') },
          {
            head: 'health',
            of: ({ upstream }) =>
              upstream.state === 'out' ? `out for ${Math.ceil(upstream.outForMs / 1_000)} s` : upstream.state,
          },
          { head: 'sent', of: ({ upstream }) => upstream.requests },
          { head: 'failed', of: ({ upstream }) => upstream.failed },
          { head: 'last answer', of: ({ upstream }) => since(upstream.lastAnsweredAt) },
          { head: 'holds key', of: ({ upstream }) => upstream.credential },
        ],
        gateways,
      );
      const live = gateways.filter((each) => each.live);
      if (live.length === 0 || live.some(({ upstreams }) => upstreams.some(({ state }) => state === 'out')))
        throw new AnswerIsNo();
    });
};
