import type { SystemType } from '@firebreak/core/prepare/inventory';
import type { Capability } from '@firebreak/core/prepare/people';
import type { PhaseKey, PlaybookArchetype, StepOwner } from '@firebreak/core/prepare/playbooks';

export const ARCHETYPE_TITLES: Readonly<Record<PlaybookArchetype | 'any', string>> = {
  'prompt-injection': 'Prompt injection',
  'data-exfiltration': 'Data exfiltration',
  'model-manipulation': 'Model manipulation',
  'misinformation-cascade': 'Misinformation cascade',
  'toxicity-abuse': 'Toxicity and abuse',
  'agentic-misalignment': 'Agentic misalignment',
  'integration-compromise': 'Integration compromise',
  'quality-drift': 'Quality drift',
  'unsafe-automated-decision': 'Unsafe automated decision',
  'vendor-failure': 'Vendor failure',
  'control-failure': 'Control failure',
  any: 'Any kind of failure',
};

export const OWNER_TITLES: Readonly<Record<StepOwner, string>> = {
  commander: 'Commander',
  scribe: 'Scribe',
  'technical-lead': 'Technical lead',
  'communications-lead': 'Communications lead',
  legal: 'Legal',
  privacy: 'Privacy',
  security: 'Security',
  'application-owner': 'Application owner',
  'executive-sponsor': 'Executive sponsor',
};

export const PHASE_REACH: Readonly<Record<PhaseKey, string>> = {
  triage: 'minutes 0–10',
  contain: 'minutes 10–30',
  communicate: 'minutes 30–50',
  document: 'minutes 50–60',
  containment: 'hours 1–4',
  assess: 'hours 4–24',
  remediate: 'hours 24–72',
  learn: 'days 3–14',
};

/** `fact:containment.ordered` as a person reads it. */
export function tickWords(doneBy: string | null): string | null {
  if (doneBy === null) return null;
  const [kind, what = ''] = doneBy.split(':');
  switch (kind) {
    case 'fact':
      return `ticked when the record shows ${what.replace('.', ' ').replaceAll('-', ' ')}`;
    case 'role':
      return `ticked when the seat of ${what.replaceAll('-', ' ')} is taken`;
    case 'severity':
      return 'ticked when the severity has no open question';
    case 'holds':
      return 'ticked when every hold is confirmed';
    default:
      return `ticked when ${what} of the four times are stated`;
  }
}

const MEMBERS: Readonly<Record<string, string>> = {
  text: 'words',
  detail: 'explanation',
  owner: 'owner',
  phase: 'phase',
  mayRun: 'who may do it',
  control: 'control',
  doneBy: 'what ticks it',
  withinMinutes: 'time',
  condition: 'condition',
  commands: 'commands',
};
export const memberWords = (members: readonly string[]): string =>
  members.map((each) => MEMBERS[each] ?? each).join(', ');

export const SYSTEM_TYPE_TITLES: Readonly<Record<SystemType | 'any', string>> = {
  generative: 'Generative',
  agent: 'Agent',
  predictive: 'Predictive',
  voice: 'Voice',
  any: 'Any type of system',
};

/** Rights that a step may ask for, in words; another is shown as it is called. */
const RIGHTS: Readonly<Partial<Record<Capability, string>>> = {
  read: 'read',
  'room.write': 'write in the war room',
  'incident.lead': 'lead the incident',
  'candidate.judge': 'judge candidates',
  'containment.order': 'order containment',
  'containment.lift': 'lift a hold',
  'containment.declare': 'wire controls',
  'evidence.export': 'export evidence',
  'update.publish': 'publish an update',
  'filing.file': 'file with an authority',
  'system.edit': 'change systems and playbooks',
  'risk.edit': 'change the risk register',
};
export const STEP_RIGHTS = Object.keys(RIGHTS) as Capability[];
export const rightWords = (right: Capability): string => RIGHTS[right] ?? right;
