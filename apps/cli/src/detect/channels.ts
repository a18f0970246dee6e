import { channels as doors } from '@firebreak/contract/detect/channels';
import { BadInput, type Register } from '../cli.ts';

/** `firebreak systems coverage | unregistered`, `firebreak channels …` */
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
  const group = program.command('channels').description('what should be heard every so often, and what is silent');
  group
    .command('list')
    .description('heartbeats, silent ones first')
    .action(async () => {
      const answer = await cli.client().call(doors.heartbeats, {});
      cli.table(
        answer.heartbeats,
        [
          { head: 'what', of: (it) => it.name },
          { head: 'state', of: (it) => (it.state === 'silent' ? 'SILENT' : it.state) },
          { head: 'heard', of: (it) => it.lastAt },
          { head: 'every minutes', of: (it) => it.everyMinutes },
          { head: 'late since', of: (it) => it.lateSince },
          { head: 'failed in 24 h', of: (it) => it.detector?.failed ?? null },
          { head: 'key', of: (it) => it.key },
        ],
        answer,
      );
    });
  group
    .command('expect <key>')
    .description('say how often something should be heard')
    .option('--every <minutes>')
    .option('--rarely', 'its silence means nothing')
    .option('--itself', 'as it says of itself')
    .action(async (key: string, { every, rarely, itself }: { every?: string; rarely?: boolean; itself?: boolean }) => {
      if ([every !== undefined, rarely, itself].filter(Boolean).length !== 1)
        throw new BadInput('Say one of --every <minutes>, --rarely, --itself.');
      if (every !== undefined && !(Number(every) >= 1)) throw new BadInput(`“${every}” is no number of minutes.`);
      const everyMinutes = rarely ? null : Number(every);
      const { heartbeat } = await cli.client().call(doors.expect, { body: { key, ...(!itself && { everyMinutes }) } });
      cli.say(
        heartbeat.everyMinutes === null
          ? `${heartbeat.name} is not expected regularly.`
          : `${heartbeat.name} is expected every ${heartbeat.everyMinutes} minutes.`,
        heartbeat,
      );
    });
};
