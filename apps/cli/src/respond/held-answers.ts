import { heldAnswers as doors, type HeldAnswer } from '@firebreak/contract/respond/held-answers';
import type { HeldDecision } from '@firebreak/core/respond/held-answers';
import { BadInput, type Cli, type Register } from '../cli.ts';

const what = (each: HeldAnswer): string =>
  each.tool === null ? (each.text ?? '(erased)') : `${each.tool}(${each.arguments ?? ''})`;
const short = (text: string): string => (text.length > 90 ? `${text.slice(0, 89)}…` : text);

function heldNamed(name: string): `hda_${string}` {
  if (!name.startsWith('hda_')) throw new BadInput(`“${name}” is no held answer. firebreak held list shows them.`);
  return name as `hda_${string}`;
}

async function decide(cli: Cli, held: string, as: HeldDecision, text: string | null, reason: string | undefined) {
  const decided = await cli
    .client()
    .call(doors.decide, { params: { held: heldNamed(held) }, body: { as, text, reason: reason ?? null } });
  cli.say(`${decided.held} is ${decided.state}.`, decided);
}

/** `firebreak held …`: answers and calls that wait for a person. */
export const heldAnswers: Register = (program, cli) => {
  const group = program.command('held').description('answers and calls of AI systems that wait for a person');
  group
    .command('list')
    .description('those that wait, the one that waits longest first')
    .option('--system <key>', 'of one system only')
    .option('--decided', 'those decided lately instead')
    .action(async (given: { system?: string; decided?: true }) => {
      const { items } = await cli.client().call(doors.list, {
        query: { show: given.decided ? 'decided' : 'waiting', ...(given.system && { system: given.system }) },
      });
      cli.table(
        items,
        [
          { head: 'id', of: (each) => each.held },
          { head: 'system', of: (each) => each.system },
          { head: 'is', of: (each) => each.state },
          { head: 'since', of: (each) => each.at },
          { head: 'asked', of: (each) => each.question && short(each.question) },
          { head: 'what', of: (each) => short(what(each)) },
        ],
        items,
      );
    });
  for (const [name, as, says] of [
    ['approve', 'approved', 'let it go as it is'],
    ['decline', 'declined', 'do not let it go'],
  ] as const)
    group
      .command(`${name} <id>`)
      .description(says)
      .option('--reason <text>', 'why')
      .action((held: string, given: { reason?: string }) => decide(cli, held, as, null, given.reason));
  group
    .command('edit <id> <text>')
    .description('say this instead')
    .option('--reason <text>', 'why')
    .action((held: string, text: string, given: { reason?: string }) =>
      decide(cli, held, 'edited', text, given.reason),
    );
};
