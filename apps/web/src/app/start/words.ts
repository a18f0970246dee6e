import type { Moves } from '@firebreak/contract/prepare/moves';

type MoveName = Moves['moves'][number]['move'];

export const MOVE_TITLES: Readonly<Record<MoveName, string>> = {
  define: 'Say what an AI incident is, and how grave',
  map: 'Map a system, who answers for it, and how it logs',
  playbook: 'One playbook for the riskiest use',
};
export const MOVE_WHY: Readonly<Record<MoveName, string>> = {
  define: 'Without a definition everybody argues at night; with one, anybody can declare.',
  map: 'Nobody can stop, or even see, what is not written down.',
  playbook: 'Across functions: who looks, who stops, who speaks, who decides that it runs again.',
};

/** Where the start stands, in a sentence. */
export function startLine({ moves }: Pick<Moves, 'moves'>): string {
  const made = moves.filter(({ done }) => done).length;
  if (made === moves.length) return 'All three moves are made.';
  const next = moves.find(({ done }) => !done)!;
  return `${made === 0 ? 'Three moves, about ten minutes.' : `${made} of ${moves.length} moves made.`} Next: ${MOVE_TITLES[next.move].charAt(0).toLowerCase()}${MOVE_TITLES[next.move].slice(1)}.`;
}
