import type { SystemType } from '../../inventory/index.ts';
import { PHASE_KEYS, type PlaybookContent } from '../playbook.ts';
import { ACCIDENTS } from './accidents.ts';
import { ATTACKS } from './attacks.ts';
import { BY_SYSTEM_TYPE } from './by-system-type.ts';
import { EVERY_INCIDENT } from './every-incident.ts';
import type { ShippedArchetype } from './step.ts';

/** Changes whenever a step of the shipped set does. */
export const SHIPPED_EDITION = '2026.11';

export interface ShippedPlaybook {
  /** `prompt-injection.agent` */
  readonly key: string;
  readonly content: PlaybookContent;
}

const IN: Record<SystemType, string> = {
  generative: 'a generative system',
  agent: 'an agent',
  predictive: 'a predictive system',
  voice: 'a voice agent',
};

function compose(each: ShippedArchetype, type: SystemType): ShippedPlaybook {
  const steps = [...EVERY_INCIDENT, ...each.steps, ...BY_SYSTEM_TYPE[type]];
  return {
    key: `${each.archetype}.${type}`,
    content: {
      name: `${each.name} in ${IN[type]}`,
      summary: each.summary,
      archetype: each.archetype,
      systemType: type,
      steps: PHASE_KEYS.flatMap((phase) => steps.filter((step) => step.phase === phase)),
    },
  };
}

/** Every archetype for every type of system it can happen in. */
export const SHIPPED: readonly ShippedPlaybook[] = [...ATTACKS, ...ACCIDENTS].flatMap((each) =>
  each.types.map((type) => compose(each, type)),
);
