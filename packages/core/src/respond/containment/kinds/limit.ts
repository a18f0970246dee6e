import { baseFaults, type ControlKind, countFaults, type Ordering, type RateLimit } from '../control.ts';

/** Lets each subject, or everyone together, ask only so often. Counted where it is enforced: each instance has its own count. */
export interface Limit extends RateLimit {
  readonly kind: 'limit';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
}

const DAY_SECONDS = 86_400;

export const limit: ControlKind<Limit> = {
  kind: 'limit',
  check: (control) => [
    ...baseFaults(control),
    ...countFaults('/requests', control.requests, 1, 1_000_000),
    ...countFaults('/seconds', control.seconds, 1, DAY_SECONDS),
    ...(control.per === 'subject' || control.per === 'everyone'
      ? []
      : [{ pointer: '/per', why: 'say "subject" or "everyone"' }]),
  ],
  apply: (control) => ({ limit: control }),
};

export const orderingLimit: Ordering<Limit> = {
  describe({ requests, seconds, per, feature }) {
    const span = seconds === 1 ? 'second' : seconds === 60 ? 'minute' : seconds === 3_600 ? 'hour' : `${seconds} s`;
    const whose = per === 'subject' ? ' and person' : '';
    return `at most ${requests} a ${span}${whose}${feature === undefined ? '' : ` for ${feature}`}`;
  },
};
