import { type Id, isId } from '../../kernel/index.ts';
import { holdsFault, type Nack, nackOf } from './snapshot.ts';
import type { HoldInForce } from './verdict.ts';

export const CAPSULE_SCHEMA = 'capsule-1';
/** Of one capsule. */
export const CAPSULE_HOLDS = 50;
/** In one file beside a state file. */
export const CAPSULES_APPLIED = 20;

/** Holds signed ahead of time, for when there is no server: what somebody applies by hand can only restrict. */
export interface Capsule {
  readonly schema: typeof CAPSULE_SCHEMA;
  readonly capsule: Id<'cap'>;
  readonly system: string;
  /** It may be applied until then, and holds from then on until Firebreak says that it has ended. */
  readonly until: string;
  readonly holds: readonly HoldInForce[];
}

/** What an override sets aside may be a restriction of somebody else: such kinds are in no capsule. */
const OVERRIDES = ['route', 'settings'];
export const isCapsuleKind = (kind: string): boolean => !OVERRIDES.includes(kind);

/** Checks the payload of a capsule that was applied at a moment on an instance of a system (`*`: all of them). */
export function readCapsule(value: unknown, system: string, appliedAt: string): Capsule | Nack {
  return readCapsuleBy(holdsFault, value, system, appliedAt);
}

/** The same, given what checks holds: so that a guard can load what reads capsules by itself. */
export function readCapsuleBy(
  faultOf: typeof holdsFault,
  value: unknown,
  system: string,
  appliedAt: string,
): Capsule | Nack {
  const it = value as Partial<Capsule> | null;
  if (it?.schema !== CAPSULE_SCHEMA) return nackOf('schema', 'not a capsule known here');
  const { capsule, until, holds } = it;
  if (!isId('cap', capsule) || typeof until !== 'string' || typeof it.system !== 'string')
    return nackOf('malformed', 'a capsule needs id, system and end');
  if (system !== '*' && it.system !== system) return nackOf('system', `meant for ${it.system}, this is ${system}`);
  if (!(Date.parse(appliedAt) <= Date.parse(until))) return nackOf('older', `could be applied until ${until}`);
  const fault = faultOf(holds, it.system);
  if (fault !== undefined) return nackOf('malformed', fault);
  const loose = (holds as readonly HoldInForce[]).find(
    ({ what, superset = what, release }) =>
      release !== undefined || !isCapsuleKind(what.kind) || !isCapsuleKind(superset.kind),
  );
  if (loose !== undefined) return nackOf('malformed', `${loose.hold} does not only restrict`);
  return (holds as readonly HoldInForce[]).length > CAPSULE_HOLDS
    ? nackOf('malformed', `more than ${CAPSULE_HOLDS} holds`)
    : (it as Capsule);
}
