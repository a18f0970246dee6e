import type { SystemType } from '../inventory/index.ts';
import type { Capability } from '../people/index.ts';
import { INCIDENT_ROLES, type IncidentRole } from '../role-directory/index.ts';

/** The first hour, 10/20/20/10 minutes, then the four long phases. Minutes from declaration. */
export const PHASES = [
  { key: 'triage', name: 'Triage', from: 0, to: 10 },
  { key: 'contain', name: 'Contain', from: 10, to: 30 },
  { key: 'communicate', name: 'Communicate', from: 30, to: 50 },
  { key: 'document', name: 'Document', from: 50, to: 60 },
  { key: 'containment', name: 'Contain and stabilise', from: 60, to: 4 * 60 },
  { key: 'assess', name: 'Assess', from: 4 * 60, to: 24 * 60 },
  { key: 'remediate', name: 'Remediate', from: 24 * 60, to: 72 * 60 },
  { key: 'learn', name: 'Learn', from: 72 * 60, to: 14 * 24 * 60 },
] as const;
export type PhaseKey = (typeof PHASES)[number]['key'];
export const PHASE_KEYS = PHASES.map((phase) => phase.key);

/** What playbooks exist for. Names that senders use beside these are found by `playbookArchetype`. */
export const PLAYBOOK_ARCHETYPES = [
  'prompt-injection',
  'data-exfiltration',
  'model-manipulation',
  'misinformation-cascade',
  'toxicity-abuse',
  'agentic-misalignment',
  'integration-compromise',
  'quality-drift',
  'unsafe-automated-decision',
  'vendor-failure',
  'control-failure',
] as const;
export type PlaybookArchetype = (typeof PLAYBOOK_ARCHETYPES)[number];

/** Seats of an incident that a step may belong to. */
export const STEP_OWNERS = INCIDENT_ROLES;
export type StepOwner = IncidentRole;

/**
 * What in the record ticks a step by itself: a fact of a type, a taken seat, a severity without open questions, every
 * hold confirmed, or so many of the four named times stated.
 */
export const DONE_BY = /^(fact:[a-z-]+\.[a-z-]+|role:[a-z-]+|severity:answered|holds:confirmed|times:[1-4])$/;

/** Text that came with an imported step. It is shown and kept; nothing here or anywhere runs it. */
export interface StepCommand {
  /** `manual`, `bash`, `http-api` … as the file called it. */
  readonly kind: string;
  readonly text: string;
}

export interface PlaybookStep {
  readonly key: string;
  readonly phase: PhaseKey;
  readonly text: string;
  /** How, in a sentence or two. */
  readonly detail: string;
  readonly owner: StepOwner | null;
  /** The right it takes to do it. */
  readonly mayRun: Capability | null;
  /** Kind or name of the control it orders. */
  readonly control: string | null;
  readonly doneBy: string | null;
  /** Minutes after declaration by which it should be done; null: by the end of its phase. */
  readonly withinMinutes: number | null;
  /** When the step applies at all; empty: always. */
  readonly condition: string;
  readonly commands: readonly StepCommand[];
}

/** What one version of a playbook says. */
export interface PlaybookContent {
  readonly name: string;
  readonly summary: string;
  readonly archetype: PlaybookArchetype | 'any';
  readonly systemType: SystemType | 'any';
  readonly steps: readonly PlaybookStep[];
}

export const PLAYBOOK_LIMITS = { steps: 200, text: 200, detail: 4_000, commands: 20, commandText: 10_000 } as const;

const ALIASES: Readonly<Record<string, PlaybookArchetype>> = { 'vendor-outage': 'vendor-failure' };

/** The archetype playbooks are kept under, or null for a word no playbook is written for. */
export function playbookArchetype(word: string | null): PlaybookArchetype | null {
  if (word === null) return null;
  return PLAYBOOK_ARCHETYPES.find((each) => each === word) ?? ALIASES[word] ?? null;
}

/** Minutes after declaration at which an open step is late. */
export function dueMinute(step: Pick<PlaybookStep, 'phase' | 'withinMinutes'>): number {
  return step.withinMinutes ?? PHASES.find((phase) => phase.key === step.phase)!.to;
}
