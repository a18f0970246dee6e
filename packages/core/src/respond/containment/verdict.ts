import type { Id } from '../../kernel/index.ts';
import {
  type Asking,
  type ControlBase,
  OVERRIDABLE,
  type Overridable,
  type RequestContext,
  type Versions,
} from './control.ts';
import { type Control, isKnownControl, kindOf } from './kinds/registry.ts';

/** An order in force, as every enforcing place knows it. */
export interface HoldInForce {
  readonly hold: Id<'hld'>;
  /** For people: `HLD-12`. */
  readonly number: number;
  readonly incident: Id<'inc'>;
  readonly system: string;
  readonly control?: Id<'ctl'>;
  /** May be of a kind this version does not know yet. */
  readonly what: ControlBase;
  /** Applied instead of `what` by whoever does not know its kind. */
  readonly superset?: ControlBase;
  /** Log position of the order; the newer of two overrides has the last word. */
  readonly order: number;
}

export interface Verdict {
  readonly action: 'allow' | 'deny' | 'reroute';
  readonly hold?: Id<'hld'>;
  readonly control?: Id<'ctl'>;
  readonly incident?: Id<'inc'>;
  /** Calm text for the user of the AI system. */
  readonly message?: string;
  /** Only what changes. */
  readonly to?: Versions;
  readonly epoch: number;
}

export const DEFAULT_MESSAGE = 'This function is paused at the moment. We are working on it.';

/** What is enforced for a hold here: its control, its superset if the kind is unknown, or nothing at all. */
export function enforceable(hold: HoldInForce): Control | undefined {
  if (isKnownControl(hold.what)) return hold.what;
  if (hold.superset !== undefined && isKnownControl(hold.superset)) return hold.superset;
  return undefined;
}

export function inOrder(a: HoldInForce, b: HoldInForce): number {
  return a.order - b.order || (a.hold < b.hold ? -1 : a.hold > b.hold ? 1 : 0);
}

function covers(hold: HoldInForce, control: Control, request: RequestContext): boolean {
  if (hold.system !== request.system) return false;
  return control.feature === undefined || request.feature === undefined || control.feature === request.feature;
}

export function denial(hold: HoldInForce, control: Control, epoch: number): Verdict {
  return Object.freeze({
    action: 'deny',
    hold: hold.hold,
    ...(hold.control === undefined ? {} : { control: hold.control }),
    incident: hold.incident,
    message: control.message ?? DEFAULT_MESSAGE,
    epoch,
  });
}

export function rerouting(hold: HoldInForce, control: Control, to: Versions, epoch: number): Verdict {
  return {
    action: 'reroute',
    hold: hold.hold,
    ...(hold.control === undefined ? {} : { control: hold.control }),
    incident: hold.incident,
    ...(control.message === undefined ? {} : { message: control.message }),
    to,
    epoch,
  };
}

/** The versions that serve the request after one more override. */
export function overridden(request: Asking, to: Versions): Asking {
  return { ...request, ...to };
}

/** What differs between the request as asked and as it is to be served. */
export function changedVersions(asked: Asking, served: Asking): Versions | undefined {
  const to: { [key in Overridable]?: string } = {};
  let changed = false;
  for (const what of OVERRIDABLE) {
    const value = served[what];
    if (value === undefined || value === asked[what]) continue;
    to[what] = value;
    changed = true;
  }
  return changed ? to : undefined;
}

/**
 * The one answer to "may this request run, and by what?", for guard, gateway, OFREP and screen alike.
 * Holds are independent: one denial is enough, whatever else is in force. Overrides add up in the order of their orders.
 */
export function verdictFor(holds: readonly HoldInForce[], request: RequestContext, epoch = 0): Verdict {
  let served: Asking = request;
  let last: { hold: HoldInForce; control: Control } | undefined;
  for (const hold of [...holds].sort(inOrder)) {
    const control = enforceable(hold);
    if (control === undefined || !covers(hold, control, request)) continue;
    const effect = kindOf(control).apply(control, served);
    if (effect === undefined) continue;
    if (effect === 'deny') return denial(hold, control, epoch);
    const next = overridden(served, effect);
    if (changedVersions(served, next) !== undefined) last = { hold, control };
    served = next;
  }
  const to = changedVersions(request, served);
  return last === undefined || to === undefined
    ? { action: 'allow', epoch }
    : rerouting(last.hold, last.control, to, epoch);
}
