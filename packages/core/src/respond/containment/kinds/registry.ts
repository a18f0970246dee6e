import { type ControlBase, type ControlKind, type Fault, nameFaults } from '../control.ts';
import { block } from './block.ts';
import { disable } from './disable.ts';
import { fence } from './fence.ts';
import { input } from './input.ts';
import { limit } from './limit.ts';
import { pause } from './pause.ts';
import { retrieval } from './retrieval.ts';
import { review } from './review.ts';
import { revoke } from './revoke.ts';
import { route } from './route.ts';
import { settings } from './settings.ts';

/** Every kind of control there is. A new kind is one file beside these, and one line here and in `ordering.ts`. */
const KINDS = {
  disable,
  route,
  fence,
  block,
  input,
  retrieval,
  review,
  revoke,
  pause,
  limit,
  settings,
} as const;

export type ControlOf<K> = K extends ControlKind<infer C> ? C : never;
export type KindName = keyof typeof KINDS;
/** What responders can order, as data. */
export type Control = ControlOf<(typeof KINDS)[KindName]>;
export type Kinds = typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as KindName[];

/**
 * A control that is only tested: met by no request but the made-up one that carries its mark, so that it travels and is obeyed
 * as any other and touches nobody. A kind of its own, because who does not know it enforces nothing; a member would be overlooked.
 */
export interface InTest {
  readonly kind: 'test';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
  readonly mark: string;
  readonly of: Control;
}
/** What guards enforce: all that can be ordered, and tests of it, which cannot. */
export type Enforced = Control | InTest;

const inTest: ControlKind<InTest> = {
  kind: 'test',
  check({ mark, of, feature }) {
    if (typeof of !== 'object' || of === null || !isKnownControl(of))
      return [{ pointer: '/of', why: 'say what is tested' }];
    if (feature !== of.feature) return [{ pointer: '/feature', why: 'has to be that of the control' }];
    return [...nameFaults('/mark', mark), ...kindOf(of).check(of)];
  },
  apply: (control, request) =>
    request.test === control.mark ? kindOf(control.of).apply(control.of, request) : undefined,
};

/** Whether it can be ordered. */
export function isKnownControl(control: ControlBase): control is Control {
  return Object.hasOwn(KINDS, control.kind);
}

/** Whether guards of this version enforce it. */
export function isEnforced(control: ControlBase): control is Enforced {
  return control.kind === inTest.kind || isKnownControl(control);
}

export function kindOf(control: Enforced): ControlKind<Enforced> {
  return (control.kind === 'test' ? inTest : KINDS[control.kind]) as unknown as ControlKind<Enforced>;
}

/** Bad parameters; none means that the control can be ordered. */
export function controlFaults(control: ControlBase): readonly Fault[] {
  if (isKnownControl(control)) return kindOf(control).check(control);
  return [{ pointer: '/kind', why: `use one of ${KIND_NAMES.join(', ')}` }];
}
