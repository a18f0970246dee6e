import { oversight as doors } from '@firebreak/contract/detect/oversight';
import { BadInput, type Register } from '../cli.ts';

/** `firebreak oversight …` */
export const oversight: Register = (program, cli) => {
  const group = program.command('oversight').description('what was agreed about systems, and what suppliers announce');
  group
    .command('list')
    .description('what was agreed about each system, and what is seen of it')
    .action(async () => {
      const answer = await cli.client().call(doors.list, {});
      cli.table(
        answer.agreements,
        [
          { head: 'system', of: (it) => it.system },
          { head: 'may answer', of: (it) => (it.models ?? it.deployed).join(', ') || null },
          { head: 'a person looks at', of: (it) => it.reviewed.map(({ feature }) => feature).join(', ') || null },
          { head: 'waiting', of: (it) => it.waiting },
          { head: 'bypassed', of: (it) => it.bypassed },
          { head: 'not recorded', of: (it) => it.hole && `${it.hole.through} since ${it.hole.since}` },
          { head: 'in 24 h', of: (it) => it.lastDay },
          { head: 'at least', of: (it) => it.perDay },
        ],
        answer,
      );
    });
  group
    .command('agree <system>')
    .description('replace what was agreed about a system')
    .option('--models <names...>', 'that may answer; left out: those its deployments name')
    .option('--review <feature=minutes...>', 'features a person has to look at')
    .option('--content', 'answers have to be captured')
    .option('--per-day <count>', 'interactions a day, at least')
    .action(
      async (system: string, options: { models?: string[]; review?: string[]; content?: boolean; perDay?: string }) => {
        const reviewed = (options.review ?? []).map((each) => {
          const [, feature, minutes] = /^(.+)=(\d+)$/.exec(each) ?? [];
          if (feature === undefined) throw new BadInput(`“${each}” is no feature with minutes. Write refunds=30.`);
          return { feature, withinMinutes: Number(minutes) };
        });
        const { agreement } = await cli.client().call(doors.agree, {
          params: { system },
          body: {
            models: options.models ?? null,
            reviewed,
            content: options.content === true,
            perDay: options.perDay === undefined ? null : Number(options.perDay),
          },
        });
        cli.say(`What was agreed about ${agreement.system} is recorded.`, agreement);
      },
    );
  group
    .command('notices')
    .description('what suppliers announced')
    .action(async () => {
      const { notices } = await cli.client().call(doors.list, {});
      cli.table(
        notices,
        [
          { head: 'vendor', of: (it) => it.vendorName },
          { head: 'what', of: (it) => it.kind },
          { head: 'model', of: (it) => it.model },
          { head: 'on', of: (it) => it.on },
          { head: 'systems', of: (it) => it.systems.join(', ') || null },
          { head: 'dealt with', of: (it) => it.settled },
          { head: 'text', of: (it) => it.text },
          { head: 'id', of: (it) => it.id },
        ],
        notices,
      );
    });
};
