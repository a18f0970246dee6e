import { baseFaults, type ControlKind, faultsIfSaid, nameFaults, type Ordering } from '../control.ts';
import { disableInstead } from './disable.ts';
import { toolFaults } from './revoke.ts';

/** Has a person look first: at every answer, or at calls of the tools listed. */
export interface Review {
  readonly kind: 'review';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
  readonly tools?: readonly string[];
  /** Which reviewers; those of the system unless said. */
  readonly queue?: string;
}

export const review: ControlKind<Review> = {
  kind: 'review',
  check: (control) => [
    ...baseFaults(control),
    ...faultsIfSaid('/tools', control.tools, toolFaults),
    ...faultsIfSaid('/queue', control.queue, nameFaults),
  ],
  apply(control, request) {
    const meant = control.tools === undefined || (request.tool !== undefined && control.tools.includes(request.tool));
    return meant ? { review: control.queue ?? '' } : undefined;
  },
};

export const orderingReview: Ordering<Review> = {
  describe({ tools, queue, feature }) {
    const what = tools === undefined ? 'a person looks at everything first' : `a person approves ${tools.join(', ')}`;
    const where = feature === undefined ? '' : ` for ${feature}`;
    return `${what}${where}${queue === undefined ? '' : ` (${queue})`}`;
  },
  safeSuperset: disableInstead,
};
