import { paging } from '@firebreak/contract/detect/paging';
import type { ConditionRule } from '@firebreak/core/detect/paging';
import { ARCHETYPES, type Archetype, CHANNELS, type Channel } from '@firebreak/core/detect/signals';
import { BadInput, type Register } from '../cli.ts';

type SilenceId = `sil_${string}`;
type ConditionId = `con_${string}`;
function idOf<P extends 'sil' | 'con'>(prefix: P, text: string): `${P}_${string}` {
  if (!text.startsWith(`${prefix}_`)) throw new BadInput(`“${text}” is no id; they begin with ${prefix}_.`);
  return text as `${P}_${string}`;
}
function oneOf<T extends string>(known: readonly T[], text: string | undefined, what: string): T | null {
  if (text === undefined) return null;
  const found = known.find((each) => each === text);
  if (found === undefined) throw new BadInput(`“${text}” is no ${what}. Choose ${known.join(', ')}.`);
  return found;
}
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
function endOf(span: string): string {
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(span) ?? [];
  if (count === undefined)
    throw new BadInput(`“${span}” is no length of time. Write 30m, 4h or 2d; seven days at most.`);
  // A second less, so that exactly seven days still lie within seven days when it arrives.
  return new Date(Date.now() + Number(count) * UNITS[unit!]! - 1_000).toISOString();
}

interface Match {
  readonly system?: string;
  readonly detector?: string;
  readonly archetype?: string;
  readonly channel?: string;
  readonly text?: string;
}
const about = (it: Match): string =>
  [it.system, it.detector, it.archetype, it.channel, it.text && `“${it.text}”`].filter(Boolean).join(' ');

/** `firebreak silences …` */
export const silences: Register = (program, cli) => {
  const command = program.command('silences').description('what pages nobody for a while');
  command
    .command('list', { isDefault: true })
    .description('those in force; --all for what is over as well')
    .option('--all')
    .action(async ({ all }: { all?: boolean }) => {
      const { silences: held } = await cli.client().call(paging.silences, {});
      const shown = held.filter((it) => all || it.over === null);
      cli.table(
        shown,
        [
          { head: 'silence', of: (it) => it.id },
          { head: 'about', of: (it) => about(it as Match) },
          { head: 'until', of: (it) => (it.over === null ? it.until : `over ${it.over.at}`) },
          { head: 'held back', of: (it) => it.silenced },
          { head: 'owner', of: (it) => it.owner },
          { head: 'why', of: (it) => it.reason },
        ],
        shown,
      );
    });
  command
    .command('add')
    .description('page nobody about what matches; the signals are kept and grouped')
    .option('--system <key>')
    .option('--detector <name>')
    .option('--archetype <kind>', ARCHETYPES.join(', '))
    .option('--channel <channel>', CHANNELS.join(', '))
    .option('--text <words>', 'contained in the text of the signal')
    .requiredOption('--for <span>', '30m, 4h or 2d; 7d at most')
    .requiredOption('--reason <sentence>')
    .requiredOption('--owner <name>', 'who answers for it')
    .option('--even-sev-1', 'also a finding that proves itself and reads as Sev 1')
    .action(async (it: Match & { for: string; reason: string; owner: string; evenSev1?: boolean }) => {
      const { silence } = await cli.client().call(paging.silence, {
        body: {
          system: it.system ?? null,
          detector: it.detector ?? null,
          archetype: oneOf<Archetype>(ARCHETYPES, it.archetype, 'kind of failure'),
          channel: oneOf<Channel>(CHANNELS, it.channel, 'channel'),
          text: it.text ?? null,
          reason: it.reason,
          owner: it.owner,
          until: endOf(it.for),
          holdsSevOne: it.evenSev1 === true,
        },
      });
      cli.say(`${silence.id}: silent until ${silence.until}.`, silence);
    });
  command
    .command('extend <silence>')
    .requiredOption('--for <span>', 'from now: 30m, 4h or 2d; 7d at most')
    .requiredOption('--reason <sentence>')
    .action(async (id: string, it: { for: string; reason: string }) => {
      const params: { silence: SilenceId } = { silence: idOf('sil', id) };
      const { silence } = await cli
        .client()
        .call(paging.extendSilence, { params, body: { until: endOf(it.for), reason: it.reason } });
      cli.say(`${silence.id}: silent until ${silence.until}.`, silence);
    });
  command
    .command('end <silence>')
    .requiredOption('--reason <sentence>')
    .action(async (id: string, { reason }: { reason: string }) => {
      const params: { silence: SilenceId } = { silence: idOf('sil', id) };
      const { silence } = await cli.client().call(paging.endSilence, { params, body: { reason } });
      cli.say(`${silence.id} is over; it held back ${silence.silenced} signals.`, silence);
    });
};

const NUMBERS = /^(\d+)\/(\d+)\/(\d+)$/;
function ruleOf({ seen, rate, warmUp }: { seen?: string; rate?: string; warmUp?: string }): ConditionRule {
  if ([seen, rate, warmUp].filter((each) => each !== undefined).length !== 1)
    throw new BadInput('Say one of --seen 3/5/10, --rate 5/10 or --warm-up 200/7.');
  const bad = (text: string): never => {
    throw new BadInput(
      `“${text}” cannot be read: --seen N/M/MINUTES, --rate OVER/MINUTES, --warm-up OBSERVATIONS/DAYS.`,
    );
  };
  if (seen !== undefined) {
    const [, n, m, minutes] = NUMBERS.exec(seen) ?? bad(seen);
    return { kind: 'n-of-m', n: Number(n), m: Number(m), minutes: Number(minutes) };
  }
  const text = rate ?? warmUp!;
  const [, one, other] = /^(\d+)\/(\d+)$/.exec(text) ?? bad(text);
  return rate !== undefined
    ? { kind: 'rate', over: Number(one), minutes: Number(other) }
    : { kind: 'warm-up', observations: Number(one), days: Number(other) };
}

/** `firebreak conditions …` */
export const conditions: Register = (program, cli) => {
  const command = program.command('conditions').description('when signals begin to count for a page');
  command.command('list', { isDefault: true }).action(async () => {
    const { conditions: held } = await cli.client().call(paging.conditions, {});
    cli.table(
      held,
      [
        { head: 'condition', of: (it) => it.id },
        { head: 'about', of: (it) => [it.system, it.detector, it.kind].filter(Boolean).join(' ') },
        { head: 'rule', of: (it) => it.says },
        { head: 'met', of: (it) => (it.met === null ? null : it.met ? 'yes' : 'no') },
        { head: 'why', of: (it) => it.reason },
      ],
      held,
    );
  });
  command
    .command('set')
    .description('page only from some number on')
    .option('--system <key>')
    .option('--detector <name>')
    .option('--kind <kind>', 'what was observed, as signals call it')
    .option('--seen <n/m/minutes>', '3/5/10: in 3 of the last 5 windows of 10 minutes')
    .option('--rate <over/minutes>', '5/10: more than 5 in 10 minutes')
    .option('--warm-up <observations/days>', '200/7: after 200 observations or 7 days')
    .requiredOption('--reason <sentence>')
    .action(
      async (it: {
        system?: string;
        detector?: string;
        kind?: string;
        seen?: string;
        rate?: string;
        warmUp?: string;
        reason: string;
      }) => {
        const body = {
          system: it.system ?? null,
          detector: it.detector ?? null,
          kind: it.kind ?? null,
          rule: ruleOf(it),
          reason: it.reason,
        };
        const { condition } = await cli.client().call(paging.setCondition, { body });
        cli.say(`${condition.id}: ${condition.says}.`, condition);
      },
    );
  command
    .command('remove <condition>')
    .requiredOption('--reason <sentence>')
    .action(async (id: string, { reason }: { reason: string }) => {
      const params: { condition: ConditionId } = { condition: idOf('con', id) };
      await cli.client().call(paging.removeCondition, { params, body: { reason } });
      cli.say(`${id} is removed: such signals count from the first on.`, { id, removed: true });
    });
};
