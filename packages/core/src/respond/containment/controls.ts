import {
  type AnyFact,
  type Asked,
  type Decision,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import { CONTROL_FACTS, type ControlFact, type Declared, type Standing } from './facts.ts';
import { orderFaults } from './in-flight.ts';
import { PROOF_NAMES, USUAL_PROOF_TIMES } from './proof-names.ts';

export interface DeclaredControl extends Declared {
  readonly declaredAt: Instant;
  readonly retired: boolean;
}

export interface Controls {
  readonly controls: ReadonlyMap<string, DeclaredControl>;
}

/** The levers of one system, retired ones too. */
export function foldControls(facts: readonly Recorded<AnyFact>[]): Controls {
  const controls = new Map<string, DeclaredControl>();
  for (const fact of ofTypes<ControlFact>(facts, CONTROL_FACTS)) {
    if (fact.type === 'control.declared')
      controls.set(fact.data.control, { ...fact.data, declaredAt: fact.at, retired: false });
    else {
      const known = controls.get(fact.data.control);
      if (known === undefined) continue;
      const { control } = known;
      if (fact.type === 'control.planned') controls.set(control, { ...known, standing: fact.data.standing });
      else controls.set(control, { ...known, retired: true });
    }
  }
  return { controls };
}

export const CONTROL_LIMIT = 500;

/** Of controls that nobody has said anything else of. */
export const USUAL_STANDING: Standing = {
  owner: '',
  plan: { everyDays: 30, quietHour: 3, surfaces: [] },
  proofs: USUAL_PROOF_TIMES,
};
export const standingOf = ({ standing }: Pick<Declared, 'standing'>): Standing => standing ?? USUAL_STANDING;

const LONGEST_PROOF_S = 3_600;

function standingFault({ plan, proofs }: Standing): { readonly pointer: string; readonly why: string } | undefined {
  const whole = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!whole(plan.everyDays, 1, 365)) return { pointer: '/plan/everyDays', why: 'Use a whole number from 1 to 365.' };
  if (!whole(plan.quietHour, 0, 23)) return { pointer: '/plan/quietHour', why: 'Use an hour from 0 to 23, UTC.' };
  const slow = PROOF_NAMES.find((name) => !whole(proofs[name], 1, LONGEST_PROOF_S));
  return slow && { pointer: `/proofs/${slow}`, why: `Use a whole number of seconds from 1 to ${LONGEST_PROOF_S}.` };
}

/** Says who answers for a control, and how it is tested. Refuses `control.unknown`, `control.bad-plan`. The same records nothing. */
export function planControl(
  state: Controls,
  want: { readonly control: Id<'ctl'>; readonly standing: Standing },
  _asked: Asked,
): Decision<ControlFact> {
  const known = state.controls.get(want.control);
  if (known === undefined || known.retired)
    return refuse('control.unknown', 'This system has no such control.', '/control');
  const fault = standingFault(want.standing);
  if (fault !== undefined) return refuse('control.bad-plan', fault.why, fault.pointer);
  const same = JSON.stringify(standingOf(known)) === JSON.stringify(want.standing);
  return same ? [] : [{ type: 'control.planned', data: { control: known.control, standing: want.standing } }];
}

/** Refuses `control.bad-parameters`, `control.bad-plan`, `control.name-taken`, `control.too-many`. Declaring the same once more records nothing. */
export function declareControl(state: Controls, want: Declared, _asked: Asked): Decision<ControlFact> {
  if (state.controls.has(want.control)) return [];
  const [fault] = orderFaults(want.what);
  if (fault !== undefined) return refuse('control.bad-parameters', fault.why, `/what${fault.pointer}`);
  const plan = want.standing && standingFault(want.standing);
  if (plan !== undefined) return refuse('control.bad-plan', plan.why, `/standing${plan.pointer}`);
  const live = [...state.controls.values()].filter((control) => !control.retired);
  if (live.length >= CONTROL_LIMIT)
    return refuse('control.too-many', `A system has at most ${CONTROL_LIMIT} controls; retire one first.`);
  const taken = live.find((control) => control.name.toLowerCase() === want.name.toLowerCase());
  if (taken !== undefined) {
    const same = JSON.stringify(taken.what) === JSON.stringify(want.what);
    return same ? [] : refuse('control.name-taken', `"${taken.name}" is another control of this system.`, '/name');
  }
  return [{ type: 'control.declared', data: want }];
}

/** Refuses `control.unknown`. Holds ordered by it stay in force. */
export function retireControl(
  state: Controls,
  want: { readonly control: Id<'ctl'>; readonly reason: string },
  _asked: Asked,
): Decision<ControlFact> {
  const known = state.controls.get(want.control);
  if (known === undefined) return refuse('control.unknown', 'This system has no such control.', '/control');
  return known.retired ? [] : [{ type: 'control.retired', data: { control: known.control, reason: want.reason } }];
}
