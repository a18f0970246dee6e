import { tripwires as doors } from '@firebreak/contract/respond/tripwires';
import { TRIPS_ON, type TripsOn } from '@firebreak/core/respond/tripwires';
import { BadInput, type Register } from '../cli.ts';

function idOf<P extends 'trw' | 'ctl'>(given: string, prefix: P): `${P}_${string}` {
  if (!given.startsWith(`${prefix}_`)) throw new BadInput(`“${given}” is no such id; it begins with ${prefix}_.`);
  return given as `${P}_${string}`;
}

function evidenceOf(given: string): TripsOn {
  const found = TRIPS_ON.find((each) => each === given);
  if (found === undefined) throw new BadInput(`--evidence is one of ${TRIPS_ON.join(', ')}.`);
  return found;
}

function countOf(given: string, name: string): number {
  const read = Number(given);
  if (!Number.isInteger(read) || read < 1) throw new BadInput(`--${name} is a whole number of at least 1.`);
  return read;
}

interface Given {
  readonly system: string;
  readonly control: string;
  readonly kind: string[];
  readonly evidence: string;
  readonly signals: string;
  readonly minutes: string;
  readonly reason: string;
}

/** `firebreak tripwires …` */
export const tripwires: Register = (program, cli) => {
  const group = program.command('tripwires').description('rules that pull a control before anybody looks');
  group
    .command('list')
    .description('what is armed, and what tripped')
    .option('--system <key>', 'of one AI system')
    .action(async ({ system }: { system?: string }) => {
      const { tripwires: rows } = await cli
        .client()
        .call(doors.list, { query: system === undefined ? {} : { system } });
      cli.table(
        rows,
        [
          { head: 'id', of: (it) => it.id },
          { head: 'system', of: (it) => it.system },
          { head: 'name', of: (it) => it.name },
          { head: 'state', of: (it) => it.state },
          { head: 'pulls', of: (it) => it.controlName ?? 'nothing: its control is wired no more' },
          { head: 'after', of: (it) => it.says },
          { head: 'tripped', of: (it) => it.trip?.at },
          { head: 'incident', of: (it) => it.trip?.label },
          { head: 'could not', of: (it) => it.trip?.refused },
        ],
        rows,
      );
    });
  group
    .command('set <name>')
    .description(
      'pull a declared control when signals prove themselves; what it orders ends after 15 minutes unless adopted',
    )
    .requiredOption('--system <key>', 'the AI system')
    .requiredOption('--control <id>', 'the control it pulls (firebreak controls list)')
    .requiredOption('--reason <text>', 'why it may act first')
    .option('--kind <kind...>', 'kinds of signals; any if left out', [])
    .option('--evidence <class>', 'verified, or strong: also what is rarely wrong', 'verified')
    .option('--signals <n>', 'how many', '1')
    .option('--minutes <n>', 'within so many minutes', '10')
    .action(async (name: string, o: Given) => {
      const { tripwire } = await cli.client().call(doors.set, {
        body: {
          name,
          system: o.system,
          control: idOf(o.control, 'ctl'),
          when: {
            kinds: o.kind,
            evidence: evidenceOf(o.evidence),
            signals: countOf(o.signals, 'signals'),
            minutes: countOf(o.minutes, 'minutes'),
          },
          reason: o.reason,
        },
      });
      cli.say(`${tripwire.name} is armed: it pulls “${tripwire.controlName}” after ${tripwire.says}.`, tripwire);
    });
  group
    .command('arm <tripwire>')
    .description('arm it again after it tripped')
    .requiredOption('--reason <text>', 'why it may act again')
    .action(async (given: string, { reason }: { reason: string }) => {
      const { tripwire } = await cli
        .client()
        .call(doors.arm, { params: { tripwire: idOf(given, 'trw') }, body: { reason } });
      cli.say(`${tripwire.name} is armed.`, tripwire);
    });
  group
    .command('remove <tripwire>')
    .description('remove it')
    .requiredOption('--reason <text>', 'why')
    .action(async (given: string, { reason }: { reason: string }) => {
      const answer = await cli
        .client()
        .call(doors.remove, { params: { tripwire: idOf(given, 'trw') }, body: { reason } });
      cli.say('It is removed.', answer);
    });
};
