import type { LimitInForce } from './verdict.ts';

interface Bucket {
  left: number;
  /** When `left` was right, milliseconds of a monotonic clock. */
  at: number;
}

/** Those whose turn was longest ago are forgotten first, and begin anew. */
const MOST_BUCKETS = 20_000;
const ROUNDING = 1e-6;

/** Token buckets of the limits in force, one for each hold and subject. A new one is full. */
export class Allowances {
  readonly #buckets = new Map<string, Bucket>();

  /**
   * Takes one from each, or, where one is empty, from none: undefined, or the limit that is used up and the milliseconds
   * until it has room. `nowMs`: a monotonic clock.
   */
  take(
    limits: readonly LimitInForce[],
    subject: string | undefined,
    nowMs: number,
  ): { readonly limit: LimitInForce; readonly retryAfterMs: number } | undefined {
    const taken: Bucket[] = [];
    for (const limit of limits) {
      const bucket = this.#bucketOf(limit, subject, nowMs);
      if (bucket.left < 1 - ROUNDING) {
        const retryAfterMs = Math.ceil(((1 - bucket.left) * limit.seconds * 1_000) / limit.requests);
        return { limit, retryAfterMs };
      }
      taken.push(bucket);
    }
    for (const bucket of taken) bucket.left -= 1;
    return undefined;
  }

  #bucketOf(limit: LimitInForce, subject: string | undefined, nowMs: number): Bucket {
    const key = limit.per === 'everyone' ? limit.hold : `${limit.hold} ${subject ?? ''}`;
    const known = this.#buckets.get(key);
    if (known === undefined) {
      if (this.#buckets.size >= MOST_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value as string);
      const bucket = { left: limit.requests, at: nowMs };
      this.#buckets.set(key, bucket);
      return bucket;
    }
    const gained = (Math.max(0, nowMs - known.at) / 1_000 / limit.seconds) * limit.requests;
    known.left = Math.min(limit.requests, known.left + gained);
    known.at = nowMs;
    this.#buckets.delete(key);
    this.#buckets.set(key, known);
    return known;
  }
}
