import type { Instant } from '../../kernel/index.ts';
import type { Alert } from './sources/alerts/alert.ts';

/** What is known of an alert by its key: the signal it raised, and where that stands. */
export interface FollowedAlert {
  readonly resolvedAt: Instant | null;
  readonly acknowledgedAt: Instant | null;
  /** When the condition began, as the sender said it when it was raised; null: it never said. */
  readonly beganAt: Instant | null;
}

/**
 * What an alert does: raise a signal, count as the same again, note that somebody looks at it, close what it raised, or
 * nothing, with the reason.
 */
export type AlertStep =
  | { readonly does: 'raise' | 'repeat' | 'acknowledge' | 'resolve' }
  | { readonly does: 'nothing'; readonly why: string };

const nothing = (why: string): AlertStep => ({ does: 'nothing', why });

/**
 * The rule of following: the same key while open is the same signal; a resolved one closes it and raises nothing; a key
 * that fires again after that is a new signal, unless the sender says it began before the end, which is a late retry.
 * `startsOpen`: whether an acknowledgement of something unknown tells of something new (an event API says no).
 */
export function followAlert(
  held: FollowedAlert | null,
  alert: Pick<Alert, 'status' | 'at'>,
  startsOpen = true,
): AlertStep {
  const open = held !== null && held.resolvedAt === null;
  switch (alert.status) {
    case 'resolved':
      if (open) return { does: 'resolve' };
      return nothing(held === null ? 'resolved, and nothing was open under this key' : 'resolved already');
    case 'suppressed':
      return open
        ? nothing('silenced where it comes from; it stays as it is here')
        : nothing('silenced where it comes from');
    case 'pending':
      return nothing('not sure yet where it comes from');
    case 'acknowledged':
      if (open) return held.acknowledgedAt === null ? { does: 'acknowledge' } : { does: 'repeat' };
      if (held !== null) return nothing('acknowledged after it was resolved');
      return startsOpen ? { does: 'raise' } : nothing('acknowledged, and nothing was open under this key');
    case 'firing':
      if (open) return { does: 'repeat' };
      if (held?.resolvedAt && alert.at !== null && held.beganAt !== null && alert.at <= held.beganAt)
        return nothing('told late: this one has ended already');
      return { does: 'raise' };
  }
}
