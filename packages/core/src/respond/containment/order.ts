import { type Actor, type Asked, addMs, type Decision, type Id, type Instant, refuse } from '../../kernel/index.ts';
import type { Containment, Hold } from './containment.ts';
import type { ControlBase } from './control.ts';
import type { Adoption, Canary, ContainmentFact, Expiry, Gate } from './facts.ts';
import { orderFaults, withInFlight } from './in-flight.ts';
import { describeControl, overridesOf } from './kinds/ordering.ts';
import { type Control, isKnownControl } from './kinds/registry.ts';
import type { Manifest } from './manifest.ts';
import type { HoldInForce } from './verdict.ts';

export const HOLDS_PER_INCIDENT = 200;
/** What no person ordered ends after so long, unless a person adopts it. */
export const AUTOMATIC_MINUTES = 15;
const MINUTE_MS = 60_000;

/** The order as it goes now when a person has to adopt it within so many minutes. */
export function untilAdopted(expiry: Expiry, minutes: number, now: Instant): { expiry: Expiry; adopt?: Adoption } {
  const by = addMs(now, minutes * MINUTE_MS);
  if (expiry.mode === 'auto' && expiry.at <= by) return { expiry };
  return { expiry: { mode: 'auto', at: by }, adopt: { by, after: expiry } };
}

export interface OrderHold {
  readonly hold: Id<'hld'>;
  readonly number: number;
  readonly incident: Id<'inc'>;
  readonly system: string;
  readonly control?: Id<'ctl'>;
  readonly what: Control;
  readonly reason: string;
  readonly expiry: Expiry;
  /** What was preserved. Without it the order is refused, unless `skipEvidence` says why. */
  readonly manifest?: Manifest;
  readonly skipEvidence?: string;
  /** The hold whose override this one takes over. */
  readonly supersedes?: Id<'hld'>;
  readonly gate?: Gate;
  readonly canary?: Canary;
  readonly adopt?: Adoption;
  /** Of a pull that somebody else agreed to: who wanted it. */
  readonly askedBy?: Actor;
  readonly pull?: Id<'pul'>;
  /** All holds in force on the system, of every incident. */
  readonly inForce: readonly HoldInForce[];
}

/** Same content, whatever the order of the members. */
function sameControl(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => sameControl(left[key], right[key]));
}

/** The hold in force that already does the same, or as much and ends what runs besides. */
export function alreadyHeld({ holds }: Containment, system: string, what: ControlBase): Hold | undefined {
  const strict = withInFlight(what, 'abort');
  return [...holds.values()].find(
    (hold) =>
      hold.state === 'active' &&
      hold.system === system &&
      (sameControl(hold.what, what) || sameControl(hold.what, strict)),
  );
}

/** The hold in force, if any, that overrides what this control would override for some of the same requests. */
export function overriddenBy(what: Control, holds: readonly HoldInForce[]): HoldInForce | undefined {
  const wanted = new Set(overridesOf(what));
  if (wanted.size === 0) return undefined;
  return holds.find((hold) => {
    const other = hold.what;
    if (!isKnownControl(other)) return false;
    const apart = what.feature !== undefined && other.feature !== undefined && what.feature !== other.feature;
    return !apart && overridesOf(other).some((each) => wanted.has(each));
  });
}

/**
 * Preserves, then restricts: the manifest (or the reason for none) is the fact before the order. Ordering what this
 * incident already holds records nothing. Refuses `control.bad-parameters`, `hold.bad-expiry`, `hold.no-evidence`,
 * `hold.conflict`, `hold.too-many`.
 */
export function orderHold(state: Containment, want: OrderHold, asked: Asked): Decision<ContainmentFact> {
  const [fault] = orderFaults(want.what);
  if (fault !== undefined) return refuse('control.bad-parameters', fault.why, `/what${fault.pointer}`);
  const active = [...state.holds.values()].filter((hold) => hold.state === 'active');
  if (alreadyHeld(state, want.system, want.what) !== undefined) return [];
  if (active.length >= HOLDS_PER_INCIDENT)
    return refuse('hold.too-many', `An incident holds at most ${HOLDS_PER_INCIDENT}; disable the system instead.`);
  if (want.expiry.mode === 'auto' && want.expiry.at <= asked.at)
    return refuse('hold.bad-expiry', 'The expiry lies in the past.', '/expiry/at');

  const others = want.inForce.filter((hold) => hold.hold !== want.supersedes && hold.system === want.system);
  const other = overriddenBy(want.what, others);
  if (other !== undefined)
    return refuse(
      'hold.conflict',
      `HLD-${other.number} of incident ${other.incident} overrides the same (${describeControl(other.what)}). Lift it, or order with "supersedes": "${other.hold}".`,
      '/what',
    );

  const {
    hold,
    number,
    system,
    control,
    what,
    reason,
    expiry,
    manifest,
    supersedes,
    gate,
    adopt,
    askedBy,
    pull,
    canary,
  } = want;
  const order: ContainmentFact = {
    type: 'containment.ordered',
    data: {
      hold,
      number,
      system,
      ...(control === undefined ? {} : { control }),
      what,
      reason,
      expiry,
      ...(manifest === undefined ? {} : { manifest: manifest.manifest }),
      ...(supersedes === undefined ? {} : { supersedes }),
      ...(gate === undefined ? {} : { gate }),
      ...(canary === undefined ? {} : { canary }),
      ...(adopt === undefined ? {} : { adopt }),
      ...(askedBy === undefined ? {} : { askedBy }),
      ...(pull === undefined ? {} : { pull }),
    },
  };
  if (manifest !== undefined) return [{ type: 'evidence.preserved', data: manifest }, order];
  const skipped = want.skipEvidence?.trim();
  if (skipped === undefined || skipped === '')
    return refuse('hold.no-evidence', 'Nothing was preserved. Preserve first, or say why not.', '/skipEvidence');
  return [{ type: 'evidence.skipped', data: { system, reason: skipped } }, order];
}
