import type { ControlBase, ControlKind, Fault } from '../control.ts';
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

/** Every kind of control there is. A new kind is one file beside these and one line here. */
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

type ControlOf<K> = K extends ControlKind<infer C> ? C : never;
export type KindName = keyof typeof KINDS;
/** What responders can order, as data. */
export type Control = ControlOf<(typeof KINDS)[KindName]>;

export const KIND_NAMES = Object.keys(KINDS) as KindName[];

export function isKnownControl(control: ControlBase): control is Control {
  return Object.hasOwn(KINDS, control.kind);
}

export function kindOf(control: Control): ControlKind<Control> {
  return KINDS[control.kind] as unknown as ControlKind<Control>;
}

/** `roll back prompt v41 → v40`; a kind this version does not know is named as it is. */
export function describeControl(control: ControlBase): string {
  return isKnownControl(control) ? kindOf(control).describe(control) : `${control.kind} (unknown to this version)`;
}

/** Bad parameters; none means that the control can be ordered. */
export function controlFaults(control: ControlBase): readonly Fault[] {
  if (isKnownControl(control)) return kindOf(control).check(control);
  return [{ pointer: '/kind', why: `use one of ${KIND_NAMES.join(', ')}` }];
}
