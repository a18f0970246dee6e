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
import { CONTROL_FACTS, type ControlFact, type Declared } from './facts.ts';
import { controlFaults } from './kinds/registry.ts';

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
      if (known !== undefined) controls.set(known.control, { ...known, retired: true });
    }
  }
  return { controls };
}

export const CONTROL_LIMIT = 500;

/** Refuses `control.bad-parameters`, `control.name-taken`, `control.too-many`. Declaring the same once more records nothing. */
export function declareControl(state: Controls, want: Declared, _asked: Asked): Decision<ControlFact> {
  if (state.controls.has(want.control)) return [];
  const [fault] = controlFaults(want.what);
  if (fault !== undefined) return refuse('control.bad-parameters', fault.why, `/what${fault.pointer}`);
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
