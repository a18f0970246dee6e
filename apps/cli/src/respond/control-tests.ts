import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@firebreak/client';
import { containment } from '@firebreak/contract/respond/containment';
import { type ControlTest, controlTests as doors } from '@firebreak/contract/respond/control-tests';
import { AnswerIsNo, BadInput, type Cli, type Register } from '../cli.ts';
import { controlNamed } from './control-named.ts';

const LOOK_MS = 250;
const PATIENCE_MS = 60_000;

async function ended(client: Client, test: ControlTest): Promise<ControlTest> {
  const until = performance.now() + PATIENCE_MS;
  let now = test;
  while (now.ended === null) {
    if (performance.now() > until)
      throw new BadInput(`The test ${test.test} has not ended yet. See: firebreak control show ${test.test}`);
    await pause(LOOK_MS);
    now = (await client.call(doors.show, { params: { test: test.test } })).test;
  }
  return now;
}

const ms = (value: number | null): string => (value === null ? '' : `${Math.round(value)}`);

function show(cli: Cli, test: ControlTest): void {
  cli.table(
    test.ended?.instances ?? [],
    [
      { head: 'instance', of: (each) => each.instance },
      { head: 'host', of: (each) => each.host },
      { head: 'surface', of: (each) => each.surface },
      { head: 'result', of: (each) => each.outcome },
      { head: 'obeyed ms', of: (each) => ms(each.ackMs) },
      { head: 'in effect ms', of: (each) => ms(each.effectMs) },
      { head: 'because', of: (each) => each.says },
    ],
    test,
  );
}

function wholeNumber(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text)) throw new BadInput(`${name}: “${text}” is not a whole number.`);
  return Number(text);
}

/** `firebreak control test|tests|show|plan` */
export const controlTests: Register = (program, cli) => {
  const control = program.command('control').description('whether one control can be counted on');
  control
    .command('test <control>')
    .description('test it now on every instance; no real request meets it; exit 1 when it does not pass')
    .option('--system <key>', 'the system, when the control is given by name')
    .option('--incident <incident>', 'as a rehearsal in an exercise')
    .action(async (name: string, o: { system?: string; incident?: string }) => {
      const client = cli.client();
      const { id, system } = await controlNamed(client, name, o.system);
      const body = o.incident === undefined ? {} : { incident: o.incident };
      const begun = await client.call(doors.begin, { params: { system, control: id }, body });
      const test = await ended(client, begun.test);
      show(cli, test);
      if (test.ended?.outcome !== 'passed') throw new AnswerIsNo();
    });
  control
    .command('show <test>')
    .description('one test, with how each instance came out of it')
    .action(async (test: string) => {
      if (!test.startsWith('tst_')) throw new BadInput('Give the id of a test. See: firebreak control tests');
      show(cli, (await cli.client().call(doors.show, { params: { test: test as `tst_${string}` } })).test);
    });
  control
    .command('tests')
    .description('tests of controls, newest first')
    .option('--system <key>', 'of one system')
    .action(async ({ system }: { system?: string }) => {
      const query = { limit: 100, ...(system !== undefined && { system }) };
      const { tests } = await cli.client().call(doors.list, { query });
      cli.table(
        tests,
        [
          { head: 'test', of: (each) => each.test },
          { head: 'system', of: (each) => each.system },
          { head: 'control', of: (each) => each.name },
          { head: 'begun', of: (each) => each.begunAt },
          { head: 'because', of: (each) => each.why },
          { head: 'result', of: (each) => each.ended?.outcome ?? 'running' },
          { head: 'in effect ms', of: (each) => ms(each.ended?.effectMs ?? null) },
        ],
        tests,
      );
    });
  control
    .command('plan <control>')
    .description('who answers for it, when it is tested, and how long its proofs may take')
    .option('--system <key>', 'the system, when the control is given by name')
    .option('--owner <name>', 'who answers for it')
    .option('--every <days>', 'days between two tests')
    .option('--hour <hour>', 'hour of the day in which little happens, UTC')
    .option('--acknowledged <seconds>', 'until people are told that not everybody obeys')
    .option('--probe <seconds>', 'until people are told that it was not shown to work')
    .option('--traffic <seconds>', 'until people are told that traffic does not show it')
    .action(async (name: string, o: Record<string, string | undefined>) => {
      const client = cli.client();
      const { id, system } = await controlNamed(client, name, o.system);
      const { controls } = await client.call(containment.listControls, { params: { system } });
      const held = controls.find((each) => each.control === id);
      if (held === undefined) throw new BadInput(`${system} has no control ${id}.`);
      const { owner, plan, proofs } = held.standing;
      const planned = await client.call(containment.planControl, {
        params: { system, control: id },
        body: {
          owner: o.owner ?? owner,
          plan: {
            ...plan,
            everyDays: wholeNumber(o.every, '--every') ?? plan.everyDays,
            quietHour: wholeNumber(o.hour, '--hour') ?? plan.quietHour,
          },
          proofs: {
            acknowledged: wholeNumber(o.acknowledged, '--acknowledged') ?? proofs.acknowledged,
            probe: wholeNumber(o.probe, '--probe') ?? proofs.probe,
            traffic: wholeNumber(o.traffic, '--traffic') ?? proofs.traffic,
          },
        },
      });
      cli.say(`“${planned.name}” is tested every ${planned.standing.plan.everyDays} days.`, planned);
    });
};
