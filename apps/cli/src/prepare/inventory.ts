import { inventory as doors } from '@firebreak/contract/prepare/inventory';
import type { Register } from '../cli.ts';

/** `firebreak systems …` */
export const inventory: Register = (program, cli) => {
  const systems = program.command('systems').description('AI systems');
  systems
    .command('list')
    .description('list the systems')
    .action(async () => {
      const { systems: rows } = await cli.client().call(doors.list, {});
      cli.table(
        rows,
        [
          { head: 'key', of: (s) => s.key },
          { head: 'name', of: (s) => s.name },
          { head: 'type', of: (s) => s.type },
          { head: 'owner', of: (s) => s.owner },
          { head: 'features', of: (s) => s.features },
          { head: 'last change', of: (s) => s.lastChangeAt },
        ],
        rows,
      );
    });
  systems
    .command('show <system>')
    .description('one system, by key or id')
    .action(async (system: string) => {
      const { system: found } = await cli.client().call(doors.show, { params: { system } });
      const rows = found.deployments.map((d) => ({ ...d.versions, name: d.name, since: d.since }));
      cli.table(
        rows,
        [
          { head: 'deployment', of: (d) => d.name },
          { head: 'model', of: (d) => d.model },
          { head: 'prompt', of: (d) => d.prompt },
          { head: 'index', of: (d) => d.index },
          { head: 'since', of: (d) => d.since },
        ],
        found,
      );
    });
  systems
    .command('create <key>')
    .description('register a system')
    .requiredOption('--name <name>', 'its name')
    .option('--type <type>', 'generative, agent, predictive or voice', 'generative')
    .option('--owner <owner>', 'who answers for it', '')
    .option('--feature <key...>', 'features, as guards and telemetry name them', [])
    .action(async (key: string, options: { name: string; type: 'generative'; owner: string; feature: string[] }) => {
      const { system } = await cli.client().call(doors.register, {
        body: {
          key,
          name: options.name,
          type: options.type,
          owner: options.owner,
          features: options.feature.map((feature) => ({ key: feature, name: feature })),
        },
      });
      cli.say(`Registered ${system.name} (${system.key}).`, system);
    });
  systems
    .command('deploy <system>')
    .description('record that versions went live')
    .option('--deployment <name>', 'which deployment', 'production')
    .option('--model <version>')
    .option('--prompt <version>')
    .option('--index <version>')
    .option('--tools <version>')
    .option('--note <text>', 'what changed', '')
    .action(
      async (
        system: string,
        {
          deployment,
          note,
          ...versions
        }: { deployment: string; note: string; model?: string; prompt?: string; index?: string; tools?: string },
      ) => {
        const { system: changed } = await cli
          .client()
          .call(doors.deploy, { params: { system }, body: { deployment, note, versions } });
        cli.say(`Recorded on ${changed.name}.`, changed);
      },
    );
};
