import type { LeverName } from '../containment/index.ts';
import { fitOf } from '../containment/index.ts';
import { partlyWords } from './covered.ts';
import { earlierOf, fenceable, proposalsFor } from './proposals.ts';
import type { Proposal, Situation } from './situation.ts';

export const QUESTIONS = ['roll-back', 'disable', 'fence'] as const;
export type QuestionName = (typeof QUESTIONS)[number];

/** One question of the tree, answered from what is known; `ask`: only a person can know. */
export interface Step {
  readonly question: QuestionName;
  readonly answer: 'yes' | 'no' | 'ask';
  readonly why: string;
  readonly missing: readonly string[];
  /** Levers it is about, the likeliest first. */
  readonly levers: readonly LeverName[];
}

export interface Advice {
  readonly steps: readonly Step[];
  /** What fits and could be ordered or is held, lightest first. */
  readonly ladder: readonly Proposal[];
  /** What fits and cannot be ordered, with why. */
  readonly not: readonly Proposal[];
  /** The order to give now; null: nothing can be ordered from here. */
  readonly pick: LeverName | null;
  readonly because: string;
  /** The heaviest that is held, and the next heavier one that is expected to prevent more. */
  readonly present: LeverName | null;
  readonly next: LeverName | null;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

function ran(ms: number): string {
  if (ms < 2 * HOUR_MS) return 'It ran for less than two hours';
  if (ms < 2 * DAY_MS) return `It ran for ${Math.round(ms / HOUR_MS)} hours`;
  return `It ran for ${Math.round(ms / DAY_MS)} days`;
}

const NOBODY = 'A live guard or gateway, or a switch that follows the control.';

function rollBack(it: Situation, proposals: readonly Proposal[]): Step {
  const levers = (['roll-back-prompt', 'roll-back-model'] as const).filter(
    (lever) => fitOf(lever, it.system.architecture).fit !== 'not',
  );
  const base = { question: 'roll-back' as const, levers };
  const good = earlierOf(it);
  const able = proposals.find((each) => levers.includes(each.lever as never) && each.readiness !== 'not');
  if (it.answers['roll-back'] === 'no')
    return { ...base, answer: 'no', why: 'You said that no earlier version is better.', missing: [] };
  if (good === undefined && able === undefined)
    return {
      ...base,
      answer: 'no',
      why: it.versionsKnown
        ? 'Only versions that fail as well are recorded.'
        : 'Nobody records what it runs, so no earlier version is known.',
      missing: ['An earlier version that was good: record deployments, and wire the way back in advance.'],
    };
  const only = levers.filter((lever) => good === undefined || lever === `roll-back-${good.kind}`);
  const ready = proposals.find((each) => only.includes(each.lever as never) && each.readiness !== 'not');
  const moved =
    good === undefined
      ? 'A way back is wired'
      : `${good.kind === 'prompt' ? 'Prompt' : 'Model'} ${good.to} served before ${good.from}.${good.note === '' ? '' : ` Noted when it went live: “${good.note}”.`} ${ran(good.ranMs)}`;
  if (ready === undefined)
    return {
      ...base,
      levers: only,
      answer: 'no',
      why: `${moved}, but nothing here can switch to it.`,
      missing: [NOBODY],
    };
  const wired =
    ready.controlName === null
      ? 'Nobody wired it in advance; guards obey it all the same'
      : `“${ready.controlName}” is wired${ready.readiness === 'proven' ? ' and was obeyed lately' : ', never proven'}`;
  if (good !== undefined && !good.fromNamed && it.answers['roll-back'] !== 'yes')
    return {
      ...base,
      levers: only,
      answer: 'ask',
      why: `${moved}. No signal names ${good.from}, so going back may not help. Did it work before?`,
      missing: [],
    };
  const names = good?.fromNamed ? `, and no signal names ${good.to} while they name ${good.from}` : '';
  return { ...base, levers: only, answer: 'yes', why: `${moved}${names}. ${wired}.`, missing: [] };
}

function disable(it: Situation, proposals: readonly Proposal[]): Step {
  const stop = proposals.find(({ lever }) => lever === 'stop')!;
  const base = { question: 'disable' as const, levers: ['stop'] as const };
  const named = it.system.features.find(({ key }) => key === it.feature)?.name ?? it.feature;
  if (stop.readiness === 'not')
    return {
      ...base,
      answer: 'no',
      why: 'Nothing obeys an order for this system.',
      missing: [NOBODY, ...stop.missing.slice(1)],
    };
  const wired =
    stop.controlName === null ? 'Nobody wired it; disabling works all the same' : `“${stop.controlName}” is wired`;
  const who =
    it.obeying === 0
      ? 'a switch of another product follows it'
      : `${it.obeying} live ${it.obeying === 1 ? 'instance obeys' : 'instances obey'}`;
  const where =
    named === null
      ? it.system.features.length > 1
        ? 'Which feature goes wrong is not known, so all of them stop'
        : 'The whole system stops'
      : `Only ${named} stops; the rest goes on`;
  return {
    ...base,
    answer: 'yes',
    why: `${where}. ${wired}, and ${who}.`,
    missing: named === null && it.system.features.length > 1 ? ['The feature where it goes wrong.'] : [],
  };
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function fence(it: Situation, proposals: readonly Proposal[]): Step {
  const base = { question: 'fence' as const, levers: ['fence-countries'] as const };
  const found = fenceable(it.places);
  const ready = proposals.some(({ lever, readiness }) => lever === 'fence-countries' && readiness !== 'not');
  if (it.answers.fence === 'no')
    return { ...base, answer: 'no', why: 'You said that it is not only some places.', missing: [] };
  if (found === null) {
    const { wrong, wrongUnsaid } = it.places;
    const placed = Object.values(wrong).reduce((a, b) => a + b, 0);
    return placed === 0
      ? {
          ...base,
          answer: 'no',
          why: 'Nobody records where the wrong answers went.',
          missing: ['The country of each request, in telemetry.'],
        }
      : {
          ...base,
          answer: 'no',
          why: `What goes wrong comes from ${Object.keys(wrong).length} ${Object.keys(wrong).length === 1 ? 'country' : 'countries'}${wrongUnsaid > 0 ? ' and from requests that name none' : ''}: a fence would leave most of it, or refuse mostly good requests.`,
          missing: [],
        };
  }
  const where = `${percent(found.ofWrong)} of what goes wrong comes from ${found.countries.join(', ')}, with ${percent(found.ofAll)} of the traffic`;
  return ready
    ? { ...base, answer: 'yes', why: `${where}.`, missing: [] }
    : { ...base, answer: 'no', why: `${where}, but nothing here can refuse it.`, missing: [NOBODY] };
}

/** Prevents enough to be the answer: half of it, or nearly all where the gravest is at stake. */
const ENOUGH = 0.5;
const NEARLY_ALL = 0.85;

function pickOf(
  it: Situation,
  steps: readonly Step[],
  ladder: readonly Proposal[],
  present: Proposal | undefined,
): Pick<Advice, 'pick' | 'because'> {
  const enough = it.severity === 1 ? NEARLY_ALL : ENOUGH;
  if (present !== undefined && present.prevents >= enough)
    return {
      pick: null,
      because:
        present.held?.confirmed === true
          ? 'What is held is expected to be enough. Where it goes on all the same, go heavier.'
          : `${present.held!.label} would be enough, and is not confirmed: look at who does not obey it.`,
    };
  const open = ladder.filter(({ held, weight }) => held === null && weight > (present?.weight ?? -1));
  const back = steps.find(({ question }) => question === 'roll-back')!;
  const backs = open.filter(({ lever, prevents }) => back.levers.includes(lever) && prevents >= enough);
  if (back.answer === 'yes' && backs[0] !== undefined)
    return { pick: backs[0].lever, because: 'People are served on, by a version that was good.' };
  // A way back that nobody is sure of is not put forward.
  const others = open.filter(
    ({ lever }) => !lever.startsWith('roll-back') || (back.answer === 'yes' && back.levers.includes(lever)),
  );
  const light = others.find(({ prevents }) => prevents >= enough);
  if (light !== undefined) return { pick: light.lever, because: 'It is the lightest that is expected to be enough.' };
  const most = [...others].sort((a, b) => b.prevents - a.prevents || a.weight - b.weight)[0];
  if (most !== undefined) return { pick: most.lever, because: 'Nothing is expected to prevent more.' };
  return {
    pick: null,
    because: present === undefined ? 'Nothing can stop this from here.' : 'Nothing heavier can be ordered from here.',
  };
}

/** What is held already is answered by its hold; an order that nobody obeys yet answers nothing. */
function unlessHeld(step: Step, proposals: readonly Proposal[]): Step {
  const held = proposals.find(({ lever, held }) => step.levers.includes(lever) && held !== null)?.held;
  if (!held) {
    const partly = proposals.flatMap((each) => (step.levers.includes(each.lever) ? each.partly : []));
    const said = [...new Set(partly)].slice(0, 3).map(partlyWords);
    return said.length === 0 ? step : { ...step, why: `${said.join('. ')}. ${step.why}` };
  }
  return held.confirmed
    ? { ...step, answer: 'yes', why: `${held.label} does it already.`, missing: [] }
    : { ...step, why: `${held.label} is ordered, and not confirmed. ${step.why}` };
}

/** The whole decision: can it go back, be disabled, be fenced; what else is there; and the one order to give. */
export function advise(it: Situation): Advice {
  const proposals = proposalsFor(it);
  const steps = [rollBack(it, proposals), disable(it, proposals), fence(it, proposals)].map((step) =>
    unlessHeld(step, proposals),
  );
  const ladder = proposals.filter(({ readiness, held }) => readiness !== 'not' || held !== null);
  const present = ladder.findLast(({ held }) => held !== null);
  const heavier = ladder.filter(({ held, weight }) => held === null && weight > (present?.weight ?? -1));
  const next = heavier.find(({ prevents }) => prevents > (present?.prevents ?? 0)) ?? heavier[0];
  return {
    steps,
    ladder,
    not: proposals.filter(({ readiness, held }) => readiness === 'not' && held === null),
    ...pickOf(it, steps, ladder, present),
    present: present?.lever ?? null,
    next: present === undefined ? null : (next?.lever ?? null),
  };
}
