import { incidents as doors } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
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

/** `firebreak incidents …`, `firebreak declare …` */
export const incidents: Register = (program, cli) => {
  program
    .command('declare <title>')
    .description('declare an incident; unsure is Sev 2')
    .option('--system <key...>', 'systems believed to be involved', [])
    .option('--candidate <id>', 'the candidate it comes from')
    .option('--answer <axis=level...>', `answers 0 to 4 to: ${names.join(', ')}`, [])
    .option('--summary <text>', 'what is known', '')
    .action(
      async (
        title: string,
        o: { system: string[]; candidate?: `cnd_${string}`; answer: string[]; summary: string },
      ) => {
        const { incident } = await cli.client().call(doors.declare, {
          body: {
            title,
            summary: o.summary,
            systems: o.system,
            candidate: o.candidate ?? null,
            axes: axesOf(o.answer),
          },
        });
        cli.say(
          `${incident.label} declared, Sev ${incident.severity}${incident.provisional ? ' (provisional)' : ''}.`,
          incident,
        );
      },
    );
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
    .command('list')
    .description('list incidents, newest first')
    .option('--state <state>', 'open, contained, resolved, closed, active or any', 'any')
    .action(async ({ state }: { state: 'any' }) => {
      const { incidents: rows } = await cli.client().call(doors.list, { query: { state } });
      cli.table(
        rows,
        [
          { head: 'label', of: (i) => i.label },
          { head: 'sev', of: (i) => i.severity },
          { head: 'state', of: (i) => i.state },
          { head: 'declared', of: (i) => i.declaredAt },
          { head: 'title', of: (i) => i.title },
        ],
        rows,
      );
    });
  group
    .command('show <incident>')
    .description('the time line of an incident')
    .action(async (incident: string) => {
      const client = cli.client();
      const [{ incident: found }, { facts }] = [
        await client.call(doors.show, { params: { incident } }),
        await client.call(warRoom.facts, { params: { incident }, query: {} }),
      ];
      cli.table(
        facts,
        [
          { head: 'seq', of: (f) => f.seq },
          { head: 'at', of: (f) => f.at },
          { head: 'by', of: (f) => f.by.id },
          { head: 'what', of: (f) => f.type },
        ],
        { ...found, facts },
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
