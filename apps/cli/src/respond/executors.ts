import { readFileSync } from 'node:fs';
import type { Client } from '@firebreak/client';
import { executors as doors, type Executor } from '@firebreak/contract/respond/executors';
import { EXECUTOR_KINDS, type ExecutorKind, kindOf } from '@firebreak/core/respond/executors';
import { AnswerIsNo, BadInput, type Register } from '../cli.ts';
import { holdNamed } from './hold-named.ts';

const many = (value: string, before: readonly string[]): string[] => [...before, value];

async function named(client: Client, name: string): Promise<Executor> {
  if (name.startsWith('exe_'))
    return (await client.call(doors.show, { params: { executor: name as `exe_${string}` } })).executor;
  const { executors } = await client.call(doors.list, { query: {} });
  const found = executors.filter((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found.length === 1) return found[0]!;
  throw new BadInput(
    found.length === 0
      ? `There is no executor “${name}”. “firebreak executors list” shows the ones there are.`
      : `${found.length} executors are called “${name}”. Name one by its id.`,
  );
}

/** `name=value` pairs; `name=@file` reads the value from a file. */
function settingsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const place = pair.indexOf('=');
      if (place <= 0) throw new BadInput(`“${pair}” is no setting. Write name=value, or name=@file.`);
      const value = pair.slice(place + 1);
      return [pair.slice(0, place), value.startsWith('@') ? read(value.slice(1)) : value];
    }),
  );
}
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadInput(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function kindNamed(kind: string): ExecutorKind {
  const found = EXECUTOR_KINDS.find((each) => each === kind);
  if (found === undefined) throw new BadInput(`There is no kind “${kind}”. There are: ${EXECUTOR_KINDS.join(', ')}.`);
  return found;
}

interface Declared {
  readonly kind: string;
  readonly name?: string;
  readonly set: string[];
  readonly control: string[];
  readonly secretFile?: string;
}

/** `firebreak executors …`: switches of other products that follow the controls. */
export const executors: Register = (program, cli) => {
  const group = program.command('executors').description('switches of other products that follow the controls');
  group
    .command('list')
    .description('what each does, and whether it is known to work')
    .option('--system <key>', 'those that act for controls of one AI system')
    .option('--retired', 'those that are no longer used too')
    .action(async ({ system, retired }: { system?: string; retired?: boolean }) => {
      const answer = await cli.client().call(doors.list, { query: { system, retired: retired ? 'yes' : 'no' } });
      cli.table(
        answer.executors,
        [
          { head: 'name', of: (it) => it.name },
          { head: 'kind', of: (it) => it.kind },
          { head: 'does', of: (it) => it.holds },
          { head: 'proof', of: (it) => (it.retired === null ? it.proof : 'retired') },
          { head: 'rehearsed', of: (it) => it.rehearsed?.at ?? 'never' },
          { head: 'holds for', of: (it) => it.holding.map(({ label }) => label).join(', ') || null },
          { head: 'given up', of: (it) => it.givenUp || null },
          { head: 'id', of: (it) => it.id },
        ],
        answer,
      );
    });
  group
    .command('show <executor>')
    .description('its orders, newest first, with what was seen')
    .action(async (name: string) => {
      const client = cli.client();
      const answer = await client.call(doors.show, { params: { executor: (await named(client, name)).id } });
      cli.table(
        answer.orders,
        [
          { head: 'hold', of: (it) => it.label },
          { head: 'way', of: (it) => it.way },
          { head: 'state', of: (it) => it.state },
          { head: 'saw', of: (it) => it.says },
          { head: 'failures', of: (it) => it.failures },
          { head: 'ms', of: (it) => it.ms },
          { head: 'at', of: (it) => it.changedAt },
        ],
        answer,
      );
    });
  group
    .command('kinds')
    .description('the kinds there are, and the settings of each')
    .action(() => {
      const rows = EXECUTOR_KINDS.flatMap((kind) =>
        kindOf(kind).fields.map(({ name, hint, otherwise }) => ({ kind, name, hint, otherwise: otherwise ?? null })),
      );
      cli.table(
        rows,
        [
          { head: 'kind', of: (it) => it.kind },
          { head: 'setting', of: (it) => it.name },
          { head: 'otherwise', of: (it) => (it.otherwise === '' ? 'nothing' : (it.otherwise ?? 'has to be said')) },
          { head: 'is', of: (it) => it.hint },
        ],
        rows,
      );
    });
  group
    .command('declare')
    .description('bind a switch to declared controls')
    .requiredOption('--kind <kind>', EXECUTOR_KINDS.join(', '))
    .option('--name <text>')
    .option('--set <name=value>', 'a setting, may be given again; name=@file reads a file', many, [])
    .requiredOption('--control <id>', 'a declared control, ctl_…; may be given again', many, [])
    .option('--secret-file <file>', 'a file with the secret; one on the command line would stay in its history')
    .action(async ({ kind: said, name, set, control, secretFile }: Declared) => {
      const kind = kindNamed(said);
      const answer = await cli.client().call(doors.declare, {
        body: {
          kind,
          name: name ?? kindOf(kind).title,
          settings: settingsOf(set),
          controls: control as `ctl_${string}`[],
          ...(secretFile !== undefined && { secret: read(secretFile).trim() }),
        },
      });
      const once = answer.secret === null ? '' : ` Its signing secret, shown only now: ${answer.secret}`;
      cli.say(`${answer.executor.name} is bound. Try it: firebreak executors try ${answer.executor.id}${once}`, answer);
    });
  group
    .command('secret <executor>')
    .description('give it another secret')
    .requiredOption('--secret-file <file>')
    .action(async (name: string, { secretFile }: { secretFile: string }) => {
      const client = cli.client();
      const { id } = await named(client, name);
      const answer = await client.call(doors.key, {
        params: { executor: id },
        body: { secret: read(secretFile).trim() },
      });
      cli.say(`${answer.executor.name} has another secret. Try it.`, answer.executor);
    });
  group
    .command('try <executor>')
    .description('read the switch and the rights of the secret; changes nothing; exit 1 where it would not work')
    .action(async (name: string) => {
      const client = cli.client();
      const { executor } = await client.call(doors.rehearse, {
        params: { executor: (await named(client, name)).id },
      });
      const { rehearsed } = executor;
      const may = { yes: '; its secret may change it', no: '; its secret may not change it', unsaid: '' };
      cli.say(
        rehearsed === null ? 'nothing was seen' : `${rehearsed.says}${may[rehearsed.may]} (${rehearsed.ms} ms)`,
        executor,
      );
      if (rehearsed?.ok !== true) throw new AnswerIsNo();
    });
  group
    .command('again <executor> <hold>')
    .description('try again what was given up; the hold by HLD-… or id')
    .option('--let-go', 'the letting go of the hold')
    .action(async (name: string, hold: string, { letGo }: { letGo?: boolean }) => {
      const client = cli.client();
      const { id } = await named(client, name);
      const { executor } = await client.call(doors.again, {
        params: { executor: id },
        body: { hold: (await holdNamed(client, hold)).hold, way: letGo ? 'let-go' : 'hold' },
      });
      cli.say(`${executor.name} tries again.`, executor);
    });
  group
    .command('retire <executor>')
    .description('use it no longer; its secret is forgotten, its record stays')
    .requiredOption('--reason <text>')
    .action(async (name: string, { reason }: { reason: string }) => {
      const client = cli.client();
      const { id } = await named(client, name);
      const { executor } = await client.call(doors.retire, { params: { executor: id }, body: { reason } });
      cli.say(`${executor.name} is retired.`, executor);
    });
};
