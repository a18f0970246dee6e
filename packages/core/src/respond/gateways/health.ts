/** When an upstream is left out, and for how long. All of it bounded: no upstream is left out for ever. */
export interface HealthPolicy {
  /** Failures one after the other until it is left out. */
  readonly failures: number;
  /** Milliseconds of the first time it is left out; each further time twice as long. */
  readonly ejectMs: number;
  /** Milliseconds of the longest time. */
  readonly mostEjectMs: number;
}

export const USUAL_HEALTH: HealthPolicy = Object.freeze({ failures: 3, ejectMs: 10_000, mostEjectMs: 300_000 });

/**
 * What became of one request to an upstream. `answered`: it served, or refused for a reason of the request. `limited`: 429.
 * `failed`: unreachable, too slow, 5xx, or it did not take the credential held for it.
 */
export type Outcome = 'answered' | 'limited' | 'failed';

/** What is known of an upstream from the requests it was sent; nobody asks it only to find out. */
export interface Health {
  /** Failures one after the other, up to now. */
  readonly failures: number;
  /** Times it was left out since it last answered. */
  readonly ejections: number;
  /** Milliseconds of the caller's clock until it is left out; 0: it is not. */
  readonly until: number;
  /** One request is on its way to find out whether it is well again; since when, 0: none is. */
  readonly probingSince: number;
}

export const WELL: Health = Object.freeze({ failures: 0, ejections: 0, until: 0, probingSince: 0 });

/** A probe that never came back is given up after this long, and another may go. */
const PROBE_MS = 60_000;
/** Doubled no further than this; `mostEjectMs` binds long before. */
const MOST_DOUBLINGS = 20;

/** `well`: it is asked. `out`: it is not. `half-open`: one request may find out, the others go elsewhere. */
export type HealthState = 'well' | 'out' | 'half-open';

export function stateOf(health: Health, now: number): HealthState {
  if (health.until === 0) return 'well';
  return health.until > now ? 'out' : 'half-open';
}

/** Whether a request may go there now. */
export function mayAsk(health: Health, now: number): boolean {
  const state = stateOf(health, now);
  if (state !== 'half-open') return state === 'well';
  return health.probingSince === 0 || now - health.probingSince >= PROBE_MS;
}

/** A request goes there; the first one to an upstream that was left out is the probe. */
export function asked(health: Health, now: number): Health {
  return health.until === 0 ? health : { ...health, probingSince: now };
}

/** A request that ended without saying anything of the upstream: the client left, or it was contained. */
export function withdrawn(health: Health): Health {
  return health.probingSince === 0 ? health : { ...health, probingSince: 0 };
}

/** `retryAfterMs`: what the upstream asked for (`Retry-After`), bounded like everything else. */
export function afterOutcome(
  health: Health,
  outcome: Outcome,
  now: number,
  policy: HealthPolicy,
  retryAfterMs = 0,
): Health {
  if (outcome === 'answered') return health.failures === 0 && health.until === 0 ? health : WELL;
  const failures = health.failures + 1;
  const probe = health.until !== 0;
  // Requests sent before it was left out still come back: they lengthen nothing.
  if (probe && health.until > now) return { ...health, failures };
  if (!probe && failures < policy.failures) return { ...health, failures };
  const doubled = policy.ejectMs * 2 ** Math.min(health.ejections, MOST_DOUBLINGS);
  const out = Math.min(policy.mostEjectMs, Math.max(doubled, outcome === 'limited' ? retryAfterMs : 0));
  return { failures, ejections: health.ejections + 1, until: now + out, probingSince: 0 };
}

/** What a status of an upstream says about it. `held`: the gateway sent a credential of its own. */
export function outcomeOf(status: number, held: boolean): Outcome {
  if (status === 429) return 'limited';
  if (status >= 500 || status === 408 || (status === 401 && held)) return 'failed';
  return 'answered';
}

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3), as milliseconds from `nowMs` (Unix time); 0 for none. */
export function retryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined || header === '') return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - nowMs);
}

export interface Candidate {
  readonly name: string;
  /** The vendor it belongs to, as holds name it. */
  readonly provider: string;
}

/**
 * Which upstreams may serve a request, in the order to try them. `ordered`: vendor a hold orders; then nothing else serves,
 * healthy or not, since what was withdrawn must not come back through a failure. An upstream without an alternative is
 * never left out: there is nothing to fail over to. Empty: refuse.
 */
export function orderOf<C extends Candidate>(
  candidates: readonly C[],
  healthOf: (candidate: C) => Health,
  now: number,
  ordered?: string,
): readonly C[] {
  const meant =
    ordered === undefined
      ? candidates
      : candidates.filter((each) => each.name === ordered || each.provider === ordered);
  if (meant.length <= 1) return meant;
  return meant.filter((each) => mayAsk(healthOf(each), now));
}
