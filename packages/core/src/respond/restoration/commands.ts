import {
  type Actor,
  type Asked,
  type Decision,
  type Id,
  type Instant,
  type Refusal,
  refuse,
} from '../../kernel/index.ts';
import type { ContainmentFact, Gate, Hold, Release } from '../containment/index.ts';
import type { Condition, Plan, RestorationFact, Stage } from './facts.ts';
import { isUnderWay, type Restoration, type Restorations, standing, unmet } from './restoration.ts';

export const CONDITION_LIMIT = 30;
export const STAGE_LIMIT = 10;
const DAY_MINUTES = 1_440;
export const MINUTES_LIMIT = 14 * DAY_MINUTES;

type Behind = (actor: Actor) => string;
const alone: Behind = ({ kind, id }) => `${kind} ${id}`;

function holdOf({ containment }: Restorations, id: string): Hold | Refusal {
  return containment.holds.get(id) ?? refuse('hold.unknown', 'This incident has no such hold.', '/hold');
}

function under({ restorations }: Restorations, id: string): Restoration | Refusal {
  const known = restorations.get(id);
  return known !== undefined && isUnderWay(known)
    ? known
    : refuse('restoration.none', 'Nobody has asked for the restoration of this hold. Ask first.');
}

/** Why a plan cannot be carried out, as a sentence with its pointer. */
function planFault(plan: Plan, gate: Gate | undefined): readonly [string, string] | undefined {
  const minutes = (value: number, least: number) => Number.isInteger(value) && value >= least && value <= MINUTES_LIMIT;
  if (plan.conditions.length > CONDITION_LIMIT) return ['/conditions', `use at most ${CONDITION_LIMIT} conditions`];
  if (plan.stages.length > STAGE_LIMIT) return ['/stages', `use at most ${STAGE_LIMIT} stages`];
  let before = 0;
  for (const [index, stage] of plan.stages.entries()) {
    const pointer = `/stages/${index}`;
    if (!Number.isInteger(stage.percent) || stage.percent < 0 || stage.percent > 99)
      return [`${pointer}/percent`, 'use a whole number from 0 to 99; everybody comes after the last stage by itself'];
    if (stage.percent === 0 && (stage.countries ?? []).length === 0)
      return [pointer, 'let go some percent, some countries, or both'];
    if (stage.percent < before) return [`${pointer}/percent`, 'let go at least as many as in the stage before'];
    if (!minutes(stage.minutes, 1)) return [`${pointer}/minutes`, `watch it for 1 to ${MINUTES_LIMIT} minutes`];
    before = stage.percent;
  }
  if (!minutes(plan.watchMinutes, 0)) return ['/watchMinutes', `watch for 0 to ${MINUTES_LIMIT} minutes`];
  if (plan.approvals < (gate?.approvals ?? 1) || plan.approvals > 2)
    return ['/approvals', `at least ${gate?.approvals ?? 1} and at most 2 people have to agree`];
  if (gate !== undefined && plan.watchMinutes < gate.watchMinutes)
    return ['/watchMinutes', `this hold asks for a watch of at least ${gate.watchMinutes} minutes`];
  return undefined;
}

/** Conditions of the hold's gate first, then those added. */
export function conditionsFor(
  gate: Gate | undefined,
  added: readonly Condition[],
  nameOf: (suite: string) => string,
): Condition[] {
  const wanted: Condition[] = [
    ...(gate?.checks ?? []).map((text) => ({ kind: 'check' as const, text })),
    ...(gate?.suites ?? []).map((suite) => ({ kind: 'suite' as const, suite, name: nameOf(suite) })),
    ...added,
  ];
  const key = (it: Condition) => (it.kind === 'check' ? `c ${it.text}` : `s ${it.suite}`);
  return wanted.filter((it, index) => wanted.findIndex((other) => key(other) === key(it)) === index);
}

/** Refuses `hold.unknown`, `hold.already-lifted`, `restoration.under-way`, `restoration.bad-plan`. */
export function askRestoration(
  state: Restorations,
  want: { readonly hold: Id<'hld'>; readonly plan: Plan; readonly reason: string },
  _asked: Asked,
): Decision<RestorationFact> {
  const hold = holdOf(state, want.hold);
  if ('refused' in hold) return hold;
  if (hold.state !== 'active') return refuse('hold.already-lifted', `This hold was ${hold.state} already.`);
  const known = state.restorations.get(want.hold);
  if (known !== undefined && isUnderWay(known))
    return refuse('restoration.under-way', 'Its restoration is under way. Withdraw that one first to plan it anew.');
  const fault = planFault(want.plan, hold.gate);
  if (fault !== undefined) return refuse('restoration.bad-plan', fault[1], fault[0]);
  return [{ type: 'restoration.asked', data: want }];
}

export interface MeetCondition {
  readonly hold: Id<'hld'>;
  readonly place: number;
  readonly note: string;
  readonly run?: string;
}

/** A condition is so. A suite is met by a run, never by a person's word. Refuses `restoration.none`, `restoration.unknown-condition`. */
export function meetCondition(
  state: Restorations,
  want: MeetCondition,
  asked: Asked,
): Decision<RestorationFact | ContainmentFact> {
  const known = under(state, want.hold);
  if ('refused' in known) return known;
  const condition = known.plan.conditions[want.place];
  if (condition === undefined || known.state !== 'asked')
    return refuse('restoration.unknown-condition', 'This restoration waits for no such condition.', '/condition');
  if (condition.kind === 'suite' && want.run === undefined)
    return refuse('restoration.unknown-condition', `“${condition.name}” is met by a run that passes.`, '/condition');
  if (!unmet(known).includes(want.place)) return [];
  const { hold, place, note, run } = want;
  const met: RestorationFact = {
    type: 'restoration.met',
    data: { hold, place, note, ...(run === undefined ? {} : { run }) },
  };
  const after = { ...known, met: [...known.met, { place, at: asked.at, by: asked.by, note }] };
  return [met, ...begin(state, after, asked.at)];
}

/** The first step, once every condition is met and enough people agreed. */
function begin(state: Restorations, known: Restoration, now: Instant): ContainmentFact[] {
  if (unmet(known).length > 0 || standing(known, now).length < known.plan.approvals) return [];
  return stepFrom(state, known);
}

function stepFrom({ containment }: Restorations, known: Restoration): ContainmentFact[] {
  const { hold, plan, step } = known;
  const stage: Stage | undefined = plan.stages[step];
  if (stage === undefined)
    return [{ type: 'containment.lifted', data: { hold, reason: `restored as planned: ${known.reason}` } }];
  const before = containment.holds.get(hold)?.release?.step ?? 0;
  const { percent, countries } = stage;
  const release: Release = { percent, ...(countries === undefined ? {} : { countries }), step: before + 1 };
  return [
    { type: 'containment.released', data: { hold, release, reason: `stage ${step + 1} of ${plan.stages.length}` } },
  ];
}

/**
 * One person agrees; with the last one that is needed the first step begins. Neither who asked nor who ordered the hold may
 * agree, nor anybody twice, and an agreement counts for a day. Refuses `restoration.none`, `restoration.changed`, `restoration.conditions-open`, `restoration.same-person`.
 */
export function approveRestoration(
  state: Restorations,
  want: {
    readonly hold: Id<'hld'>;
    readonly note: string;
    /** Digest of `planText`, as it is. */
    readonly change?: string;
    /** The same, as whoever agrees has seen it. */
    readonly seen?: string | undefined;
  },
  asked: Asked,
  behind: Behind = alone,
): Decision<RestorationFact | ContainmentFact> {
  const known = under(state, want.hold);
  if ('refused' in known) return known;
  if (known.state !== 'asked') return [];
  if (want.seen !== undefined && want.seen !== want.change)
    return refuse(
      'restoration.changed',
      'It was planned anew meanwhile. Look at the plan again, then agree.',
      '/change',
    );
  const open = unmet(known);
  if (open.length > 0)
    return refuse(
      'restoration.conditions-open',
      `${open.length} of ${known.plan.conditions.length} conditions are not met yet.`,
    );
  const hold = state.containment.holds.get(want.hold);
  const me = behind(asked.by);
  const others = [known.askedBy, ...(hold === undefined ? [] : [hold.orderedBy])].map(behind);
  if (others.includes(me))
    return refuse(
      'restoration.same-person',
      'You ordered this hold or asked to let it go. Somebody else has to agree.',
    );
  const standingNow = standing(known, asked.at);
  if (standingNow.some(({ by }) => behind(by) === me))
    return known.plan.approvals > standingNow.length
      ? refuse('restoration.same-person', 'You have agreed already. A second person has to agree as well.')
      : [];
  const { seen: _, ...said } = want;
  const approved: RestorationFact = { type: 'restoration.approved', data: said };
  const after = { ...known, approved: [...known.approved, { at: asked.at, by: asked.by, note: want.note }] };
  return [approved, ...begin(state, after, asked.at)];
}

/** Before anything was let go. Refuses `restoration.none`, `restoration.begun`. */
export function withdrawRestoration(
  state: Restorations,
  want: { readonly hold: Id<'hld'>; readonly reason: string },
  _asked: Asked,
): Decision<RestorationFact> {
  const known = under(state, want.hold);
  if ('refused' in known) return known;
  if (known.state !== 'asked') return refuse('restoration.begun', 'Some are let go already. Halt it instead.');
  return [{ type: 'restoration.withdrawn', data: want }];
}

/** The next step, or the end of the watch, where its time has come. */
export function advanceRestorations(state: Restorations, asked: Asked): (RestorationFact | ContainmentFact)[] {
  return [...state.restorations.values()].flatMap((known): (RestorationFact | ContainmentFact)[] => {
    if (known.nextAt === undefined || known.nextAt > asked.at) return [];
    if (known.state === 'watched') return [{ type: 'restoration.held-good', data: { hold: known.hold } }];
    return known.state === 'staged' ? stepFrom(state, known) : [];
  });
}

export interface HaltRestoration {
  readonly hold: Id<'hld'>;
  readonly reason: string;
  readonly signal?: string;
  /** The hold that was ordered anew, where the old one is lifted already. */
  readonly again?: Id<'hld'>;
}

/**
 * It came back: those let go are held again, at once, by one person or by Firebreak. Of a hold lifted already the order is
 * given anew beside this (`again`). Refuses `restoration.none`, `restoration.not-begun`.
 */
export function haltRestoration(
  state: Restorations,
  want: HaltRestoration,
  _asked: Asked,
): Decision<RestorationFact | ContainmentFact> {
  const known = under(state, want.hold);
  if ('refused' in known) return known;
  if (known.state === 'asked') return refuse('restoration.not-begun', 'Nobody is let go yet. Withdraw it instead.');
  const halted: RestorationFact = { type: 'restoration.halted', data: want };
  if (known.state === 'watched') return [halted];
  const before = state.containment.holds.get(want.hold)?.release?.step ?? 0;
  const release: Release = { percent: 0, step: before + 1 };
  return [halted, { type: 'containment.released', data: { hold: want.hold, release, reason: want.reason } }];
}
