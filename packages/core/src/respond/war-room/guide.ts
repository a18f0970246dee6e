import { addMs, type Instant, msBetween, type Recorded } from '../../kernel/index.ts';
import { dueMinute, EVERY_INCIDENT, PHASES, type PhaseKey, type PlaybookStep } from '../../prepare/playbooks/index.ts';
import type { PlaybookOpened } from './facts.ts';
import { shownByRecord } from './ticks.ts';

export interface GuideStep extends PlaybookStep {
  readonly done: 'fact' | 'person' | null;
  /** Minutes after declaration by which it is due. */
  readonly due: number;
  /** Open although its time has passed. */
  readonly late: boolean;
}

export interface Guide {
  /** Whole minutes since declaration. */
  readonly minute: number;
  readonly phase: PhaseKey;
  readonly minutesLeft: number;
  /** The playbook followed, or null while nobody has opened one: then what holds for every incident. */
  readonly playbook: PlaybookOpened | null;
  readonly steps: readonly GuideStep[];
}

/** The playbook opened last, or null. */
export function openedPlaybook(facts: readonly Recorded[]): PlaybookOpened | null {
  return (facts.findLast((fact) => fact.type === 'playbook.opened')?.data as PlaybookOpened | undefined) ?? null;
}

/** The steps the room follows now. */
export const stepsOfRoom = (facts: readonly Recorded[]): readonly PlaybookStep[] =>
  openedPlaybook(facts)?.steps ?? EVERY_INCIDENT;

/** Where the room is and what is left to do, from its facts at an instant. Phases follow the clock and never jump. */
export function guideAt(facts: readonly Recorded[], declaredAt: Instant, now: Instant): Guide {
  const minute = Math.max(0, Math.floor(msBetween(declaredAt, now) / 60_000));
  const phase = PHASES.findLast((p) => p.from <= minute) ?? PHASES[0];
  const ticked = new Map<string, boolean>();
  for (const fact of facts)
    if (fact.type === 'step.ticked' || fact.type === 'step.unticked')
      ticked.set(fact.data.step, fact.type === 'step.ticked');
  const playbook = openedPlaybook(facts);
  const steps = stepsOfRoom(facts).map((step): GuideStep => {
    const done = shownByRecord(facts, step.doneBy) ? 'fact' : ticked.get(step.key) ? 'person' : null;
    const due = dueMinute(step);
    return { ...step, done, due, late: done === null && minute >= due };
  });
  return { minute, phase: phase.key, minutesLeft: Math.max(0, phase.to - minute), playbook, steps };
}

export interface Deadlines {
  /** Steps that are open although their time has passed. */
  readonly late: number;
  /** The late step that has waited longest. */
  readonly latest: Deadline | null;
  /** The open step whose time passes next. */
  readonly next: Deadline | null;
}
export interface Deadline {
  readonly step: string;
  readonly text: string;
  readonly owner: PlaybookStep['owner'];
  readonly dueAt: Instant;
}

/** What a guide is late with, and what falls due next. Among steps due at the same minute the first of the playbook. */
export function deadlinesOf({ steps }: Pick<Guide, 'steps'>, declaredAt: Instant): Deadlines {
  const open = steps.filter(({ done }) => done === null).sort((a, b) => a.due - b.due);
  const deadline = (step: GuideStep | undefined): Deadline | null =>
    step === undefined
      ? null
      : { step: step.key, text: step.text, owner: step.owner, dueAt: addMs(declaredAt, step.due * 60_000) };
  const late = open.filter((step) => step.late);
  return { late: late.length, latest: deadline(late[0]), next: deadline(open.find((step) => !step.late)) };
}
