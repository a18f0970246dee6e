import { candidates as candidateDoors } from '@firebreak/contract/detect/candidates';
import { signals as doors } from '@firebreak/contract/detect/signals';
import { DISMISSALS } from '@firebreak/core/detect/candidates';
import { BadInput, type Register } from '../cli.ts';

const cut = (text: string | null, most: number): string | null =>
  text === null ? null : text.length > most ? `${text.slice(0, most - 1)}…` : text.replace(/\s+/g, ' ');

interface Listing {
  readonly system?: string;
  readonly feature?: string;
  readonly text?: string;
  readonly candidate?: string;
  readonly limit: string;
}

const isCandidate = (text: string): text is `cnd_${string}` => text.startsWith('cnd_');
const notACandidate = (text: string): string => `“${text}” is no id of a candidate; they begin with cnd_.`;

const given = ({ limit, ...filter }: Listing) => {
  if (!/^[1-9]\d{0,2}$/.test(limit)) throw new BadInput(`“${limit}” is not a number of lines between 1 and 200.`);
  return { ...filter, limit };
};

/** `firebreak signals …`, `firebreak interactions …` */
export const signals: Register = (program, cli) => {
  const list = program.command('signals').description('observations that something may be wrong');
  list
    .command('list', { isDefault: true })
    .description('the newest signals')
    .option('--system <key>')
    .option('--feature <key>')
    .option('--candidate <id>', 'those of one candidate')
    .option('--limit <count>', 'lines, at most 200', '50')
    .action(async (options: Listing) => {
      const { text: _text, candidate, ...query } = given(options);
      if (candidate !== undefined && !isCandidate(candidate)) throw new BadInput(notACandidate(candidate));
      const { items } = await cli
        .client()
        .call(doors.listSignals, { query: { ...query, ...(candidate !== undefined && { candidate }) } });
      cli.table(
        items,
        [
          { head: 'at', of: (it) => it.at },
          { head: 'channel', of: (it) => it.channel },
          { head: 'evidence', of: (it) => it.evidenceClass },
          { head: 'system', of: (it) => it.system },
          { head: 'feature', of: (it) => it.feature },
          { head: 'what', of: (it) => cut(it.text, 90) },
          { head: 'candidate', of: (it) => it.candidate },
        ],
        items,
      );
    });
  list
    .command('show <signal>')
    .description('one signal, whole')
    .action(async (signal: string) => {
      const it = await cli.client().call(doors.readSignal, { params: { signal } });
      cli.say(
        `${it.text}\n${it.detector}, ${it.rule}; ${it.system} ${it.feature ?? ''} ${it.versions.prompt ?? ''}`,
        it,
      );
    });

  const interactions = program.command('interactions').description('questions to an AI system and its answers');
  interactions
    .command('list', { isDefault: true })
    .description('the newest interactions')
    .option('--system <key>')
    .option('--feature <key>')
    .option('--text <words>', 'contained in a question or an answer')
    .option('--limit <count>', 'lines, at most 200', '50')
    .action(async (options: Listing) => {
      const { items } = await cli.client().call(doors.listInteractions, { query: given(options) });
      cli.table(
        items,
        [
          { head: 'at', of: (it) => it.at },
          { head: 'system', of: (it) => it.system },
          { head: 'feature', of: (it) => it.feature },
          { head: 'prompt', of: (it) => it.versions.prompt },
          { head: 'question', of: (it) => cut(it.question, 50) ?? 'not captured' },
          { head: 'answer', of: (it) => cut(it.answer, 60) ?? 'not captured' },
          { head: 'signals', of: (it) => it.signals },
        ],
        items,
      );
    });
  interactions
    .command('show <interaction>')
    .description('one interaction, by our id or the id its sender gave it')
    .action(async (interaction: string) => {
      const it = await cli.client().call(doors.readInteraction, { params: { interaction } });
      const said = it.interaction.output ?? 'not captured';
      cli.say(
        `${it.interaction.system} ${it.interaction.at}\n${said}\n${it.signals.length} signals, ${it.feedback.length} from people, ${it.sealed ? `sealed in batch ${it.sealed.batch}` : 'not sealed yet'}`,
        it,
      );
    });
};

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
      if (!isCandidate(candidate)) throw new BadInput(notACandidate(candidate));
      const it = await cli.client().call(candidateDoors.readCandidate, { params: { candidate } });
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
    .command('dismiss <candidate>')
    .description('say that it is no incident, and why')
    .requiredOption('--reason <sentence>')
    .option('--as <kind>', 'false-alarm, expected, duplicate, not-ours or other', 'false-alarm')
    .action(async (candidate: string, { as, reason }: { as: string; reason: string }) => {
      if (!isCandidate(candidate)) throw new BadInput(notACandidate(candidate));
      const kind = DISMISSALS.find((each) => each === as);
      if (kind === undefined) throw new BadInput(`“${as}” is no way to dismiss. Choose ${DISMISSALS.join(', ')}.`);
      const it = await cli
        .client()
        .call(candidateDoors.dismissCandidate, { params: { candidate }, body: { as: kind, reason } });
      cli.say(`Dismissed: ${it.title}`, it);
    });
};
