import { readFile } from 'node:fs/promises';
import { CHANGE_TEXT_LIMIT, changes as doors } from '@firebreak/contract/prepare/changes';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { CHANGE_KINDS, type ChangeKind, PASSES } from '@firebreak/core/prepare/inventory';
import { BadInput, type Register } from '../cli.ts';

interface Depends {
  kind: 'system';
  down?: boolean;
  passes: string;
  approval: string;
  note: string;
}

interface Recorded {
  readonly kind: string;
  readonly subject: string;
  readonly from?: string;
  readonly to?: string;
  readonly deployment?: string;
  readonly textFile?: string;
  readonly note: string;
  readonly link: string;
  readonly id?: string;
}

async function textOf(path: string | undefined): Promise<string | null> {
  if (path === undefined) return null;
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) throw new BadInput(`${path}: there is no such file.`);
  if (text.length > CHANGE_TEXT_LIMIT)
    throw new BadInput(`${path} is longer than ${CHANGE_TEXT_LIMIT} characters; leave the text out, or send a part.`);
  return text;
}

/** `firebreak changes …`, and what is known around a system: `systems depends | graph`. */
export const changes: Register = (program, cli) => {
  const command = program.command('changes').description('what changed on AI systems');
  command
    .command('list <system>')
    .description('versions and changes, newest first')
    .option('--since <time>', 'ISO 8601 with a zone')
    .action(async (system: string, { since }: { since?: string }) => {
      const answer = await cli
        .client()
        .call(doors.timeLine, { params: { system }, query: { limit: 200, ...(since !== undefined && { since }) } });
      cli.table(
        answer.changes,
        [
          { head: 'when', of: (c) => c.occurredAt },
          { head: 'what', of: (c) => c.kind },
          { head: 'which', of: (c) => c.subject || null },
          { head: 'from', of: (c) => c.from },
          { head: 'to', of: (c) => c.to },
          { head: 'on', of: (c) => c.deployment },
          { head: 'source', of: (c) => c.source },
        ],
        answer,
      );
    });
  command
    .command('record <system>')
    .description('report one change, for example from a pipeline')
    .requiredOption('--kind <kind>', CHANGE_KINDS.join(', '))
    .option('--subject <name>', 'which prompt, tool, setting', '')
    .option('--from <version>')
    .option('--to <version>')
    .option('--deployment <name>', 'the deployment that runs it from now on')
    .option('--text-file <file>', 'the text as it now is, so that the difference can be shown')
    .option('--note <text>', 'why', '')
    .option('--link <url>', 'where the change is described', '')
    .option('--id <id>', 'the same id twice is the same change')
    .action(async (system: string, given: Recorded) => {
      if (!CHANGE_KINDS.some((kind) => kind === given.kind))
        throw new BadInput(`There is no kind “${given.kind}”. Kinds: ${CHANGE_KINDS.join(', ')}.`);
      const answer = await cli.client().call(doors.report, {
        body: {
          system,
          kind: given.kind as ChangeKind,
          subject: given.subject,
          from: given.from ?? null,
          to: given.to ?? null,
          deployment: given.deployment ?? null,
          text: await textOf(given.textFile),
          note: given.note,
          link: given.link,
          source: 'ci',
          ...(given.id !== undefined && { id: given.id }),
        },
      });
      cli.say(answer.duplicate > 0 ? 'Known already; nothing was recorded.' : 'Recorded.', answer);
    });

  const systems = program.commands.find((each) => each.name() === 'systems')!;
  systems
    .command('depends <system> <on>')
    .description('say that a system needs another, a vendor, a service or data; with --down, that it is needed by it')
    .option('--kind <kind>', 'system, vendor, service or data', 'system')
    .option('--down', 'the other needs this system')
    .option('--passes <what>', `what passes along it: ${PASSES.join(', ')}`, 'unsaid')
    .option('--approval <who>', 'who approves before anything passes, where a person really does', '')
    .option('--note <text>', 'what for', '')
    .action(async (system: string, on: string, given: Depends) => {
      const { kind, note, approval } = given;
      const flow = PASSES.find((each) => each === given.passes);
      if (flow === undefined)
        throw new BadInput(`“${given.passes}” is nothing that passes. Use one of: ${PASSES.join(', ')}.`);
      const direction = given.down ? 'down' : 'up';
      const answer = await cli.client().call(systemParts.declareDependency, {
        params: { system },
        body: { direction, kind, on, note, flow, approval },
      });
      cli.say(
        direction === 'up' ? `${answer.system.name} needs ${on}.` : `${on} needs ${answer.system.name}.`,
        answer.system,
      );
    });
  systems
    .command('graph <system>')
    .description('what a system needs and what needs it')
    .action(async (system: string) => {
      const graph = await cli.client().call(systemParts.graph, { params: { system } });
      cli.table(
        graph.edges,
        [
          { head: 'needs it', of: (e) => e.needs },
          { head: 'needed', of: (e) => e.needed },
        ],
        graph,
      );
    });
};
