import {
  type Asking,
  baseFaults,
  type ControlKind,
  type Fault,
  faultsIfSaid,
  nameFaults,
  type Ordering,
  OVERRIDABLE,
  type Versions,
} from '../control.ts';
import { disableInstead } from './disable.ts';

/**
 * Serves requests by another model, prompt version or vendor. `from` narrows it to requests that use the withdrawn
 * version; a request that does not say what it uses is taken to use it.
 */
export interface Route {
  readonly kind: 'route';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
  readonly from?: Versions;
  readonly to: Versions;
}

const NOUN = { model: 'model', prompt: 'prompt', provider: 'vendor' } as const;

function describe(control: Route): string {
  const parts = OVERRIDABLE.flatMap((what) => {
    const to = control.to[what];
    if (to === undefined) return [];
    const from = control.from?.[what];
    const verb = what === 'provider' ? 'switch' : from === undefined ? 'pin' : 'roll back';
    return [from === undefined ? `${verb} ${NOUN[what]} to ${to}` : `${verb} ${NOUN[what]} ${from} → ${to}`];
  });
  const where = control.feature === undefined ? '' : ` for ${control.feature}`;
  return `${parts.join(', ')}${where}`;
}

function check(control: Route): readonly Fault[] {
  const faults: Fault[] = baseFaults(control);
  if (typeof control.to !== 'object' || control.to === null)
    return [...faults, { pointer: '/to', why: 'say which model, prompt or provider to use instead' }];
  if (OVERRIDABLE.every((what) => control.to[what] === undefined))
    faults.push({ pointer: '/to', why: 'say which model, prompt or provider to use instead' });
  for (const what of OVERRIDABLE) {
    const to = control.to[what];
    const from = control.from?.[what];
    faults.push(...faultsIfSaid(`/to/${what}`, to, nameFaults), ...faultsIfSaid(`/from/${what}`, from, nameFaults));
    if (to !== undefined && to === from)
      faults.push({ pointer: `/to/${what}`, why: `${to} is what is to be left; name another one` });
  }
  return faults;
}

function leaves(from: Versions | undefined, request: Asking): boolean {
  if (from === undefined) return true;
  for (const what of OVERRIDABLE) {
    const used = request[what];
    if (from[what] !== undefined && used !== undefined && used !== from[what]) return false;
  }
  return true;
}

export const route: ControlKind<Route> = {
  kind: 'route',
  check,
  apply: (control, request) => (leaves(control.from, request) ? control : undefined),
};

export const orderingRoute: Ordering<Route> = {
  describe,
  overrides: (control) => OVERRIDABLE.filter((what) => control.to[what] !== undefined),
  safeSuperset: disableInstead,
};
