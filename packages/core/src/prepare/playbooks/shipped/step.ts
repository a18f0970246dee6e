import type { SystemType } from '../../inventory/index.ts';
import type { PhaseKey, PlaybookArchetype, PlaybookStep, StepOwner } from '../playbook.ts';

export interface ShippedArchetype {
  readonly archetype: PlaybookArchetype;
  readonly name: string;
  readonly summary: string;
  /** System types in which this failure makes sense. */
  readonly types: readonly SystemType[];
  readonly steps: readonly PlaybookStep[];
}

type Rest = Partial<Pick<PlaybookStep, 'mayRun' | 'control' | 'doneBy' | 'withinMinutes' | 'condition'>>;

/** One step of the shipped set; what is not said takes nothing. */
export function step(
  key: string,
  phase: PhaseKey,
  owner: StepOwner,
  text: string,
  detail = '',
  rest: Rest = {},
): PlaybookStep {
  return {
    key,
    phase,
    text,
    detail,
    owner,
    mayRun: rest.mayRun ?? 'room.write',
    control: rest.control ?? null,
    doneBy: rest.doneBy ?? null,
    withinMinutes: rest.withinMinutes ?? null,
    condition: rest.condition ?? '',
    commands: [],
  };
}
