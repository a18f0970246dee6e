import { addMs, type Instant } from '../../kernel/index.ts';

/** A circuit breaker: after some failures in a row nobody asks for a while, then one question tries again. */
export interface Breaker {
  /** Failures in a row. */
  readonly failures: number;
  /** Nothing is asked before; null: closed. */
  readonly openUntil: Instant | null;
  /** How often it opened in a row without an answer between. */
  readonly opened: number;
}

export const CLOSED: Breaker = { failures: 0, openUntil: null, opened: 0 };
/** Failures in a row that open it. */
export const OPENS_AFTER = 5;
const FIRST_MS = 30_000;
const LONGEST_MS = 600_000;

export const mayAsk = ({ openUntil }: Breaker, now: Instant): boolean => openUntil === null || openUntil <= now;

/** Half open: it may be asked, but only once. */
export const isTrying = (it: Breaker): boolean => it.opened > 0;

export const answered = (): Breaker => CLOSED;

/** `waitMs`: how long it asked to be left alone; null: it did not. */
export function failed(it: Breaker, now: Instant, waitMs: number | null): Breaker {
  const failures = it.failures + 1;
  if (failures < OPENS_AFTER && it.opened === 0 && waitMs === null) return { ...it, failures };
  const pause = Math.max(Math.min(LONGEST_MS, FIRST_MS * 2 ** it.opened), Math.min(waitMs ?? 0, LONGEST_MS));
  return { failures, openUntil: addMs(now, pause), opened: it.opened + 1 };
}
