import { baseFaults, type ControlKind, faultsIfSaid, nameFaults, type Ordering } from '../control.ts';
import { disableInstead } from './disable.ts';

/** Does not start work that starts by itself: one schedule or trigger, or, when none is named, all of them. */
export interface Pause {
  readonly kind: 'pause';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
  readonly trigger?: string;
}

export const pause: ControlKind<Pause> = {
  kind: 'pause',
  check: (control) => [...baseFaults(control), ...faultsIfSaid('/trigger', control.trigger, nameFaults)],
  apply(control, request) {
    if (request.trigger === undefined) return undefined;
    return control.trigger === undefined || control.trigger === request.trigger ? 'deny' : undefined;
  },
};

export const orderingPause: Ordering<Pause> = {
  describe: ({ trigger, feature }) =>
    `pause ${trigger ?? 'everything that starts by itself'}${feature === undefined ? '' : ` for ${feature}`}`,
  safeSuperset: disableInstead,
};
