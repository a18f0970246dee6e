import { people } from '@firebreak/contract/prepare/people';
import { incidents as doors } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { ARCHETYPES, type Archetype, CALLABLE_ARCHETYPES, type CalledArchetype } from '@firebreak/core/detect/signals';
import { AXES, type Axis } from '@firebreak/core/prepare/rubric';
import { BadInput, type Register } from '../cli.ts';
import { tableIn } from '../prepare/rubric.ts';

const names = Object.keys(AXES) as Axis[];

function axesOf(given: readonly string[]) {
  const axes: Record<Axis, number | null> = {
    harm: null,
    reach: null,
    data: null,
    regulatory: null,
    autonomy: null,
    control: null,
  };
  for (const one of given) {
    const [axis, level] = one.split('=');
    if (!names.includes(axis as Axis) || !/^[0-4]$/.test(level ?? ''))
      throw new BadInput(
        `“${one}” is not an answer. Write for example harm=2; the questions are ${names.join(', ')}, the answers 0 to 4.`,
      );
    axes[axis as Axis] = Number(level);
  }
  return axes;
}

interface MissOptions {
  nearMiss?: boolean;
  stoppedBy: string;
  wouldHave: string;
  cause: string;
}
interface DeclareOptions extends MissOptions {
  system: string[];
  candidate?: `cnd_${string}`;
  answer: string[];
  summary: string;
  archetype?: string;
  also: string[];
}

interface SystemsOptions {
  system?: string[];
  none?: boolean;
  reason: string;
}

interface ListOptions {
  state: 'any';
  kind: 'any';
  system?: string;
  archetype?: string;
}

const missOf = ({ stoppedBy, wouldHave, cause }: MissOptions) => ({ stoppedBy, wouldHave, proximateCause: cause });

function archetypeOf(given: string): Archetype {
  const known = ARCHETYPES.find((each) => each === given);
  if (known === undefined)
    throw new BadInput(`“${given}” is not a kind of failure. Use one of: ${ARCHETYPES.join(', ')}.`);
  return known;
}

function calledOf(given: string): CalledArchetype {
  const known = CALLABLE_ARCHETYPES.find((each) => each === given);
  if (known === undefined)
    throw new BadInput(`“${given}” is not a kind of failure. Use one of: ${CALLABLE_ARCHETYPES.join(', ')}.`);
  return known;
}

const kindWords = ({ archetype, also }: { archetype: string | null; also: readonly string[] }): string =>
  archetype === null
    ? 'left open'
    : `called ${archetype.replaceAll('-', ' ')}${also.length > 0 ? `, also ${also.join(', ')}` : ''}`;

/** As people know whoever acted; an id nobody knows is shown as it is. */
const nameOf = (names: Readonly<Record<string, string>>, { kind, id }: { kind: string; id: string }): string =>
  kind === 'system' ? `Firebreak (${id})` : (names[id] ?? id);

/** `firebreak incidents …`, `firebreak declare …` */
export const incidents: Register = (program, cli) => {
  program
    .command('declare <title>')
    .description('declare an incident; unsure is Sev 2')
    .option('--system <key...>', 'systems believed to be involved', [])
    .option('--candidate <id>', 'the candidate it comes from')
    .option('--answer <axis=level...>', `answers 0 to 4 to: ${names.join(', ')}`, [])
    .option('--summary <text>', 'what is known', '')
    .option('--archetype <name>', `the kind of failure: ${CALLABLE_ARCHETYPES.join(', ')}`)
    .option('--also <name...>', 'what else it shows, at most three', [])
    .option('--near-miss', 'nothing reached anybody; say what stopped it')
    .option('--stopped-by <text>', 'near miss: what stopped it', '')
    .option('--would-have <text>', 'near miss: what would have happened', '')
    .option('--cause <text>', 'near miss: the proximate cause', '')
    .action(async (title: string, o: DeclareOptions) => {
      const { incident } = await cli.client().call(doors.declare, {
        body: {
          title,
          summary: o.summary,
          systems: o.system,
          candidate: o.candidate ?? null,
          axes: axesOf(o.answer),
          ...(o.archetype && { archetype: calledOf(o.archetype) }),
          also: o.also.map(archetypeOf),
          ...(o.nearMiss && { kind: 'near-miss' as const, miss: missOf(o) }),
        },
      });
      cli.say(
        o.nearMiss
          ? `${incident.label} filed as a near miss; it would have been Sev ${incident.severity}.`
          : `${incident.label} declared, Sev ${incident.severity}${incident.provisional ? ' (provisional)' : ''}.`,
        incident,
      );
    });
  const group = program.command('incidents').description('incidents');
  group
    .command('try-rubric <file>')
    .description('what a severity table in a JSON file would have said about past incidents')
    .action(async (file: string) => {
      const tried = await cli.client().call(doors.tryRubric, { body: { table: tableIn(file) } });
      cli.table(
        tried.changed,
        [
          { head: 'incident', of: (row) => row.label },
          { head: 'in force', of: (row) => row.inForce },
          { head: 'would be', of: (row) => row.would },
          { head: 'because', of: (row) => row.reasons.join('; ') },
          { head: 'title', of: (row) => row.title },
        ],
        tried,
      );
    });
  group
    .command('archetype <incident> <name>')
    .description(`say what kind of failure it is, or anew: ${CALLABLE_ARCHETYPES.join(', ')}`)
    .option('--also <name...>', 'what else it shows, at most three', [])
    .option('--reason <text>', 'why', '')
    .action(async (incident: string, name: string, { also, reason }: { also: string[]; reason: string }) => {
      const { incident: called } = await cli.client().call(doors.archetype, {
        params: { incident },
        body: { to: calledOf(name), also: also.map(archetypeOf), reason },
      });
      cli.say(`${called.label} ${kindWords(called)}.`, called);
    });
  group
    .command('systems <incident>')
    .description('say which AI systems it is about: the whole list, in place of the one before')
    .option('--system <key...>', 'systems involved, the first one first')
    .option('--none', 'it is not known after all')
    .option('--reason <text>', 'how you know', '')
    .action(async (incident: string, { system = [], none, reason }: SystemsOptions) => {
      if ((system.length === 0) !== (none === true))
        throw new BadInput('Name the systems with --system, or say --none where it is not known after all.');
      const { incident: named } = await cli
        .client()
        .call(doors.systems, { params: { incident }, body: { systems: system, reason } });
      cli.say(
        named.systems.length === 0
          ? `${named.label} names no system now.`
          : `${named.label} is about ${named.systems.join(', ')}.`,
        named,
      );
    });
  group
    .command('list')
    .description('list incidents, newest first')
    .option('--state <state>', 'open, contained, resolved, closed, active or any', 'any')
    .option('--kind <kind>', 'normal, near-miss or any', 'any')
    .option('--system <key>', 'only those of one system')
    .option('--archetype <name>', 'only those called so, first or beside another; unknown: not called')
    .action(async ({ state, kind, system, archetype }: ListOptions) => {
      const { incidents: rows } = await cli.client().call(doors.list, {
        query: { state, kind, ...(system && { system }), ...(archetype && { archetype: calledOf(archetype) }) },
      });
      cli.table(
        rows,
        [
          { head: 'label', of: (i) => i.label },
          { head: 'kind', of: (i) => (i.kind === 'near-miss' ? 'near miss' : 'incident') },
          { head: 'sev', of: (i) => i.severity },
          { head: 'state', of: (i) => i.state },
          { head: 'kind of failure', of: (i) => i.archetype },
          { head: 'declared', of: (i) => i.declaredAt },
          { head: 'title', of: (i) => i.title },
        ],
        rows,
      );
    });
  group
    .command('refile <incident>')
    .description('file a near miss as an incident (it reached people), or with --near-miss an incident as a near miss')
    .requiredOption('--reason <text>', 'how you know')
    .option('--near-miss', 'it reached nobody after all')
    .option('--stopped-by <text>', 'what stopped it', '')
    .option('--would-have <text>', 'what would have happened', '')
    .option('--cause <text>', 'the proximate cause', '')
    .action(async (incident: string, o: MissOptions & { reason: string }) => {
      const { incident: filed } = await cli.client().call(doors.refile, {
        params: { incident },
        body: o.nearMiss ? { to: 'near-miss', reason: o.reason, miss: missOf(o) } : { to: 'normal', reason: o.reason },
      });
      cli.say(
        o.nearMiss ? `${filed.label} is a near miss now.` : `${filed.label} is an incident now, Sev ${filed.severity}.`,
        filed,
      );
    });
  group
    .command('show <incident>')
    .alias('timeline')
    .description('the time line of an incident, with who did what')
    .action(async (incident: string) => {
      const client = cli.client();
      const [{ incident: found }, { facts }, { names }] = await Promise.all([
        client.call(doors.show, { params: { incident } }),
        client.call(warRoom.facts, { params: { incident }, query: {} }),
        client.call(people.directory, {}),
      ]);
      cli.table(
        facts,
        [
          { head: 'seq', of: (f) => f.seq },
          { head: 'at', of: (f) => f.at },
          { head: 'by', of: (f) => nameOf(names, f.by) },
          { head: 'what', of: (f) => f.type },
        ],
        { ...found, facts: facts.map((fact) => ({ ...fact, name: nameOf(names, fact.by) })) },
      );
    });
  group
    .command('note <incident> <text>')
    .description('write a note')
    .option('--at <time>', 'when it happened, if that was earlier')
    .action(async (incident: string, text: string, { at }: { at?: string }) => {
      const { facts } = await cli
        .client()
        .call(warRoom.note, { params: { incident }, body: { text, ...(at && { occurredAt: at }) } });
      cli.say('Noted.', facts);
    });
};
