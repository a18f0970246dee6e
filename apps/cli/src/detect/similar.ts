import { readFile, stat } from 'node:fs/promises';
import { archetypes as archetypeDoors } from '@firebreak/contract/detect/archetypes';
import { similar as doors } from '@firebreak/contract/detect/similar';
import { AnswerIsNo, BadInput, type Register } from '../cli.ts';

const MOST_BYTES = 16 * 1024 * 1024;

interface About {
  readonly candidate?: string;
  readonly incident?: string;
}

/** The query of a text, a candidate or an incident; bad input unless exactly one is named. */
function aboutOf(text: string | undefined, { candidate, incident }: About) {
  const given = { ...(text !== undefined && { text }), ...(incident !== undefined && { incident }) };
  if (candidate !== undefined && !candidate.startsWith('cnd_'))
    throw new BadInput(`“${candidate}” is no id of a candidate; they begin with cnd_.`);
  const about = { ...given, ...(candidate !== undefined && { candidate: candidate as `cnd_${string}` }) };
  if (Object.keys(about).length !== 1)
    throw new BadInput('Ask about one thing: a text in quotes, --incident INC-…, or --candidate cnd_….');
  return about;
}

/** `firebreak similar …`, `firebreak archetype …`, `firebreak corpus import …` */
export const similar: Register = (program, cli) => {
  program
    .command('similar [text]')
    .description('own and public incidents that resemble a text, an incident or a candidate')
    .option('--incident <id>', 'id or label')
    .option('--candidate <id>')
    .option('--limit <count>', 'lines, at most 50', '5')
    .action(async (text: string | undefined, { limit, ...about }: About & { limit: string }) => {
      if (!/^[1-9]\d?$/.test(limit) || Number(limit) > 50)
        throw new BadInput(`“${limit}” is not a number of lines between 1 and 50.`);
      const answer = await cli.client().call(doors.findSimilar, { query: { ...aboutOf(text, about), limit } });
      cli.table(
        answer.items,
        [
          { head: 'incident', of: (it) => `${it.label ?? it.id}${it.nearMiss ? ' (near miss)' : ''}` },
          { head: 'alike', of: (it) => `${Math.round(it.likeness * 100)} %` },
          { head: 'what', of: (it) => (it.title.length > 70 ? `${it.title.slice(0, 69)}…` : it.title) },
          { head: 'words', of: (it) => it.shared.slice(0, 4).join(' ') },
          { head: 'what worked', of: (it) => it.worked[0] ?? it.outcome },
        ],
        answer,
      );
    });

  program
    .command('archetype [text]')
    .description('the kind of failure a text, an incident or a candidate tells of, and why')
    .option('--incident <id>', 'id or label')
    .option('--candidate <id>')
    .action(async (text: string | undefined, about: About) => {
      const answer = await cli.client().call(archetypeDoors.suggestArchetype, { query: aboutOf(text, about) });
      const { verdict, archetype, confidence, because } = answer.suggestion;
      const says =
        verdict === 'named'
          ? `${archetype} (${Math.round(confidence * 100)} %)`
          : verdict === 'outside'
            ? `outside all archetypes (${Math.round(confidence * 100)} %)`
            : `unsure${archetype === null ? '' : `, perhaps ${archetype}`}`;
      const words = because.map(({ word }) => word).join(', ');
      const found = answer.found === null ? '' : `Detectors say: ${answer.found}\n`;
      cli.say(`${found}${says}${words === '' ? '' : `\nBecause of: ${words}`}`, answer);
    });

  program
    .command('corpus')
    .description('public incidents to compare with')
    .command('import <file>')
    .description('take incidents.csv of an AI Incident Database snapshot')
    .action(async (file: string) => {
      const { size } = await stat(file).catch((error) => {
        throw new BadInput(`${file} cannot be read: ${(error as Error).message}`);
      });
      if (size > MOST_BYTES) throw new BadInput(`${file} is larger than 16 MiB. Import incidents.csv alone.`);
      const done = await cli.client().call(doors.importCorpus, { body: { text: await readFile(file, 'utf8') } });
      const lines = [
        `${done.taken} taken, ${done.unchanged} unchanged, ${done.badRows} left out; ${done.public} public incidents are there to compare with.`,
        ...done.bad.map(({ line, why }) => `  line ${line}: ${why}`),
      ];
      cli.say(lines.join('\n'), done);
      if (done.taken + done.unchanged === 0) throw new AnswerIsNo();
    });
};
