import type { ControlBase, Ordering, Overridable } from '../control.ts';
import { orderingBlock } from './block.ts';
import { orderingDisable } from './disable.ts';
import { orderingFence } from './fence.ts';
import { orderingInput } from './input.ts';
import { orderingLimit } from './limit.ts';
import { orderingPause } from './pause.ts';
import { type Control, type ControlOf, type Enforced, isEnforced, type KindName, type Kinds } from './registry.ts';
import { orderingRetrieval } from './retrieval.ts';
import { orderingReview } from './review.ts';
import { orderingRevoke } from './revoke.ts';
import { orderingRoute } from './route.ts';
import { orderingSettings } from './settings.ts';

/** What only those who order need to know of each kind; apart from the registry, so that guards need not carry it. */
const ORDERING: { readonly [K in KindName]: Ordering<ControlOf<Kinds[K]>> } = {
  disable: orderingDisable,
  route: orderingRoute,
  fence: orderingFence,
  block: orderingBlock,
  input: orderingInput,
  retrieval: orderingRetrieval,
  review: orderingReview,
  revoke: orderingRevoke,
  pause: orderingPause,
  limit: orderingLimit,
  settings: orderingSettings,
};

const orderingOf = ({ kind }: Control) => ORDERING[kind] as unknown as Ordering<Control>;
const describe = (control: Enforced): string =>
  control.kind === 'test' ? `test: ${describe(control.of)}` : orderingOf(control).describe(control);

/** `roll back prompt v41 → v40`; a kind this version does not know is named as it is. */
export function describeControl(control: ControlBase): string {
  if (isEnforced(control))
    return `${describe(control)}${control.inFlight === 'drain' ? ', letting what runs finish' : ''}`;
  return `${control.kind} (unknown to this version)`;
}

/** What the control overrides; two controls in force may not override the same thing. */
export function overridesOf(control: Control): readonly Overridable[] {
  return orderingOf(control).overrides?.(control) ?? [];
}

/** A control of an older kind that restricts at least as much; undefined where none is needed. */
export function supersetOf(control: Control): ControlBase | undefined {
  return orderingOf(control).safeSuperset?.(control);
}
