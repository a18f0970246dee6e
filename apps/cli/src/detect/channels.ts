import { channels as doors } from '@firebreak/contract/detect/channels';
import type { Register } from '../cli.ts';

/** `firebreak systems coverage | unregistered` */
export const channels: Register = (program, cli) => {
  const systems = program.commands.find((each) => each.name() === 'systems')!;
  systems
    .command('coverage [system]')
    .description('which detection channels a system has, when each was heard, and who is told')
    .action(async (system: string | undefined) => {
      const answer = await cli.client().call(doors.coverage, { query: system === undefined ? {} : { system } });
      cli.table(
        answer.systems.flatMap((each) => each.channels.map((channel) => ({ ...channel, system: each.system }))),
        [
          { head: 'system', of: (c) => c.system },
          { head: 'channel', of: (c) => c.channel },
          { head: 'state', of: (c) => c.state },
          { head: 'heard', of: (c) => c.heardAt },
          { head: 'tells', of: (c) => c.routedTo },
        ],
        answer,
      );
    });
  systems
    .command('unregistered')
    .description('systems that telemetry names and nobody registered')
    .action(async () => {
      const answer = await cli.client().call(doors.unregistered, {});
      cli.table(
        answer.systems,
        [
          { head: 'key', of: (s) => s.key },
          { head: 'interactions in 24 h', of: (s) => s.requests },
          { head: 'last', of: (s) => s.lastAt },
          { head: 'features', of: (s) => s.features.join(', ') || null },
        ],
        answer,
      );
    });
};
