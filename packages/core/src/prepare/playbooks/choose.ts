import type { SystemType } from '../inventory/index.ts';
import { type PlaybookArchetype, playbookArchetype } from './playbook.ts';

interface Choosable {
  readonly key: string;
  readonly archetype: PlaybookArchetype | 'any';
  readonly systemType: SystemType | 'any';
  /** True for one an organisation wrote or changed itself. */
  readonly own: boolean;
}

/**
 * The playbook that fits best, or null where nothing is written for the archetype. The exact system type before “any”,
 * “any” before another type; one's own before the shipped; then by key, so that the same list always gives the same one.
 */
export function chooseFor<P extends Choosable>(
  playbooks: readonly P[],
  archetype: string | null,
  systemType: SystemType | null,
): P | null {
  const wanted = playbookArchetype(archetype);
  if (wanted === null) return null;
  const distance = ({ systemType: type }: P) =>
    type === systemType ? 0 : type === 'any' ? 1 : type === 'generative' ? 2 : 3;
  const fitting = playbooks.filter((each) => each.archetype === wanted);
  return (
    [...fitting].sort(
      (a, b) =>
        distance(a) - distance(b) || Number(b.own) - Number(a.own) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
    )[0] ?? null
  );
}
