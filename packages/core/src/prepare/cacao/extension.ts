import { SYSTEM_TYPES, type SystemType } from '../inventory/index.ts';
import { CAPABILITIES } from '../people/index.ts';
import {
  DONE_BY,
  PHASE_KEYS,
  PLAYBOOK_ARCHETYPES,
  type PlaybookArchetype,
  type PlaybookContent,
  type PlaybookStep,
  STEP_OWNERS,
} from '../playbooks/index.ts';
import { type JsonObject, textOf } from './json.ts';
import { uuidOf } from './uuid.ts';

/** What CACAO has no member for stands in one extension: phases, seats, what ticks a step, archetype and system type. */
export const EXTENSION = `extension-definition--${uuidOf('firebreak playbook')}`;
export const FIREBREAK = `identity--${uuidOf('firebreak')}`;

export const EXTENSION_DEFINITION: JsonObject = {
  type: 'extension-definition',
  name: 'Firebreak playbook',
  description: 'Phase, seat and tick of each step; archetype and system type of the playbook.',
  created_by: FIREBREAK,
  schema:
    'Playbook: archetype, system_type. Step: step_key, phase, owner, may_run, control, done_by, within_minutes, condition.',
  version: '1.0.0',
};

/** A key as steps have it: the same text always gives the same key. */
export const stepKey = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'step';

const KEY = /^[a-z0-9][a-z0-9._-]{1,63}$/;
const among = <T extends string>(list: readonly T[], value: string): T | null =>
  list.find((each) => each === value) ?? null;

export function archetypeOf(extension: JsonObject): PlaybookArchetype | 'any' | null {
  return among([...PLAYBOOK_ARCHETYPES, 'any'], textOf(extension.archetype));
}

export function systemTypeOf(extension: JsonObject): SystemType | 'any' | null {
  return among([...SYSTEM_TYPES, 'any'], textOf(extension.system_type));
}

/** Members of a step that came in the extension; what does not fit is as if it were not there. */
export function stepFromExtension(extension: JsonObject): Partial<PlaybookStep> {
  const { within_minutes: within, step_key: key, control, condition } = extension;
  const phase = among(PHASE_KEYS, textOf(extension.phase));
  if (phase === null) return {};
  return {
    ...(typeof key === 'string' && KEY.test(key) && { key }),
    phase,
    owner: among(STEP_OWNERS, textOf(extension.owner)),
    mayRun: among(CAPABILITIES, textOf(extension.may_run)),
    control: typeof control === 'string' ? control.slice(0, 200) : null,
    doneBy: DONE_BY.test(textOf(extension.done_by)) ? textOf(extension.done_by) : null,
    withinMinutes: Number.isInteger(within) && Number(within) > 0 && Number(within) <= 43_200 ? Number(within) : null,
    condition: textOf(condition).slice(0, 500),
  };
}

export function extensionOfStep(step: PlaybookStep): JsonObject {
  return {
    step_key: step.key,
    phase: step.phase,
    ...(step.owner && { owner: step.owner }),
    ...(step.mayRun && { may_run: step.mayRun }),
    ...(step.control && { control: step.control }),
    ...(step.doneBy && { done_by: step.doneBy }),
    ...(step.withinMinutes !== null && { within_minutes: step.withinMinutes }),
    ...(step.condition && { condition: step.condition }),
  };
}

export const extensionOfPlaybook = (content: PlaybookContent): JsonObject => ({
  archetype: content.archetype,
  system_type: content.systemType,
});
