import type { Id } from '../../kernel/index.ts';
import {
  type Asking,
  type ControlBase,
  type Effect,
  OVERRIDABLE,
  type Overridable,
  type RateLimit,
  type RequestContext,
  type Settings,
  type Versions,
} from './control.ts';
import { type Enforced, isEnforced, kindOf } from './kinds/registry.ts';
import { bothSettings } from './kinds/settings.ts';
import { isReleased, type Release } from './release.ts';

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
  /** Absent: it holds for everybody. */
  readonly release?: Release;
}

/** A limit to be counted where the verdict is enforced. */
export interface LimitInForce extends RateLimit {
  readonly hold: Id<'hld'>;
}

/**
 * `deny`: refuse. `review`: wait for a person. `limit`: count, and refuse beyond. `reroute`: serve it by `to` and `settings`.
 * The strictest is named; what else applies stands beside it, so a reviewed answer is still made by the version in `to`.
 */
export const ACTIONS = ['allow', 'reroute', 'limit', 'review', 'deny'] as const;
export type Action = (typeof ACTIONS)[number];

export interface Verdict {
  readonly action: Action;
  readonly hold?: Id<'hld'>;
  readonly control?: Id<'ctl'>;
  readonly incident?: Id<'inc'>;
  /** Calm text for the user of the AI system. */
  readonly message?: string;
  /** Only what changes. */
  readonly to?: Versions;
  readonly settings?: Settings;
  /** Every one of them has to leave room. */
  readonly limits?: readonly LimitInForce[];
  /** Queue of reviewers; empty: the one of the system. */
  readonly review?: string;
  /** Of a limit that is used up: milliseconds until it has room. */
  readonly retryAfterMs?: number;
  readonly epoch: number;
}

export const DEFAULT_MESSAGE = 'This function is paused at the moment. We are working on it.';

/** What is enforced for a hold here: its control, its superset if the kind is unknown, or nothing at all. */
export function enforceable(hold: HoldInForce): Enforced | undefined {
  if (isEnforced(hold.what)) return hold.what;
  if (hold.superset !== undefined && isEnforced(hold.superset)) return hold.superset;
  return undefined;
}

export function inOrder(a: HoldInForce, b: HoldInForce): number {
  return a.order - b.order || (a.hold < b.hold ? -1 : a.hold > b.hold ? 1 : 0);
}

function covers(hold: HoldInForce, control: Enforced, request: RequestContext): boolean {
  if (hold.system !== request.system) return false;
  return control.feature === undefined || request.feature === undefined || control.feature === request.feature;
}

export function denial(hold: HoldInForce, control: Enforced, epoch: number): Verdict {
  return Object.freeze({
    action: 'deny',
    hold: hold.hold,
    ...(hold.control === undefined ? {} : { control: hold.control }),
    incident: hold.incident,
    message: control.message ?? DEFAULT_MESSAGE,
    epoch,
  });
}

/** The versions that serve the request after one more override. */
function overridden(request: Asking, to: Versions): Asking {
  return { ...request, ...to };
}

/** What differs between the request as asked and as it is to be served. */
function changedVersions(asked: Asking, served: Asking): Versions | undefined {
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

/** What the holds in force add up to for one request, as they are met in the order of their orders. */
export class Verdicts {
  served: Asking;
  private action: Action = 'allow';
  private last: HoldInForce | undefined;
  private lastControl: Enforced | undefined;
  private settings: Settings | undefined;
  private limits: LimitInForce[] | undefined;
  private review: string | undefined;

  constructor(private readonly asked: Asking) {
    this.served = asked;
  }

  /** Of two that are as strict the later is named. */
  private name(action: Action, hold: HoldInForce, control: Enforced): void {
    if (ACTIONS.indexOf(action) < ACTIONS.indexOf(this.action)) return;
    this.action = action;
    this.last = hold;
    this.lastControl = control;
  }

  take(hold: HoldInForce, control: Enforced, effect: Exclude<Effect, 'deny'>): void {
    if ('to' in effect) {
      const next = overridden(this.served, effect.to);
      if (changedVersions(this.served, next) !== undefined) this.name('reroute', hold, control);
      this.served = next;
    } else if ('settings' in effect) {
      this.settings = bothSettings(this.settings, effect.settings);
      this.name('reroute', hold, control);
    } else if ('limit' in effect) {
      const { requests, seconds, per } = effect.limit;
      this.limits ??= [];
      this.limits.push({ hold: hold.hold, requests, seconds, per });
      this.name('limit', hold, control);
    } else {
      this.review = effect.review;
      this.name('review', hold, control);
    }
  }

  /** Undefined when all that was met changes nothing. */
  sum(epoch: number): Verdict | undefined {
    const { last: hold, lastControl: control } = this;
    if (hold === undefined || control === undefined) return undefined;
    const to = changedVersions(this.asked, this.served);
    if (this.action === 'reroute' && to === undefined && this.settings === undefined) return undefined;
    return {
      action: this.action,
      hold: hold.hold,
      ...(hold.control === undefined ? {} : { control: hold.control }),
      incident: hold.incident,
      ...(control.message === undefined ? {} : { message: control.message }),
      ...(to === undefined ? {} : { to }),
      ...(this.settings === undefined ? {} : { settings: this.settings }),
      ...(this.limits === undefined ? {} : { limits: this.limits }),
      ...(this.review === undefined ? {} : { review: this.review }),
      epoch,
    };
  }
}

/**
 * The one answer to "may this request run, and how?", for guard, gateway, OFREP and screen alike.
 * Holds are independent: one denial is enough, whatever else is in force. Overrides add up in the order of their orders.
 */
export function verdictFor(holds: readonly HoldInForce[], request: RequestContext, epoch = 0): Verdict {
  const verdicts = new Verdicts(request);
  for (const hold of [...holds].sort(inOrder)) {
    const control = enforceable(hold);
    if (control === undefined || !covers(hold, control, request)) continue;
    if (hold.release !== undefined && isReleased(hold.hold, hold.release, request)) continue;
    if (request.running && control.inFlight === 'drain') continue;
    const effect = kindOf(control).apply(control, verdicts.served);
    if (effect === undefined) continue;
    if (effect === 'deny') return denial(hold, control, epoch);
    verdicts.take(hold, control, effect);
  }
  return verdicts.sum(epoch) ?? { action: 'allow', epoch };
}
