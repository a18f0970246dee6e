import { type Instant, msBetween, type Recorded } from '../../kernel/index.ts';

/** The first hour, 10/20/20/10 minutes, then the three long phases. Minutes from declaration. */
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

interface Step {
  readonly key: string;
  readonly phase: PhaseKey;
  readonly text: string;
  /** Facts that tick the step by themselves. */
  readonly tickedBy?: (facts: readonly Recorded[]) => boolean;
}

const has =
  (...types: readonly string[]) =>
  (facts: readonly Recorded[]) =>
    facts.some((fact) => types.includes(fact.type));
const role = (name: string) => (facts: readonly Recorded[]) => {
  const last = facts.findLast(
    (fact) => (fact.type === 'role.taken' || fact.type === 'role.released') && fact.data.role === name,
  );
  return last?.type === 'role.taken';
};
const unresolved = (facts: readonly Recorded[]) => {
  const ended = new Set(
    facts.filter((f) => f.type === 'containment.lifted' || f.type === 'containment.expired').map((f) => f.data.hold),
  );
  return facts
    .filter((f) => f.type === 'containment.ordered' && !ended.has(f.data.hold))
    .map((f) => f.data.hold as string);
};
const allConfirmed = (facts: readonly Recorded[]) => {
  const sure = new Set(facts.filter((f) => f.type === 'containment.confirmed').map((f) => f.data.hold));
  const open = unresolved(facts);
  return open.length > 0 && open.every((hold) => sure.has(hold));
};
const firm = (facts: readonly Recorded[]) =>
  facts.findLast((f) => f.type === 'incident.declared' || f.type === 'severity.called')?.data.provisional === false;

/** The phase guide. Playbooks per archetype add to it; this is what holds for every incident. */
export const STEPS: readonly Step[] = [
  {
    key: 'commander',
    phase: 'triage',
    text: 'One person commands: take the role, say so',
    tickedBy: role('commander'),
  },
  { key: 'severity', phase: 'triage', text: 'Severity called, with every question answered', tickedBy: firm },
  {
    key: 'scope',
    phase: 'triage',
    text: 'Which system, which version, since when: write it down',
    tickedBy: has('time.stated'),
  },
  {
    key: 'preserved',
    phase: 'contain',
    text: 'Evidence preserved before any change',
    tickedBy: has('evidence.preserved'),
  },
  {
    key: 'ordered',
    phase: 'contain',
    text: 'Roll back, disable or fence exactly what fails',
    tickedBy: has('containment.ordered'),
  },
  { key: 'confirmed', phase: 'contain', text: 'Every live instance confirms', tickedBy: allConfirmed },
  { key: 'seen', phase: 'contain', text: 'Live traffic shows the effect' },
  {
    key: 'technical',
    phase: 'contain',
    text: 'A technical lead looks for the cause',
    tickedBy: role('technical-lead'),
  },
  { key: 'team-told', phase: 'communicate', text: 'Own team told: what we know, what we do not, next update' },
  { key: 'users-told', phase: 'communicate', text: 'Affected people: who got a wrong answer, who tells them' },
  { key: 'law-asked', phase: 'communicate', text: 'Counsel asked whether a legal clock runs', tickedBy: role('legal') },
  {
    key: 'times',
    phase: 'document',
    text: 'Started, detected, declared, contained: four times, each with who says so',
    tickedBy: (facts) => new Set(facts.filter((f) => f.type === 'time.stated').map((f) => f.data.which)).size >= 3,
  },
  {
    key: 'exported',
    phase: 'document',
    text: 'Evidence bundle exported and verified',
    tickedBy: has('bundle.exported'),
  },
  { key: 'holds-reviewed', phase: 'containment', text: 'Every hold has an owner and an end' },
  { key: 'blast', phase: 'assess', text: 'Everyone affected is counted or the count is bounded' },
  { key: 'cause', phase: 'assess', text: 'Cause reproduced, not guessed' },
  { key: 'fixed', phase: 'remediate', text: 'Fix in place and tested against the examples of this incident' },
  { key: 'restored', phase: 'remediate', text: 'Holds lifted by a second person, in stages' },
  { key: 'reviewed', phase: 'learn', text: 'Review held, actions have owners and dates' },
];

export const isStep = (key: string): boolean => STEPS.some((step) => step.key === key);

export interface GuideStep {
  readonly key: string;
  readonly phase: PhaseKey;
  readonly text: string;
  readonly done: 'fact' | 'person' | null;
}

export interface Guide {
  /** Whole minutes since declaration. */
  readonly minute: number;
  readonly phase: PhaseKey;
  readonly minutesLeft: number;
  readonly steps: readonly GuideStep[];
}

/** Where the room is and what is left to do, from its facts at an instant. Phases follow the clock and never jump. */
export function guideAt(facts: readonly Recorded[], declaredAt: Instant, now: Instant): Guide {
  const minute = Math.max(0, Math.floor(msBetween(declaredAt, now) / 60_000));
  const phase = PHASES.findLast((p) => p.from <= minute) ?? PHASES[0];
  const ticked = new Map<string, boolean>();
  for (const fact of facts)
    if (fact.type === 'step.ticked' || fact.type === 'step.unticked')
      ticked.set(fact.data.step, fact.type === 'step.ticked');
  const steps = STEPS.map(({ key, phase: of, text, tickedBy }) => {
    const done = tickedBy?.(facts) ? ('fact' as const) : ticked.get(key) ? ('person' as const) : null;
    return { key, phase: of, text, done };
  });
  return { minute, phase: phase.key, minutesLeft: Math.max(0, phase.to - minute), steps };
}
