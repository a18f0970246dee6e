import { setTimeout as pause } from 'node:timers/promises';
import { fireDrills as doors, type FireDrillRow } from '@firebreak/contract/detect/fire-drills';
import { STAGE_NAMES } from '@firebreak/core/detect/fire-drills';
import { AnswerIsNo, BadInput, type Register } from '../cli.ts';

const LONGEST_WAIT_S = 660;

function lines({ stages, ended, failure, system }: FireDrillRow): string {
  const sent = Date.parse(stages.sent);
  const reached = STAGE_NAMES.map((stage) => {
    const at = stages[stage];
    return `  ${stage.padEnd(10)} ${at === null ? 'not reached' : `${Math.max(0, Date.parse(at) - sent) / 1_000} s`}`;
  });
  return [
    `${failure} on ${system}: ${ended === null ? 'under way' : ended.outcome}`,
    ...reached,
    ended?.says ?? '',
  ].join('\n');
}

/** `firebreak drills detection …` */
export const fireDrills: Register = (program, cli) => {
  const drills =
    program.commands.find((each) => each.name() === 'drills') ?? program.command('drills').description('practice');
  const group = drills
    .command('detection')
    .description('known failures sent through the real path, timed to the channel');
  group
    .command('list', { isDefault: true })
    .description('the last drill of each system; exit code 1 where one is stale')
    .option('--system <key>')
    .action(async ({ system }: { system?: string }) => {
      const answer = await cli.client().call(doors.list, { query: system === undefined ? {} : { system } });
      cli.table(
        answer.systems,
        [
          { head: 'system', of: (it) => it.system },
          { head: 'last drill', of: (it) => it.lastAt },
          { head: 'outcome', of: (it) => it.outcome },
          { head: 'stale', of: (it) => (it.stale ? 'STALE' : 'no') },
        ],
        answer,
      );
      if (answer.systems.some(({ stale }) => stale)) throw new AnswerIsNo();
    });
  group
    .command('failures')
    .description('what can be sent')
    .action(async () => {
      const { failures } = await cli.client().call(doors.list, { query: {} });
      cli.table(
        failures,
        [
          { head: 'failure', of: (it) => it.key },
          { head: 'what', of: (it) => it.name },
          { head: 'kind', of: (it) => it.archetype },
          { head: 'detector', of: (it) => it.detector },
          { head: 'left out', of: (it) => it.skips },
        ],
        failures,
      );
    });
  group
    .command('run')
    .description('send one and wait for its end; exit code 1 where no channel had the page within five minutes')
    .requiredOption('--system <key>')
    .option('--failure <key>', 'see “firebreak drills detection failures”', 'leaked-secret')
    .option('--wait <seconds>', 'how long to wait for its end', String(LONGEST_WAIT_S))
    .action(async ({ system, failure, wait }: { system: string; failure: string; wait: string }) => {
      if (!/^\d{1,4}$/.test(wait)) throw new BadInput(`“${wait}” is no number of seconds.`);
      const client = cli.client();
      let drill: FireDrillRow = await client.call(doors.run, { body: { system, failure } });
      const until = Date.now() + Number(wait) * 1_000;
      while (drill.ended === null && Date.now() < until) {
        await pause(500);
        drill = await client.call(doors.show, { params: { drill: drill.id } });
      }
      cli.say(lines(drill), drill);
      if (drill.ended?.outcome !== 'met') throw new AnswerIsNo();
    });
};
