import type { Archetype } from '../../detect/signals/index.ts';
import type { AiSystem } from '../../prepare/inventory/index.ts';
import type { Axes, Severity } from '../../prepare/rubric/index.ts';
import type { IncidentRole } from '../incidents/index.ts';

export const FLAGS = [
  'personal-data',
  'regulated-decision',
  'financial-loss',
  'security-exposure',
  'customer-harm',
] as const;
export type Flag = (typeof FLAGS)[number];

export interface FlagCall {
  readonly flag: Flag;
  readonly is: 'yes' | 'no' | 'unknown';
  readonly why: string;
}

export interface Known {
  readonly archetype: Archetype | null;
  readonly axes: Axes;
  readonly severity: Severity;
  readonly detectors: readonly string[];
  readonly system: Pick<AiSystem, 'type' | 'riskClass'> | null;
}

const SECURITY: readonly (Archetype | null)[] = [
  'prompt-injection',
  'data-exfiltration',
  'model-manipulation',
  'agentic-misalignment',
  'integration-compromise',
];

type Said = Omit<FlagCall, 'flag'>;
const yes = (why: string): Said => ({ is: 'yes', why });
const no = (why: string): Said => ({ is: 'no', why });
const unknown = (why: string): Said => ({ is: 'unknown', why });

function personalData({ axes, detectors }: Known): Said {
  if (axes.data !== null && axes.data >= 3) return yes('The answer on data says personal data or worse.');
  if (detectors.includes('personal-data')) return yes('A detector found personal data in an answer.');
  return axes.data === null
    ? unknown('Nobody has answered what data is exposed.')
    : no('The answer on data says none of it is personal.');
}

function regulatedDecision({ system }: Known): Said {
  if (system === null) return unknown('The system is not in the inventory.');
  if (system.riskClass.startsWith('annex-iii'))
    return yes(
      `The system is listed as high-risk (EU AI Act, ${system.riskClass.replace('annex-iii-', 'Annex III point ')}).`,
    );
  if (system.riskClass === 'unassessed') return unknown('The risk class of the system is not assessed.');
  return system.type === 'predictive'
    ? unknown('A predictive system decides about something; its class names no regulated area.')
    : no('The risk class of the system names no regulated decision.');
}

function financialLoss({ axes }: Known): Said {
  if (axes.harm === null) return unknown('Nobody has answered what it did to people.');
  if (axes.harm >= 3) return yes('Material harm is stated; say in the record how much.');
  return axes.harm === 2
    ? unknown('A wrong output was acted on; whether it cost anybody money is not known.')
    : no('No harm that costs is stated.');
}

function securityExposure({ archetype, axes }: Known): Said {
  if (SECURITY.includes(archetype)) return yes('This kind of failure lets somebody in, or something out.');
  if (axes.control !== null && axes.control >= 4) return yes('A control is absent or actively exploited.');
  return archetype === null
    ? unknown('The kind of failure is not known yet.')
    : no('This kind of failure opens nothing to attackers by itself.');
}

function customerHarm({ axes }: Known): Said {
  if (axes.harm === null) return unknown('Nobody has answered what it did to people.');
  return axes.harm >= 2 ? yes('Wrong output was acted on, or worse.') : no('Nobody is known to have been harmed.');
}

/** The five flags, each with its reason. "Unknown" is an answer and stays on the list until somebody knows. */
export function flagsOf(known: Known): FlagCall[] {
  return [
    { flag: 'personal-data', ...personalData(known) },
    { flag: 'regulated-decision', ...regulatedDecision(known) },
    { flag: 'financial-loss', ...financialLoss(known) },
    { flag: 'security-exposure', ...securityExposure(known) },
    { flag: 'customer-harm', ...customerHarm(known) },
  ];
}

export interface RoleCall {
  readonly role: IncidentRole;
  readonly why: string;
}

/** Whom to call, from the answers and not from the severity alone. An open answer calls the role that can close it. */
export function rolesFor({ axes, severity, archetype }: Known): RoleCall[] {
  const roles: RoleCall[] = [
    { role: 'commander', why: 'somebody decides' },
    { role: 'technical-lead', why: 'somebody finds out what changed' },
    { role: 'application-owner', why: 'somebody answers for the system' },
  ];
  const at = (level: number | null, from: number): boolean => level === null || level >= from;
  if (severity <= 2) roles.push({ role: 'scribe', why: `Sev ${severity}: the record is kept while others work` });
  if (at(axes.reach, 2))
    roles.push({
      role: 'communications-lead',
      why: axes.reach === null ? 'nobody knows how many people saw it' : 'people outside saw it',
    });
  if (at(axes.regulatory, 1))
    roles.push({
      role: 'legal',
      why: axes.regulatory === null ? 'nobody has said whether a duty to report may run' : 'somebody outside may ask',
    });
  if (axes.data !== null && axes.data >= 2) roles.push({ role: 'privacy', why: 'data is exposed' });
  if (SECURITY.includes(archetype) || (axes.control ?? 0) >= 4)
    roles.push({ role: 'security', why: 'somebody may be attacking' });
  if (severity === 1) roles.push({ role: 'executive-sponsor', why: 'Sev 1' });
  return roles;
}
