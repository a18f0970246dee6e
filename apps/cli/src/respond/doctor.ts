import type { Client } from '@firebreak/client';
import { channels } from '@firebreak/contract/detect/channels';
import { containment } from '@firebreak/contract/respond/containment';
import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { executors } from '@firebreak/contract/respond/executors';
import { examine, type SystemHealth, surfaceWord } from '@firebreak/core/respond/containment';
import { AnswerIsNo, type Register } from '../cli.ts';

async function examined(client: Client, system: string | undefined): Promise<readonly SystemHealth[]> {
  const query = system === undefined ? {} : { system };
  const [coverage, roster, switches, heard] = await Promise.all([
    client.call(controlCoverage.show, { query }),
    client.call(containment.roster, { query: { ...query, limit: 2_000 } }),
    client.call(executors.list, { query: {} }),
    client.call(channels.coverage, { query }),
  ]);
  return examine({
    systems: coverage.systems,
    instances: roster.instances,
    executors: switches.executors,
    channels: heard.systems,
  });
}

/** `firebreak doctor`: what would stop at an order now, what would not, and what nobody has tried. */
export const doctor: Register = (program, cli) => {
  program
    .command('doctor')
    .description('for each system, what would stop now and what would not; exit 1 when something would not')
    .option('--system <key>', 'of one system only')
    .option('--all', 'also what is in order')
    .action(async (given: { system?: string; all?: true }) => {
      const systems = await examined(cli.client(), given.system);
      const rows = systems.flatMap((system) =>
        system.surfaces
          .filter(({ verdict }) => given.all || verdict !== 'stops')
          .map((surface) => ({ system, surface })),
      );
      if (rows.length === 0) {
        cli.say(
          systems.length === 0 ? 'No system is registered: nothing could be stopped.' : 'Everything would stop.',
          systems,
        );
        if (systems.length === 0) throw new AnswerIsNo();
        return;
      }
      cli.table(
        rows,
        [
          { head: 'system', of: ({ system }) => system.system },
          { head: 'would stop', of: ({ system }) => system.wouldStop },
          { head: 'what', of: ({ surface }) => surface.kind },
          { head: 'name', of: ({ surface }) => surface.name },
          { head: 'is', of: ({ surface }) => surfaceWord(surface) },
          { head: 'because', of: ({ surface }) => surface.says },
        ],
        systems,
      );
      if (rows.some(({ surface }) => surface.verdict !== 'stops')) throw new AnswerIsNo();
    });
};
