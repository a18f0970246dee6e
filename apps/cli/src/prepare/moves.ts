import { moves as doors, type Moves } from '@firebreak/contract/prepare/moves';
import type { Register } from '../cli.ts';

const NAMES: Readonly<Record<Moves['moves'][number]['move'], string>> = {
  define: 'Say what an AI incident is, and how grave',
  map: 'Map the AI systems, who answers for them, and how they log',
  playbook: 'One playbook for the riskiest use',
};

function sayMoves({ moves, riskiest }: Moves): string {
  const done = moves.filter((move) => move.done).length;
  const lines = moves.flatMap(({ move, done: made, items }, i) => [
    `${made ? '✓' : '·'} ${i + 1}. ${NAMES[move]}`,
    ...items
      .filter((item) => !item.done || !made)
      .map((item) => `     ${item.done ? '✓' : item.needed ? '·' : '○'} ${item.says}`),
  ]);
  const [failure] = riskiest?.failures ?? [];
  return [
    ...lines,
    ...(moves[2]?.done === false && riskiest
      ? [
          `The riskiest system seems to be ${riskiest.name}: ${riskiest.reasons.join('; ') || 'the only one there is'}.`,
          ...(failure
            ? [
                `What may go wrong first: ${failure.archetype}. Adopt its playbook: firebreak playbooks adopt ${failure.playbook.key}`,
              ]
            : []),
        ]
      : []),
    `${done} of ${moves.length} made.${done < moves.length ? ' Go on under /start.' : ''}`,
  ].join('\n');
}

/** `firebreak moves` */
export const moves: Register = (program, cli) => {
  program
    .command('moves')
    .description('the three moves to begin with, and what each still lacks')
    .action(async () => {
      const found = await cli.client().call(doors.show, {});
      cli.say(sayMoves(found), found);
    });
};
