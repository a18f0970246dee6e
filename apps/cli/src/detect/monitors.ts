import { readFileSync } from 'node:fs';
import type { Client } from '@firebreak/client';
import { monitors as doors, type Monitor, MonitorDescription } from '@firebreak/contract/detect/monitors';
import type { Command } from 'commander';
import type { z } from 'zod';
import { BadInput, type Register } from '../cli.ts';

interface Described {
  readonly file?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly address?: string;
  readonly system?: string;
  readonly vendor?: string;
  readonly brand?: string[];
  readonly must?: string[];
  readonly any?: string[];
  readonly not?: string[];
  readonly every?: string;
  readonly threshold?: string;
  readonly pages?: boolean;
}

const described = (command: Command): Command =>
  command
    .option('--file <json>', 'a whole description as JSON, for example with near words or paths')
    .option('--kind <kind>', 'hacker-news, reddit, feed, incident-database, status-page or json')
    .option('--name <text>')
    .option('--address <url>', 'left out: where this kind usually is')
    .option('--system <key>', 'the AI system it is about')
    .option('--vendor <id>', 'whose status page it is')
    .option('--brand <words...>', 'names of the product: one must stand there')
    .option('--must <words...>', 'all of these must')
    .option('--any <words...>', 'one of these must')
    .option('--not <words...>', 'none of these may')
    .option('--every <minutes>')
    .option('--threshold <0..1>', 'least relevance that is kept')
    .option('--pages', 'what it finds pages alone');

/** The description from options, or from a file. */
function bodyOf({
  file,
  kind,
  name,
  address,
  system,
  vendor,
  brand,
  must,
  any,
  not,
  every,
  threshold,
  pages,
}: Described) {
  let said: unknown = {
    name: name ?? kind,
    kind,
    address,
    system,
    vendor,
    keywords: { brand, must, any, not },
    everyMinutes: every === undefined ? undefined : Number(every),
    threshold: threshold === undefined ? undefined : Number(threshold),
    pages,
  };
  if (file !== undefined)
    try {
      said = JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      throw new BadInput(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : error}`);
    }
  const read = MonitorDescription.safeParse(said);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new BadInput(`${issue!.path.join('.') || 'the description'}: ${issue!.message}`);
  }
  return read.data satisfies z.output<typeof MonitorDescription>;
}

async function named(client: Client, monitor: string): Promise<Monitor> {
  const { monitors } = await client.call(doors.list, { query: {} });
  const found = monitors.filter(({ id, name }) => id === monitor || name.toLowerCase() === monitor.toLowerCase());
  if (found.length === 1) return found[0]!;
  throw new BadInput(
    found.length === 0
      ? `There is no monitor “${monitor}”. “firebreak monitors list” shows the ones there are.`
      : `${found.length} monitors are called “${monitor}”. Name one by its id.`,
  );
}

const standing = ({ paused, silent, fault, lookedAt }: Monitor): string =>
  paused !== null
    ? 'paused'
    : silent !== null
      ? 'SILENT'
      : fault !== null
        ? 'failing'
        : lookedAt === null
          ? 'new'
          : 'listening';

/** `firebreak monitors …` */
export const monitors: Register = (program, cli) => {
  const group = program.command('monitors').description('what is watched outside, and why things were dropped');
  group
    .command('list')
    .description('monitors, silent ones first')
    .action(async () => {
      const answer = await cli.client().call(doors.list, { query: {} });
      cli.table(
        answer.monitors,
        [
          { head: 'name', of: (it) => it.name },
          { head: 'kind', of: (it) => it.kind },
          { head: 'about', of: (it) => it.vendorName ?? it.system },
          { head: 'state', of: standing },
          { head: 'kept', of: (it) => it.kept },
          { head: 'dropped', of: (it) => it.dropped },
          { head: 'last look', of: (it) => it.lookedAt },
          { head: 'fault', of: (it) => it.fault },
          { head: 'id', of: (it) => it.id },
        ],
        answer,
      );
    });
  described(group.command('add').description('watch a source')).action(async (options: Described) => {
    const { monitor } = await cli.client().call(doors.add, { body: bodyOf(options) });
    cli.say(`${monitor.name} looks at ${monitor.looksAt} every ${monitor.everyMinutes} minutes.`, monitor);
  });
  described(group.command('test').description('show what would be found; nothing is kept and nobody is told')).action(
    async (options: Described) => {
      const { trial } = await cli.client().call(doors.test, { body: bodyOf(options) });
      if (trial.fault !== null) {
        cli.say(`${trial.looksAt} cannot be read: ${trial.fault}`, trial);
        return;
      }
      cli.table(
        trial.items,
        [
          { head: 'kept', of: (it) => (it.kept ? 'yes' : 'no') },
          { head: 'title', of: (it) => it.title.slice(0, 70) },
          { head: 'why', of: (it) => it.reasons.join('; ') },
        ],
        trial,
      );
    },
  );
  group
    .command('items <monitor>')
    .description('what it saw, and why each was kept or dropped; by name or id')
    .option('--dropped', 'only what was dropped')
    .option('--kept', 'only what was kept')
    .action(async (monitor: string, options: { dropped?: boolean; kept?: boolean }) => {
      const client = cli.client();
      const { id } = await named(client, monitor);
      const show = options.dropped ? 'dropped' : options.kept ? 'kept' : 'all';
      const { items } = await client.call(doors.items, { params: { monitor: id }, query: { show } });
      cli.table(
        items,
        [
          { head: 'seen', of: (it) => it.firstSeenAt },
          { head: 'kept', of: (it) => (it.kept ? 'yes' : 'no') },
          { head: 'title', of: (it) => it.title.slice(0, 70) },
          { head: 'why', of: (it) => it.reasons.join('; ') },
          { head: 'address', of: (it) => it.url },
        ],
        items,
      );
    });
  group
    .command('pause <monitor>')
    .description('stop looking, with a reason')
    .requiredOption('--reason <text>')
    .action(async (monitor: string, { reason }: { reason: string }) => {
      const client = cli.client();
      const { id } = await named(client, monitor);
      const answer = await client.call(doors.pause, { params: { monitor: id }, body: { reason } });
      cli.say(`${answer.monitor.name} is paused.`, answer.monitor);
    });
  group
    .command('resume <monitor>')
    .description('look again')
    .action(async (monitor: string) => {
      const client = cli.client();
      const { id } = await named(client, monitor);
      const answer = await client.call(doors.resume, { params: { monitor: id } });
      cli.say(`${answer.monitor.name} looks again.`, answer.monitor);
    });
  group
    .command('remove <monitor>')
    .description('remove it; its record stays')
    .requiredOption('--reason <text>')
    .action(async (monitor: string, { reason }: { reason: string }) => {
      const client = cli.client();
      const { id, name } = await named(client, monitor);
      await client.call(doors.remove, { params: { monitor: id }, body: { reason } });
      cli.say(`${name} is removed.`, { removed: id });
    });
};
