import { isId } from '../../kernel/index.ts';
import type { ControlBase } from './control.ts';
import { isEnforced, kindOf } from './kinds/registry.ts';
import { type HoldInForce, inOrder } from './verdict.ts';

/** Bounds of what a guard accepts. */
export const HOLD_LIMIT = 10_000;

/** Everything in force for one system (`*`: all of them) at one moment. */
export interface Snapshot {
  readonly schema: 1;
  readonly system: string;
  /** Raised when the log is restored from a backup, so that epochs are never used twice. */
  readonly generation: number;
  /** Log position of the newest fact about containment; only ever grows within a generation. */
  readonly epoch: number;
  readonly holds: readonly HoldInForce[];
  /** Capsules that have ended: what was applied of them by hand is let go. */
  readonly ended?: readonly string[];
}

/** The step from one epoch to a later one of the same generation. */
export interface Delta {
  readonly schema: 1;
  readonly system: string;
  readonly generation: number;
  readonly from: number;
  readonly epoch: number;
  readonly add: readonly HoldInForce[];
  readonly remove: readonly string[];
  readonly ended?: readonly string[];
}

/** What travels: the exact text that was signed, the key's id, and the Ed25519 signature over the text's UTF-8 bytes, base64. */
export interface Signed {
  readonly payload: string;
  readonly key: string;
  readonly signature: string;
}

/** Why a message was not taken. The old state stays in force. */
export interface Nack {
  readonly nack: 'malformed' | 'schema' | 'system' | 'older' | 'gap' | 'signature';
  readonly why: string;
}

export function isNack(value: unknown): value is Nack {
  return typeof value === 'object' && value !== null && 'nack' in value;
}

export const nackOf = (code: Nack['nack'], why: string): Nack => ({ nack: code, why });

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function controlFault(value: unknown): string | undefined {
  if (!isRecord(value) || typeof value.kind !== 'string') return 'a control needs a kind';
  const control = value as unknown as ControlBase;
  if (!isEnforced(control)) return undefined;
  const [fault] = kindOf(control).check(control);
  return fault === undefined ? undefined : `${fault.pointer}: ${fault.why}`;
}

function releaseFault(value: unknown): string | undefined {
  if (!isRecord(value) || !isCount(value.step)) return 'a release needs its step';
  const { percent, countries } = value;
  if (typeof percent !== 'number' || !(percent >= 0 && percent <= 100)) return 'a release needs 0 to 100 percent';
  const named =
    countries === undefined || (Array.isArray(countries) && countries.every((each) => typeof each === 'string'));
  return named ? undefined : 'the countries of a release are a list';
}

function holdFault(value: unknown): string | undefined {
  if (!isRecord(value)) return 'a hold is an object';
  if (!isId('hld', value.hold) || !isId('inc', value.incident)) return 'a hold needs its id and its incident';
  if (typeof value.system !== 'string' || value.system === '') return `${value.hold}: needs a system`;
  if (!isCount(value.number) || !isCount(value.order)) return `${value.hold}: needs number and order`;
  const released = value.release === undefined ? undefined : releaseFault(value.release);
  if (released !== undefined) return `${value.hold}: ${released}`;
  const fault = controlFault(value.what) ?? (value.superset === undefined ? undefined : controlFault(value.superset));
  return fault === undefined ? undefined : `${value.hold}: ${fault}`;
}

export function holdsFault(value: unknown, system: string): string | undefined {
  if (!Array.isArray(value)) return 'holds must be a list';
  if (value.length > HOLD_LIMIT) return `more than ${HOLD_LIMIT} holds`;
  const seen = new Set<string>();
  for (const hold of value) {
    const fault = holdFault(hold);
    if (fault !== undefined) return fault;
    const { hold: id, system: of } = hold as HoldInForce;
    if (seen.has(id)) return `${id} stands there twice`;
    if (system !== '*' && of !== system) return `${id} is of another system`;
    seen.add(id);
  }
  return undefined;
}

/** Checks a message as a whole; one bad hold rejects all of it. */
export function readMessage(value: unknown): Snapshot | Delta | Nack {
  if (!isRecord(value)) return nackOf('malformed', 'not an object');
  if (value.schema !== 1) return nackOf('schema', `schema ${String(value.schema)} is not known here`);
  if (typeof value.system !== 'string' || value.system === '') return nackOf('malformed', 'no system');
  if (value.ended !== undefined && !Array.isArray(value.ended)) return nackOf('malformed', 'ended is no list');
  if (!isCount(value.generation) || !isCount(value.epoch)) return nackOf('malformed', 'no generation or epoch');
  if ('holds' in value) {
    const fault = holdsFault(value.holds, value.system);
    return fault === undefined ? (value as unknown as Snapshot) : nackOf('malformed', fault);
  }
  if (!isCount(value.from) || !Array.isArray(value.remove) || value.remove.length > HOLD_LIMIT)
    return nackOf('malformed', 'neither a snapshot nor a delta');
  const fault = holdsFault(value.add, value.system);
  return fault === undefined ? (value as unknown as Delta) : nackOf('malformed', fault);
}

export const isDelta = (message: Snapshot | Delta): message is Delta => 'from' in message;

/**
 * The state after a message: never older than before, never with a step left out.
 * A snapshot of the epoch already held gives back the very state held.
 */
export function applyMessage(held: Snapshot | undefined, message: Snapshot | Delta): Snapshot | Nack {
  if (held !== undefined) {
    if (message.system !== held.system) return nackOf('system', `meant for ${message.system}, this is ${held.system}`);
    if (message.generation < held.generation)
      return nackOf('older', `generation ${message.generation} is before ${held.generation}`);
    if (message.generation === held.generation && message.epoch < held.epoch)
      return nackOf('older', `epoch ${message.epoch} is before ${held.epoch}`);
  }
  if (!isDelta(message)) {
    const same = held !== undefined && held.generation === message.generation && held.epoch === message.epoch;
    return same ? held : { ...message, holds: [...message.holds].sort(inOrder) };
  }
  if (held === undefined || message.generation !== held.generation || message.from !== held.epoch)
    return nackOf(
      'gap',
      `a step from epoch ${message.from}, but ${held === undefined ? 'nothing' : held.epoch} is held`,
    );
  const gone = new Set(message.remove);
  const known = new Set(held.holds.map((hold) => hold.hold as string));
  if (
    message.remove.some((hold) => !known.has(hold)) ||
    message.add.some((hold) => known.has(hold.hold) && !gone.has(hold.hold))
  )
    return nackOf('gap', 'the step does not fit what is held');
  const holds = [...held.holds.filter((hold) => !gone.has(hold.hold)), ...message.add].sort(inOrder);
  if (holds.length > HOLD_LIMIT) return nackOf('malformed', `more than ${HOLD_LIMIT} holds`);
  const { epoch, ended = held.ended } = message;
  return { ...held, epoch, holds, ...(ended && { ended }) };
}

/** A hold and how far it has let go; nothing else of it ever changes. */
function stepText({ hold, release }: HoldInForce): string {
  return release === undefined ? hold : `${hold}~${release.step}`;
}

/** The delta that leads from one snapshot to a later one of the same system and generation. */
export function deltaBetween(from: Snapshot, to: Snapshot): Delta {
  const before = new Set(from.holds.map(stepText));
  const after = new Set(to.holds.map(stepText));
  return {
    schema: 1,
    system: to.system,
    generation: to.generation,
    from: from.epoch,
    epoch: to.epoch,
    add: to.holds.filter((hold) => !before.has(stepText(hold))),
    remove: from.holds.filter((hold) => !after.has(stepText(hold))).map((hold) => hold.hold),
    ...(to.ended && { ended: to.ended }),
  };
}

/** The text whose SHA-256 (hex) is the state hash of an acknowledgement. Orders never change, so ids say it all, with the step of those that let go. */
export function stateText(snapshot: Snapshot): string {
  const holds = snapshot.holds.map(stepText).sort();
  return `${snapshot.schema}:${snapshot.system}:${snapshot.generation}:${snapshot.epoch}:${holds.join(',')}`;
}
