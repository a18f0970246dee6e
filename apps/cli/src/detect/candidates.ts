import { candidates as candidateDoors } from '@firebreak/contract/detect/candidates';
import { paging } from '@firebreak/contract/detect/paging';
import { DISMISSALS } from '@firebreak/core/detect/candidates';
import { AnswerIsNo, BadInput, type Register } from '../cli.ts';
import { candidateId } from './candidate-id.ts';
import { judging } from './candidates-judged.ts';

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text.replace(/\s+/g, ' ');

/** `firebreak candidates …` */
export const candidates: Register = (program, cli) => {
  const command = program.command('candidates').description('signals believed to be one event');
  command
    .command('list', { isDefault: true })
    .description('candidates that wait for a person; --all for every one')
    .option('--system <key>')
    .option('--all')
    .action(async ({ system, all }: { system?: string; all?: boolean }) => {
      const query = {
        state: all ? ('all' as const) : ('open' as const),
        limit: '200',
        ...(system !== undefined && { system }),
      };
      const { items } = await cli.client().call(candidateDoors.listCandidates, { query });
      cli.table(
        items,
        [
          { head: 'candidate', of: (it) => it.id },
          { head: 'state', of: (it) => it.state },
          { head: 'sev', of: (it) => `${it.early.call.severity}${it.early.call.provisional ? '?' : ''}` },
          { head: 'signals', of: (it) => it.summary.count },
          { head: 'what', of: (it) => cut(it.title, 90) },
          { head: 'since', of: (it) => it.summary.firstAt },
        ],
        items,
      );
    });
  command
    .command('show <candidate>')
    .description('why its signals belong together, early severity, what is missing')
    .action(async (candidate: string) => {
      const it = await cli
        .client()
        .call(candidateDoors.readCandidate, { params: { candidate: candidateId(candidate) } });
      const lines = [
        `${it.title} (${it.state})`,
        `Severity, first reading: ${it.early.call.severity}. ${[...it.early.call.reasons, ...it.early.because].join('; ')}`,
        ...it.early.call.couldBe,
        'Why together:',
        ...it.reasons.map((reason) => `  ${reason}`),
        'Missing:',
        ...it.early.missing.map((missing) => `  ${missing}`),
      ];
      cli.say(lines.join('\n'), it);
    });
  command
    .command('set-aside')
    .description('signals that could not be grouped, and why; exit 1 while there are any')
    .option('--again', 'try to group them again')
    .action(async ({ again }: { again?: boolean }) => {
      if (again) {
        const { tried } = await cli.client().call(candidateDoors.tryAgain, {});
        return cli.say(`${tried === 1 ? 'One signal is' : `${tried} signals are`} tried again.`, { tried });
      }
      const held = await cli.client().call(candidateDoors.setAside, {});
      cli.table(
        held.signals,
        [
          { head: 'signal', of: (it) => it.signal },
          { head: 'system', of: (it) => it.system },
          { head: 'detector', of: (it) => it.detector },
          { head: 'what', of: (it) => cut(it.text, 60) },
          { head: 'failed', of: (it) => it.at },
          { head: 'because', of: (it) => cut(it.why, 80) },
        ],
        held,
      );
      if (held.count > 0) throw new AnswerIsNo();
    });
  command
    .command('dismiss <candidate>')
    .description('say that it is no incident, and why')
    .requiredOption('--reason <sentence>')
    .option('--as <kind>', 'false-alarm, expected, duplicate, not-ours or other', 'false-alarm')
    .action(async (candidate: string, { as, reason }: { as: string; reason: string }) => {
      const kind = DISMISSALS.find((each) => each === as);
      if (kind === undefined) throw new BadInput(`“${as}” is no way to dismiss. Choose ${DISMISSALS.join(', ')}.`);
      const it = await cli.client().call(candidateDoors.dismissCandidate, {
        params: { candidate: candidateId(candidate) },
        body: { as: kind, reason },
      });
      cli.say(`Dismissed: ${it.title}`, it);
    });
  command
    .command('why <candidate>')
    .description('why somebody was, or was not, paged about it; exit code 1 where nobody was')
    .action(async (candidate: string) => {
      const it = await cli.client().call(paging.why, { params: { candidate: candidateId(candidate) } });
      const lines = [
        it.says,
        ...it.hindrances.map((each) => `  ${each.says}${each.signals > 0 ? ` (${each.signals} signals)` : ''}`),
        ...it.pages.map((page) => {
          const to = page.to?.map(({ name }) => name).join(', ') || 'nobody';
          return `  ${page.at} Sev ${page.severity}, ${page.because}; told: ${to}`;
        }),
      ];
      cli.say(lines.join('\n'), it);
      if (!it.paged) throw new AnswerIsNo();
    });
  command
    .command('look <candidate>')
    .description('“I am looking”: acknowledges its page')
    .action(async (candidate: string) => {
      const it = await cli.client().call(paging.acknowledge, { params: { candidate: candidateId(candidate) } });
      cli.say(`You look at it: ${it.title}`, it);
    });
  judging(command, cli);
};
