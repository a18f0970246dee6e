import { step } from './step.ts';

/** What holds for every incident, whatever failed. Archetypes and system types add to it. */
export const EVERY_INCIDENT = [
  step('commander', 'triage', 'commander', 'One person commands: take the role, say so', '', {
    doneBy: 'role:commander',
    withinMinutes: 5,
  }),
  step('severity', 'triage', 'commander', 'Severity called, with every question answered', 'Unsure counts as Sev 2.', {
    doneBy: 'severity:answered',
    mayRun: 'incident.lead',
  }),
  step('scope', 'triage', 'technical-lead', 'Which system, which version, since when: write it down', '', {
    doneBy: 'fact:time.stated',
  }),
  step('preserved', 'contain', 'technical-lead', 'Evidence preserved before any change', '', {
    doneBy: 'fact:evidence.preserved',
    mayRun: 'containment.order',
  }),
  step('ordered', 'contain', 'commander', 'Roll back, disable or fence exactly what fails', '', {
    doneBy: 'fact:containment.ordered',
    mayRun: 'containment.order',
  }),
  step('confirmed', 'contain', 'technical-lead', 'Every live instance confirms', '', { doneBy: 'holds:confirmed' }),
  step('seen', 'contain', 'technical-lead', 'Live traffic shows the effect'),
  step('technical', 'contain', 'commander', 'A technical lead looks for the cause', '', {
    doneBy: 'role:technical-lead',
  }),
  step('team-told', 'communicate', 'communications-lead', 'Own team told: what we know, what we do not, next update'),
  step('users-told', 'communicate', 'communications-lead', 'Affected people: who got a wrong answer, who tells them'),
  step('law-asked', 'communicate', 'legal', 'Counsel asked whether a legal clock runs', '', { doneBy: 'role:legal' }),
  step('times', 'document', 'scribe', 'Started, detected, declared, contained: four times, each with who says so', '', {
    doneBy: 'times:3',
  }),
  step('exported', 'document', 'scribe', 'Evidence bundle exported and verified', '', {
    doneBy: 'fact:bundle.exported',
    mayRun: 'evidence.export',
  }),
  step('holds-reviewed', 'containment', 'commander', 'Every hold has an owner and an end'),
  step('blast', 'assess', 'technical-lead', 'Everyone affected is counted or the count is bounded'),
  step('cause', 'assess', 'technical-lead', 'Cause reproduced, not guessed'),
  step('fixed', 'remediate', 'technical-lead', 'Fix in place and tested against the examples of this incident'),
  step('restored', 'remediate', 'commander', 'Holds lifted by a second person, in stages', '', {
    mayRun: 'containment.lift',
  }),
  step('reviewed', 'learn', 'commander', 'Review held, actions have owners and dates'),
];
