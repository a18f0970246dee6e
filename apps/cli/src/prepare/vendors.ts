import { vendors as doors } from '@firebreak/contract/prepare/vendors';
import type { Register } from '../cli.ts';

/** `firebreak vendors …` */
export const vendors: Register = (program, cli) => {
  const group = program
    .command('vendors')
    .description('who supplies what, whom to call there, and what they were asked');
  group
    .command('list')
    .description('vendors by name, and names that systems use and no record answers to')
    .option('--all', 'retired ones as well')
    .action(async (options: { all?: boolean }) => {
      const answer = await cli.client().call(doors.list, { query: { show: options.all ? 'all' : 'used' } });
      const rows = [
        ...answer.vendors.map((it) => ({
          name: it.name,
          systems: it.dependants.map(({ system }) => system).join(' '),
          calls: it.contactCount === 0 ? 'NOBODY' : String(it.contactCount),
          gaps: String(it.gaps.length),
          id: it.retired === null ? it.id : `${it.id} (retired)`,
        })),
        ...answer.unrecorded.map(({ name, systems }) => ({
          name,
          systems: systems.join(' '),
          calls: 'NOBODY',
          gaps: 'no record',
          id: '',
        })),
      ];
      cli.table(
        rows,
        [
          { head: 'vendor', of: (it) => it.name },
          { head: 'systems', of: (it) => it.systems },
          { head: 'to call', of: (it) => it.calls },
          { head: 'gaps', of: (it) => it.gaps },
          { head: 'id', of: (it) => it.id },
        ],
        answer,
      );
    });
  group
    .command('show <vendor>')
    .description('whom to call, in this order; by id, name or alias')
    .action(async (vendor: string) => {
      const { vendor: it } = await cli.client().call(doors.show, { params: { vendor } });
      cli.table(
        it.contacts ?? [],
        [
          { head: 'name', of: (c) => c.name },
          { head: 'how', of: (c) => c.how },
          { head: 'address', of: (c) => c.address },
          { head: 'hours', of: (c) => c.hours || null },
          { head: 'answers in', of: (c) => (c.answerMinutes === null ? null : `${c.answerMinutes} min`) },
          { head: 'agreed in', of: (c) => c.contract || null },
        ],
        it,
      );
    });
  group
    .command('gaps [vendor]')
    .description('what would fail on the day, of one vendor or of all')
    .action(async (named: string | undefined) => {
      const client = cli.client();
      const { questions } = await client.call(doors.questions, {});
      const all =
        named === undefined
          ? (await client.call(doors.list, { query: {} })).vendors
          : [(await client.call(doors.show, { params: { vendor: named } })).vendor];
      const rows = all.flatMap(({ name, gaps }) => gaps.map((gap) => ({ name, ...gap })));
      cli.table(
        rows,
        [
          { head: 'vendor', of: (it) => it.name },
          { head: 'gap', of: (it) => (it.why ? `${it.kind} (${it.why})` : it.kind) },
          {
            head: 'which',
            of: (it) => it.duty ?? questions.find(({ id }) => id === it.question)?.text ?? it.question,
          },
        ],
        rows,
      );
    });
  group
    .command('questions')
    .description('what every vendor is asked')
    .action(async () => {
      const { questions } = await cli.client().call(doors.questions, {});
      cli.table(
        questions,
        [
          { head: 'id', of: (it) => it.id },
          { head: 'question', of: (it) => it.text },
          { head: 'taught by', of: (it) => it.incident },
        ],
        questions,
      );
    });
  group
    .command('ask <question>')
    .description('ask every vendor one question more, for example one that an incident taught')
    .requiredOption('--why <text>')
    .option('--incident <label>', 'the incident that taught it')
    .action(async (text: string, { why, incident }: { why: string; incident?: string }) => {
      const { questions } = await cli.client().call(doors.addQuestion, {
        body: { text, why, incident: incident ?? null },
      });
      cli.say(`Every vendor is asked ${questions.length} questions now.`, questions);
    });
};
