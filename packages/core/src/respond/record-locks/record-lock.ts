import {
  type Actor,
  type Asked,
  addMs,
  type Decision,
  earlier,
  type Fact,
  type Instant,
  isInstant,
  later,
  type Recorded,
  type Refusal,
  refuse,
} from '../../kernel/index.ts';
import type { Span } from '../../prepare/records/index.ts';
import type { IncidentId } from '../incidents/index.ts';

/**
 * Bounds, so that a flood does not fill the disk: of each system at most `orders` spans, each at most `daysBefore` long,
 * and of each span the newest `records` of a kind.
 */
export const LOCK_LIMITS = {
  /** Before the first sign of it, and before every later order. */
  hoursBefore: 24,
  daysBefore: 7,
  orders: 10,
  records: 20_000,
  /** The earliest signals of each candidate. */
  signals: 10_000,
  /** Records that facts name one by one. */
  named: 1_000,
  candidates: 100,
  /** After closing it ends by itself. */
  daysAfterClosing: 90,
} as const;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface LockedSpan extends Span {
  readonly system: string;
}

/** What is kept for an incident whatever the rules of its systems say, derived from its facts. */
export interface RecordLock {
  readonly incident: IncidentId;
  readonly label: string;
  readonly since: Instant;
  /** The earliest moment the incident is said to have begun, been noticed or been declared. */
  readonly beganAt: Instant;
  /** Their signals are kept, and the interactions those speak of. */
  readonly candidates: readonly string[];
  /** Signals, interactions, feedback and evaluations that facts name. */
  readonly records: readonly string[];
  /** All that came in before an order, by system. */
  readonly spans: readonly LockedSpan[];
  readonly closed: { readonly at: Instant; readonly by: Actor } | null;
  readonly released: { readonly at: Instant; readonly by: Actor; readonly reason: string } | null;
}

export type RecordLockFact = Fact<'evidence.released', { readonly reason: string }>;

/** Facts a lock is derived from; those that quote records are among them. */
export const LOCK_FACTS = [
  'incident.declared',
  'incident.moved',
  'time.stated',
  'candidate.promoted',
  'containment.ordered',
  'evidence.preserved',
  'evidence.released',
  'restoration.halted',
  'note.written',
  'decision.recorded',
  'actions.found',
] as const;

const NAMES = /\b(?:int|sig|fbk|evl)_[0-9a-f]{12,32}\b/g;
const more = (held: readonly string[], added: readonly string[], most: number): readonly string[] =>
  added.every((each) => held.includes(each)) ? held : [...new Set([...held, ...added])].slice(0, most);

/** Before the first order of a system from a day before the first sign; before later ones a day, unless it is kept already. */
function spansWith(lock: RecordLock, system: string, to: Instant): readonly LockedSpan[] {
  const own = lock.spans.filter((span) => span.system === system);
  const before = own.at(-1);
  const back = (from: Instant) => addMs(from, -LOCK_LIMITS.hoursBefore * HOUR_MS);
  if (before === undefined) {
    const longest = addMs(to, -LOCK_LIMITS.daysBefore * DAY_MS);
    return [...lock.spans, { system, from: later(back(earlier(lock.beganAt, to)), longest), to }];
  }
  if (to <= before.to || own.length >= LOCK_LIMITS.orders) return lock.spans;
  return [...lock.spans, { system, from: later(back(to), addMs(before.to, 1)), to }];
}

/** One fact further; null before the incident is declared. Facts of other streams that speak of the incident count too. */
export function recordLockStep(held: RecordLock | null, fact: Recorded): RecordLock | null {
  const { type, at, by, data } = fact;
  if (type === 'incident.declared')
    return {
      incident: data.incident as IncidentId,
      label: String(data.label),
      since: at,
      beganAt: at,
      candidates: typeof data.candidate === 'string' ? [data.candidate] : [],
      records: [],
      spans: [],
      closed: null,
      released: null,
    };
  if (held === null) return null;
  // Sorted: members come back from a database in another order.
  const found = [...(JSON.stringify(data).match(NAMES) ?? [])].sort();
  const lock = { ...held, records: more(held.records, found, LOCK_LIMITS.named) };
  switch (type) {
    case 'candidate.promoted':
      return { ...lock, candidates: more(lock.candidates, [String(data.candidate)], LOCK_LIMITS.candidates) };
    case 'time.stated':
      return data.which !== 'contained' && isInstant(data.at)
        ? { ...lock, beganAt: earlier(lock.beganAt, data.at) }
        : lock;
    case 'containment.ordered':
      return { ...lock, spans: spansWith(lock, String(data.system), at) };
    case 'incident.moved':
      // Opened again, it needs its evidence again.
      return data.to === 'closed' ? { ...lock, closed: { at, by } } : { ...lock, closed: null, released: null };
    case 'evidence.released':
      return { ...lock, released: { at, by, reason: String(data.reason) } };
    default:
      return lock;
  }
}

export const foldRecordLock = (facts: readonly Recorded[]): RecordLock | null =>
  facts.reduce<RecordLock | null>(recordLockStep, null);

/** When it ends by itself; null: while the incident is not closed, never. */
export const lockedUntil = ({ closed }: Pick<RecordLock, 'closed'>): Instant | null =>
  closed === null ? null : addMs(closed.at, LOCK_LIMITS.daysAfterClosing * DAY_MS);

export function stands(lock: Pick<RecordLock, 'closed' | 'released'>, now: Instant): boolean {
  const until = lockedUntil(lock);
  return lock.released === null && (until === null || now < until);
}

/** Lets the rules of the systems decide again. Closing comes first, and takes somebody else. */
export function releaseRecordLock(
  lock: RecordLock | null,
  { reason }: { readonly reason: string },
  { at, by }: Asked,
): Decision<RecordLockFact> | Refusal {
  if (lock === null) return refuse('incident.unknown', 'There is no such incident. Check the id or the label.');
  if (lock.closed === null)
    return refuse('evidence.still-open', 'Close the incident first: what it rests on is kept while it is open.');
  if (!stands(lock, at)) return [];
  if (lock.closed.by.id === by.id)
    return refuse(
      'evidence.same-person',
      'You closed this incident. Somebody else has to release what it rests on, because records are deleted then.',
    );
  return [{ type: 'evidence.released', data: { reason } }];
}
