import { readFileSync } from 'node:fs';
import type { Client } from '@firebreak/client';
import { moderation as doors, type Moderator, ModeratorDescription } from '@firebreak/contract/detect/moderation';
import type { Command } from 'commander';
import { BadInput, type Register } from '../cli.ts';

interface Described {
  readonly kind?: string;
  readonly name?: string;
  readonly address?: string;
  readonly model?: string;
  readonly system?: string[];
  readonly side?: string;
  readonly share?: string;
  readonly aDay?: string;
  readonly timeout?: string;
  readonly threshold?: string;
  readonly whenSilent?: string;
  readonly keyFile?: string;
}

const described = (command: Command): Command =>
  command
    .requiredOption('--kind <kind>', 'openai-moderation, llama-guard or webhook')
    .requiredOption('--address <url>', 'the whole address that is posted to')
    .option('--name <text>')
    .option('--model <name>')
    .option('--system <keys...>', 'only these AI systems')
    .option('--side <side>', 'output, input or both')
    .option('--share <0..1>', 'part of the interactions')
    .option('--a-day <n>', 'most questions a day')
    .option('--timeout <ms>')
    .option('--threshold <0..1>', 'least score of a flag that counts')
    .option(
      '--when-silent <show|tell|page>',
      'who learns that it fails or hangs: whoever looks, its systems, somebody paged',
    )
    .option('--key-file <file>', 'a file with the key; a key on the command line would stay in its history');

function bodyOf(options: Described) {
  const { kind, name, address, model, system, side } = options;
  const number = (said: string | undefined) => (said === undefined ? undefined : Number(said));
  const read = ModeratorDescription.safeParse({
    name: name ?? kind,
    kind,
    address,
    model,
    systems: system,
    side,
    share: number(options.share),
    aDay: number(options.aDay),
    timeoutMs: number(options.timeout),
    threshold: number(options.threshold),
    whenSilent: options.whenSilent,
  });
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new BadInput(`${issue!.path.join('.') || 'the description'}: ${issue!.message}`);
  }
  return { ...read.data, ...keyIn(options) };
}

function keyIn({ keyFile }: Described): { key?: string } {
  if (keyFile === undefined) return {};
  try {
    return { key: readFileSync(keyFile, 'utf8').trim() };
  } catch (error) {
    throw new BadInput(`${keyFile} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

async function named(client: Client, moderator: string): Promise<Moderator> {
  const { moderators } = await client.call(doors.list, {});
  const found = moderators.filter(({ id, name }) => id === moderator || name.toLowerCase() === moderator.toLowerCase());
  if (found.length === 1) return found[0]!;
  throw new BadInput(
    found.length === 0
      ? `There is no moderator “${moderator}”. “firebreak moderators list” shows the ones there are.`
      : `${found.length} moderators are called “${moderator}”. Name one by its id.`,
  );
}

const standing = ({ paused, silent }: Moderator): string =>
  paused !== null ? 'paused' : silent !== null ? 'SILENT' : 'answering';
const rateOf = ({ precision: { rate, right, judged } }: Moderator): string | null =>
  rate === null ? null : `${right}/${judged} [${Math.round(rate.lower * 100)} %, ${Math.round(rate.upper * 100)} %]`;

/** `firebreak moderators …` */
export const moderators: Register = (program, cli) => {
  const group = program.command('moderators').description('moderation models that are asked for a second opinion');
  group
    .command('list')
    .description('who is asked, and how the last 24 hours went')
    .action(async () => {
      const answer = await cli.client().call(doors.list, {});
      cli.table(
        answer.moderators,
        [
          { head: 'name', of: (it) => it.name },
          { head: 'kind', of: (it) => it.kind },
          { head: 'state', of: standing },
          { head: 'asked', of: (it) => it.lastDay.asked },
          { head: 'flagged', of: (it) => it.lastDay.flagged },
          { head: 'no opinion', of: (it) => it.lastDay.none },
          { head: 'not asked', of: (it) => it.lastDay.notAsked },
          { head: 'flags right', of: rateOf },
          { head: 'fault', of: (it) => it.silent?.why ?? null },
          { head: 'id', of: (it) => it.id },
        ],
        answer,
      );
    });
  described(group.command('add').description('ask a model about interactions as they come in')).action(
    async (options: Described) => {
      const { moderator } = await cli.client().call(doors.add, { body: bodyOf(options) });
      cli.say(`${moderator.name} is asked from now on.`, moderator);
    },
  );
  described(
    group.command('test <text>').description('show what it would say; nothing is kept and nobody is told'),
  ).action(async (text: string, options: Described) => {
    const { trial } = await cli.client().call(doors.test, { body: { ...bodyOf(options), text } });
    const named = trial.said?.categories.map(({ name, score }) => (score === null ? name : `${name} ${score}`)) ?? [];
    const says =
      trial.said === null
        ? `no opinion: ${trial.fault ?? 'it said nothing about the text'}`
        : trial.said.flagged
          ? `flagged: ${named.join(', ') || 'no category'}${trial.counts ? '' : ' (below the score that counts)'}`
          : 'clean';
    cli.say(`${says} (${Math.round(trial.latencyMs)} ms)`, trial);
  });
  group
    .command('opinions <moderator>')
    .description('what it said, newest first; by name or id')
    .option('--show <which>', 'flagged, clean, none or all', 'flagged')
    .action(async (moderator: string, { show }: { show: string }) => {
      if (!['flagged', 'clean', 'none', 'all'].includes(show))
        throw new BadInput('--show is flagged, clean, none or all.');
      const client = cli.client();
      const { id } = await named(client, moderator);
      const { opinions } = await client.call(doors.opinions, {
        params: { moderator: id },
        query: { show: show as 'flagged' },
      });
      cli.table(
        opinions,
        [
          { head: 'at', of: (it) => it.at },
          { head: 'system', of: (it) => it.system },
          { head: 'state', of: (it) => it.state },
          { head: 'says', of: (it) => it.said?.categories.map(({ name }) => name).join(', ') || it.why },
          { head: 'answer', of: (it) => it.answer?.slice(0, 60) ?? null },
          { head: 'right', of: (it) => (it.right === null ? null : it.right ? 'yes' : 'no') },
          { head: 'interaction', of: (it) => it.interaction },
        ],
        opinions,
      );
    });
  group
    .command('judge <moderator> <interaction>')
    .description('say whether a flag was right')
    .option('--right', 'it was')
    .option('--wrong', 'it was not')
    .action(async (moderator: string, interaction: string, said: { right?: boolean; wrong?: boolean }) => {
      if (Boolean(said.right) === Boolean(said.wrong)) throw new BadInput('Say --right or --wrong.');
      const client = cli.client();
      const { id } = await named(client, moderator);
      const answer = await client.call(doors.judge, {
        params: { moderator: id },
        body: { interaction: interaction as `int_${string}`, right: said.right === true },
      });
      cli.say(`Of the judged flags, ${rateOf(answer.moderator)} were right.`, answer.moderator);
    });
  for (const [verb, door, done] of [
    ['pause', doors.pause, 'is paused'],
    ['remove', doors.remove, 'is removed'],
  ] as const)
    group
      .command(`${verb} <moderator>`)
      .description(verb === 'pause' ? 'stop asking, with a reason' : 'remove it; its record stays')
      .requiredOption('--reason <text>')
      .action(async (moderator: string, { reason }: { reason: string }) => {
        const client = cli.client();
        const { id, name } = await named(client, moderator);
        await client.call(door, { params: { moderator: id }, body: { reason } });
        cli.say(`${name} ${done}.`, { moderator: id });
      });
  group
    .command('resume <moderator>')
    .description('ask again')
    .action(async (moderator: string) => {
      const client = cli.client();
      const { id } = await named(client, moderator);
      const answer = await client.call(doors.resume, { params: { moderator: id } });
      cli.say(`${answer.moderator.name} is asked again.`, answer.moderator);
    });
};
