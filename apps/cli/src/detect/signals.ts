import type { AnswerOf } from '@firebreak/contract';
import { paging } from '@firebreak/contract/detect/paging';
import { signals as doors, INTERACTIONS_WITH } from '@firebreak/contract/detect/signals';
import { AnswerIsNo, BadInput, type Register } from '../cli.ts';
import { candidateId } from './candidate-id.ts';
import { simulating } from './simulate.ts';

const cut = (text: string | null, most: number): string | null =>
  text === null ? null : text.length > most ? `${text.slice(0, most - 1)}…` : text.replace(/\s+/g, ' ');

interface Listing {
  readonly system?: string;
  readonly feature?: string;
  readonly text?: string;
  readonly candidate?: string;
  readonly limit: string;
}

interface Searching extends Listing {
  readonly prompt?: string;
  readonly model?: string;
  readonly index?: string;
  readonly tools?: string;
  readonly fingerprint?: string;
  readonly subject?: string;
  readonly tool?: string;
  readonly detector?: string;
  readonly evaluation?: string;
  readonly label?: string;
  readonly score?: string;
  readonly scoreTo?: string;
  readonly with?: string;
}

const given = <L extends Listing>({ limit, ...filter }: L) => {
  if (!/^[1-9]\d{0,2}$/.test(limit)) throw new BadInput(`“${limit}” is not a number of lines between 1 and 200.`);
  return { ...filter, limit };
};

const lineOf = ({
  name,
  score,
  label,
  outcome,
  interaction,
}: AnswerOf<typeof doors.readInteraction>['evaluations'][number]): string =>
  `evaluation ${[
    name,
    score,
    label,
    outcome === 'unsaid' ? null : outcome,
    interaction === null ? 'of this trace, of which answer is not known' : null,
  ]
    .filter((it) => it !== null)
    .join(', ')}\n`;

function scoreOf(option: string, said: string): number {
  const score = said.trim() === '' ? Number.NaN : Number(said);
  if (!Number.isFinite(score)) throw new BadInput(`${option} is a number, for example 0.5; “${said}” is none.`);
  return score;
}

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
      const { items } = await cli.client().call(doors.listSignals, {
        query: { ...query, ...(candidate !== undefined && { candidate: candidateId(candidate) }) },
      });
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
  list
    .command('why <signal>')
    .description('why somebody was, or was not, paged about it; exit code 1 where nobody was')
    .action(async (signal: string) => {
      const it = await cli.client().call(paging.whySignal, { params: { signal } });
      cli.say(it.says, it);
      if (!it.paged) throw new AnswerIsNo();
    });

  simulating(list, cli);

  list
    .command('planted-word <system>')
    .description('a line for the instructions of a system: an answer that holds its word proves that they came out')
    .option('--prompt <version>', 'of the instructions; left out: for whatever version')
    .action(async (system: string, { prompt }: { readonly prompt?: string }) => {
      const it = await cli.client().call(doors.plantedWord, { params: { system }, query: { prompt } });
      cli.say(it.line, it);
    });

  const interactions = program.command('interactions').description('questions to an AI system and its answers');
  interactions
    .command('list', { isDefault: true })
    .description('the newest interactions')
    .option('--system <key>')
    .option('--feature <key>')
    .option('--prompt <version>')
    .option('--model <name>')
    .option('--index <version>', 'of the index that was searched')
    .option('--tools <version>', 'of the tools, or the digest of those that were offered')
    .option('--fingerprint <build>', 'what the supplier calls the build that answered')
    .option('--subject <id>', 'the person served')
    .option('--tool <name>', 'that was called')
    .option('--detector <name>', 'with a signal of it')
    .option('--evaluation <name>', 'with an evaluation of this name')
    .option('--label <label>', 'with an evaluation of this label')
    .option('--score <number>', 'at least: of the evaluation or detector that is named, else of any')
    .option('--score-to <number>', 'at most, likewise')
    .option('--with <what>', INTERACTIONS_WITH.join(', '))
    .option('--text <words>', 'contained in a question, an answer, what was read or called, or an error')
    .option('--limit <count>', 'lines, at most 200', '50')
    .action(async (options: Searching) => {
      const { with: said, score, scoreTo, ...query } = given(options);
      const which = INTERACTIONS_WITH.find((each) => each === said);
      if (said !== undefined && which === undefined)
        throw new BadInput(`--with is one of ${INTERACTIONS_WITH.join(', ')}.`);
      const { items } = await cli.client().call(doors.listInteractions, {
        query: {
          ...query,
          ...(which !== undefined && { with: which }),
          ...(score !== undefined && { score: scoreOf('--score', score) }),
          ...(scoreTo !== undefined && { scoreTo: scoreOf('--score-to', scoreTo) }),
        },
      });
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
          { head: 'failed', of: (it) => it.failed },
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
      const { model, prompt, index, tools, fingerprint, toolsDigest } = it.interaction.versions;
      const versions = Object.entries({ model, build: fingerprint, prompt, index, tools, 'tools offered': toolsDigest })
        .flatMap(([what, version]) => (version ? [`${what} ${version}`] : []))
        .join(', ');
      cli.say(
        `${it.interaction.system} ${it.interaction.at}\n${it.interaction.judge ? 'the call of a judge, about another answer\n' : ''}${versions || 'no version captured'}\n${said}\n${it.evaluations.map(lineOf).join('')}${it.signals.length} signals, ${it.feedback.length} from people, ${it.sealed ? `sealed in batch ${it.sealed.batch}` : 'not sealed yet'}`,
        it,
      );
    });
};
