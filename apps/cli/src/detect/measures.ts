import { measures as doors, type MeasureRow } from '@firebreak/contract/detect/measures';
import { watches as watchDoors } from '@firebreak/contract/detect/watches';
import { BadInput, type Register } from '../cli.ts';
import { ruleIn } from './measures-rule.ts';

const RANGES = ['3h', '24h', '7d', '30d'] as const;

/** A value as people read it: a rate in per cent, anything else with its unit. */
const valueText = ({ kind, unit }: Pick<MeasureRow, 'kind' | 'unit'>, value: number | null): string | null =>
  value === null
    ? null
    : kind === 'rate'
      ? `${(100 * value).toFixed(1)} %`
      : `${Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`;

/** `firebreak measures …` */
export const measures: Register = (program, cli) => {
  const group = program.command('measures').description('numbers over time: rates, latencies, tokens, queues');
  group
    .command('list [system]')
    .description('what is measured, with the last hour that has data')
    .action(async (system: string | undefined) => {
      const answer = await cli.client().call(doors.list, { query: system === undefined ? {} : { system } });
      cli.table(
        answer.measures,
        [
          { head: 'system', of: (it) => it.system },
          { head: 'measure', of: (it) => it.name },
          { head: 'kind', of: (it) => it.kind },
          { head: 'last hour', of: (it) => valueText(it, it.last) },
          { head: 'of', of: (it) => it.lastN },
          { head: 'from', of: (it) => it.origin },
          { head: 'last', of: (it) => it.lastAt },
        ],
        answer,
      );
    });
  group
    .command('show <system> <measure>')
    .description('one measure over time')
    .option('--range <range>', RANGES.join(', '), '24h')
    .option('--split <by>', 'feature, model or prompt', 'none')
    .action(async (system: string, measure: string, { range, split }: { range: string; split: string }) => {
      if (!(RANGES as readonly string[]).includes(range))
        throw new BadInput(`There is no range “${range}”. Choose ${RANGES.join(', ')}.`);
      if (!['none', 'feature', 'model', 'prompt'].includes(split))
        throw new BadInput(`It cannot be split by “${split}”. Choose feature, model or prompt.`);
      const answer = await cli.client().call(doors.show, {
        params: { system, measure },
        query: { range: range as '24h', split: split as 'none' },
      });
      cli.table(
        answer.lines.flatMap(({ label, points }) => points.map((point) => ({ label, ...point }))),
        [
          { head: 'at', of: (it) => it.at },
          ...(split === 'none' ? [] : [{ head: split, of: (it: { label: string }) => it.label || 'not said' }]),
          { head: 'value', of: (it) => valueText(answer.measure, it.value) },
          { head: 'from', of: (it) => valueText(answer.measure, it.low) },
          { head: 'to', of: (it) => valueText(answer.measure, it.high) },
          { head: 'of', of: (it) => it.n },
        ],
        answer,
      );
    });
  group
    .command('watches [system]')
    .description('what is watched, how each watch stands, and how often it is wrong')
    .action(async (system: string | undefined) => {
      const answer = await cli.client().call(watchDoors.list, { query: system === undefined ? {} : { system } });
      cli.table(
        answer.watches,
        [
          { head: 'system', of: (it) => it.system },
          { head: 'measure', of: (it) => it.measure },
          { head: 'watch', of: (it) => it.name },
          { head: 'rule', of: (it) => it.rule.kind },
          { head: 'state', of: (it) => (it.state === 'alarming' ? 'ALARM' : it.state) },
          { head: 'usual', of: (it) => valueText(it, it.usualValue) },
          { head: 'wrong once in days', of: (it) => it.falseAlarmDays },
          { head: 'pages', of: (it) => (it.pages ? 'yes' : 'no') },
          { head: 'id', of: (it) => it.id },
        ],
        answer,
      );
    });
  group
    .command('budget [per-week]')
    .description('false pages a week: what all watches declare together, and what the team puts up with')
    .action(async (perWeek: string | undefined) => {
      const client = cli.client();
      if (perWeek !== undefined && !(Number(perWeek) > 0))
        throw new BadInput(`“${perWeek}” is no number of pages a week.`);
      const { budget } =
        perWeek === undefined
          ? await client.call(watchDoors.list, { query: {} })
          : await client.call(watchDoors.setBudget, { body: { perWeek: Number(perWeek) } });
      cli.say(
        `${budget.expected.toFixed(2)} false pages a week from ${budget.watches} watches and ${budget.suites} golden sets or suites of probes, of ${budget.perWeek} put up with.`,
        budget,
      );
    });
  group
    .command('alarms [system]')
    .description('what the watches told, newest first')
    .action(async (system: string | undefined) => {
      const { alarms } = await cli.client().call(watchDoors.alarms, { query: system === undefined ? {} : { system } });
      cli.table(
        alarms,
        [
          { head: 'at', of: (it) => it.at },
          { head: 'system', of: (it) => it.system },
          { head: 'watch', of: (it) => it.watchName },
          { head: 'over', of: (it) => it.endedAt },
          { head: 'text', of: (it) => it.text },
        ],
        alarms,
      );
    });
  group
    .command('watch <system> <measure>')
    .description('watch a measure; with --try show what it would have told, and change nothing')
    .requiredOption('--rule <json>', 'for example {"kind":"limit","share":0.9,"steps":[{"limit":15,"severity":1}]}')
    .option('--name <text>')
    .option('--feature <key>')
    .option('--pages', 'its alarm pages alone')
    .option('--try', 'only show what it would have told on what is stored')
    .action(
      async (
        system: string,
        measure: string,
        options: { rule: string; name?: string; feature?: string; pages?: boolean; try?: boolean },
      ) => {
        const rule = ruleIn(options.rule);
        const about = { system, measure, feature: options.feature ?? null, rule };
        const client = cli.client();
        if (options.try) {
          const { trial } = await client.call(watchDoors.trial, { body: about });
          cli.table(
            trial.alarms,
            [
              { head: 'at', of: (it) => it.at },
              { head: 'over', of: (it) => it.endedAt },
              { head: 'severity', of: (it) => it.severity },
              { head: 'text', of: (it) => it.text },
            ],
            trial,
          );
          return;
        }
        const { watch } = await client.call(watchDoors.add, {
          body: { ...about, name: options.name ?? `${rule.kind} of ${measure}`, pages: options.pages === true },
        });
        cli.say(`“${watch.name}” watches ${measure} of ${system}.`, watch);
      },
    );
  for (const what of ['pause', 'remove'] as const)
    group
      .command(`${what} <watch>`)
      .description(what === 'pause' ? 'stop watching, with a reason' : 'remove a watch; its alarms stay')
      .requiredOption('--reason <text>')
      .action(async (watch: string, { reason }: { reason: string }) => {
        await cli.client().call(watchDoors[what], { params: { watch: watch as `wch_${string}` }, body: { reason } });
        cli.say(`${watch} is ${what}d.`, { [`${what}d`]: watch });
      });
  group
    .command('resume <watch>')
    .description('watch again')
    .action(async (watch: string) => {
      await cli.client().call(watchDoors.resume, { params: { watch: watch as `wch_${string}` } });
      cli.say(`${watch} watches again.`, { resumed: watch });
    });
};
