export { chooseFor } from './choose.ts';
export type { AdoptPlaybook, ChangePlaybook, Playbook, PlaybookVersion } from './commands.ts';
export { adoptPlaybook, changePlaybook, foldPlaybook, retirePlaybook } from './commands.ts';
export type { PlaybookDiff, StepChange } from './diff.ts';
export { diffPlaybooks } from './diff.ts';
export type { PlaybookFact, PlaybookId, PlaybookSource } from './facts.ts';
export type { PhaseKey, PlaybookArchetype, PlaybookContent, PlaybookStep, StepCommand, StepOwner } from './playbook.ts';
export {
  DONE_BY,
  dueMinute,
  PHASE_KEYS,
  PHASES,
  PLAYBOOK_ARCHETYPES,
  PLAYBOOK_LIMITS,
  playbookArchetype,
  STEP_OWNERS,
} from './playbook.ts';
export type { ShippedPlaybook } from './shipped/compose.ts';
export { SHIPPED, SHIPPED_EDITION } from './shipped/compose.ts';
export { EVERY_INCIDENT } from './shipped/every-incident.ts';
