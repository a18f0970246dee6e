import { reviews } from '@firebreak/contract/detect/reviews';
import { REVIEW_DECISIONS, type ReviewDecision } from '@firebreak/core/detect/reviews';
import { AnswerIsNo, BadInput, type Register } from '../cli.ts';

type Id = `fbk_${string}`;
export const idOf = (text: string): Id => {
  if (!/^fbk_[A-Za-z0-9-]+$/.test(text))
    throw new BadInput(`“${text}” is no id of feedback. “firebreak feedback list” shows them.`);
  return text as Id;
};

/** `firebreak feedback …` */
export const feedback: Register = (program, cli) => {
  const group = program.command('feedback').description('what people said, and what somebody has to look at');
  group
    .command('list')
    .description('what waits for a person, most urgent first')
    .option('--system <key>')
    .option('--decided', 'what was decided lately instead')
    .option('--limit <n>')
    .action(async ({ system, decided, limit }: { system?: string; decided?: boolean; limit?: string }) => {
      const client = cli.client();
      const query = { ...(system && { system }), ...(limit && { limit: Number(limit) }) };
      if (decided) {
        const { items } = await client.call(reviews.decided, { query });
        cli.table(
          items,
          [
            { head: 'decided', of: (it) => it.as },
            { head: 'said', of: (it) => (it.feedback?.text ?? it.feedback?.kind ?? 'deleted').slice(0, 60) },
            { head: 'why', of: (it) => it.reason },
            { head: 'incident', of: (it) => it.incident },
            { head: 'in time', of: (it) => (it.inTime ? 'yes' : 'NO') },
            { head: 'id', of: (it) => it.id },
          ],
          items,
        );
        return;
      }
      const { items } = await client.call(reviews.queue, { query });
      cli.table(
        items,
        [
          { head: 'urgency', of: (it) => it.urgency },
          { head: 'system', of: (it) => it.feedback.system },
          { head: 'said', of: (it) => (it.feedback.text ?? it.feedback.kind).slice(0, 60) },
          { head: 'due', of: (it) => (it.overdue ? `${it.dueAt} LATE` : it.dueAt) },
          { head: 'alike', of: (it) => it.alike.length },
          { head: 'taken', of: (it) => it.taken?.by.id },
          { head: 'id', of: (it) => it.feedback.id },
        ],
        items,
      );
    });
  group
    .command('figures')
    .description('backlog, age, and how often the promise was kept; exit code 1 while something is late')
    .action(async () => {
      const figures = await cli.client().call(reviews.figures, {});
      cli.table(
        figures.systems,
        [
          { head: 'system', of: (it) => it.system },
          { head: 'promised', of: (it) => `${it.promisedHours} h` },
          { head: 'waiting', of: (it) => it.waiting },
          { head: 'late', of: (it) => it.overdue },
          { head: 'oldest', of: (it) => it.oldestAt },
        ],
        figures,
      );
      if (figures.overdue > 0) throw new AnswerIsNo();
    });
  group
    .command('take <feedback>')
    .description('say that you look at it; half an hour at most')
    .action(async (id: string) => {
      const answer = await cli.client().call(reviews.take, { params: { feedback: idOf(id) } });
      cli.say(`You look at ${id}.`, answer);
    });
  group
    .command('decide <feedback...>')
    .description('decide one, or several that say the same')
    .requiredOption('--as <decision>', REVIEW_DECISIONS.join(', '))
    .requiredOption('--reason <text>', 'what you looked at, and what was answered')
    .option('--incident <label>', 'the incident it was declared as')
    .action(async (ids: string[], { as, reason, incident }: { as: string; reason: string; incident?: string }) => {
      if (!(REVIEW_DECISIONS as readonly string[]).includes(as))
        throw new BadInput(`“${as}” is no decision. Choose ${REVIEW_DECISIONS.join(', ')}.`);
      const answer = await cli.client().call(reviews.decide, {
        body: { feedback: ids.map(idOf), as: as as ReviewDecision, reason, incident: incident ?? null },
      });
      const left = answer.leftOut.map((it) => ` ${it.feedback}: ${it.detail}`).join('');
      cli.say(`${answer.decided.length} decided.${left}`, answer);
      if (answer.leftOut.length > 0) throw new AnswerIsNo();
    });
  group
    .command('promise <system> <hours>')
    .description('promise how soon feedback about a system is looked at')
    .action(async (system: string, hours: string) => {
      const answer = await cli.client().call(reviews.promise, { params: { system }, body: { hours: Number(hours) } });
      cli.say(`Feedback about ${answer.system} is looked at within ${answer.hours} hours.`, answer);
    });
};
