import { type Instant, instant } from '../../kernel/index.ts';
import { endOf, inForceAt, type PolicyException } from './exceptions.ts';

export interface ExceptionMonth {
  /** `2026-11`, in UTC. */
  readonly month: string;
  /** Came into force in this month. Null here and below: nobody kept a record then, which is not zero. */
  readonly opened: number | null;
  /** In force at the end of the month, or now in the month that runs. */
  readonly inForce: number | null;
  /** Ran out in this month, without being renewed or ended. */
  readonly lapsed: number | null;
}

export const TREND_MONTHS = 12;

const monthStart = (now: Instant, back: number): Instant =>
  instant(Date.UTC(Number(now.slice(0, 4)), Number(now.slice(5, 7)) - 1 - back, 1));

/** The first instant the trend looks at. */
export const trendFrom = (now: Instant): Instant => monthStart(now, TREND_MONTHS - 1);

/**
 * Exceptions by calendar month, oldest first, the month that runs last. `since`: when the record began (the first policy
 * was stated); null: it has not.
 */
export function exceptionTrend(
  exceptions: readonly PolicyException[],
  since: Instant | null,
  now: Instant,
): ExceptionMonth[] {
  return Array.from({ length: TREND_MONTHS }, (_, i) => {
    const from = monthStart(now, TREND_MONTHS - 1 - i);
    const next = monthStart(now, TREND_MONTHS - 2 - i);
    const month = from.slice(0, 7);
    if (since === null || since >= next) return { month, opened: null, inForce: null, lapsed: null };
    const last = next <= now ? instant(Date.parse(next) - 1) : now;
    const within = (at: Instant): boolean => at >= from && at <= last;
    return {
      month,
      opened: exceptions.filter(({ approved }) => approved !== null && within(approved.at)).length,
      inForce: exceptions.filter((each) => inForceAt(each, last)).length,
      lapsed: exceptions.filter(
        (each) => each.approved !== null && (each.ended === null || each.ended.how === 'lapsed') && within(endOf(each)),
      ).length,
    };
  });
}
