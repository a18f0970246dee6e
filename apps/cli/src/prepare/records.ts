import { records as doors, type RecordRule } from '@firebreak/contract/prepare/records';
import { TAKEN_OUT, type TakenOut } from '@firebreak/core/prepare/records';
import { BadInput, type Register } from '../cli.ts';

const kindsIn = (said: readonly string[] | undefined): TakenOut[] =>
  (said ?? []).map((kind) => {
    const found = TAKEN_OUT.find((each) => each.toLowerCase() === kind.toLowerCase());
    if (found === undefined) throw new BadInput(`“${kind}” cannot be taken out. Known are ${TAKEN_OUT.join(', ')}.`);
    return found;
  });

const numberIn = (name: string, said: string | undefined): number | null => {
  if (said === undefined) return null;
  const read = Number(said);
  if (!Number.isFinite(read)) throw new BadInput(`${name} is a number.`);
  return read;
};

const lying = ({ legalHolds }: RecordRule): number => legalHolds.filter(({ lifted }) => lifted === null).length;

/** `firebreak records …` */
export const records: Register = (program, cli) => {
  const group = program.command('records').description('how the records of AI systems are kept');
  group
    .command('rules', { isDefault: true })
    .description('how long, what is taken out, legal holds')
    .action(async () => {
      const answer = await cli.client().call(doors.rules, {});
      cli.table(
        answer.rules,
        [
          { head: 'system', of: (it) => it.system },
          { head: 'kept for days', of: (it) => it.keptDays ?? answer.keptDays },
          { head: 'taken out', of: (it) => it.takesOut.join(', ') },
          { head: 'legal holds', of: lying },
          {
            head: 'hold ids',
            of: (it) => it.legalHolds.flatMap(({ id, lifted }) => (lifted === null ? [id] : [])).join(', '),
          },
          { head: 'why', of: (it) => it.reason },
        ],
        answer,
      );
    });
  group
    .command('rule <system>')
    .description('say how records are kept from now on; what is not said is as everywhere')
    .option('--days <n>')
    .option('--take-out <kinds...>', `of ${TAKEN_OUT.join(', ')}`)
    .option('--sent-share <0..1>', 'part of the traffic that is sent at all')
    .requiredOption('--reason <text>')
    .action(async (system: string, said: { days?: string; takeOut?: string[]; sentShare?: string; reason: string }) => {
      const { rule } = await cli.client().call(doors.rule, {
        params: { system },
        body: {
          keptDays: numberIn('--days', said.days),
          takesOut: kindsIn(said.takeOut),
          sentShare: numberIn('--sent-share', said.sentShare),
          reason: said.reason,
        },
      });
      cli.say(`The rule of ${rule.system} is changed.`, rule);
    });
  group
    .command('hold <system>')
    .description('place a legal hold: nothing of the system is deleted')
    .requiredOption('--reason <text>')
    .option('--matter <text>', 'an incident, a file number')
    .action(async (system: string, { reason, matter }: { reason: string; matter?: string }) => {
      const { rule } = await cli
        .client()
        .call(doors.hold, { params: { system }, body: { reason, ...(matter !== undefined && { matter }) } });
      cli.say(`Nothing of ${rule.system} is deleted from now on (${rule.legalHolds.at(-1)!.id}).`, rule);
    });
  group
    .command('lift <system> <hold>')
    .description('lift a legal hold; it takes somebody else than whoever placed it')
    .requiredOption('--reason <text>')
    .action(async (system: string, hold: string, { reason }: { reason: string }) => {
      if (!hold.startsWith('lgh_')) throw new BadInput('A legal hold is named by its id, lgh_…');
      const { rule } = await cli
        .client()
        .call(doors.lift, { params: { system, hold: hold as `lgh_${string}` }, body: { reason } });
      const left = lying(rule);
      cli.say(left === 0 ? 'It is lifted, and none lies any more.' : `It is lifted; ${left} still lie.`, rule);
    });
};
