import { baseFaults, type ControlBase, type ControlKind, type Ordering } from '../control.ts';

/** Switches one feature off, or the whole system when no feature is named. */
export interface Disable {
  readonly kind: 'disable';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
}

export const disable: ControlKind<Disable> = { kind: 'disable', check: baseFaults, apply: () => 'deny' };
export const orderingDisable: Ordering<Disable> = {
  describe: (control) => (control.feature === undefined ? 'disable the whole system' : `disable ${control.feature}`),
};

/** Restricts at least as much as any control of the same scope. */
export function disableInstead({ feature }: ControlBase): Disable {
  return feature === undefined ? { kind: 'disable' } : { kind: 'disable', feature };
}
