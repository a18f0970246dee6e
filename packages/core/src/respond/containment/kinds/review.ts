import { baseFaults, type ControlKind, nameFaults, nameListFaults } from '../control.ts';
import { disableInstead } from './disable.ts';
import { TOOL_LIMIT } from './revoke.ts';

/** Has a person look first: at every answer, or at calls of the tools listed. */
export interface Review {
  readonly kind: 'review';
  readonly feature?: string;
  readonly message?: string;
  readonly tools?: readonly string[];
  /** Which reviewers; those of the system unless said. */
  readonly queue?: string;
}

export const review: ControlKind<Review> = {
  kind: 'review',
  describe({ tools, queue, feature }) {
    const what = tools === undefined ? 'a person looks at everything first' : `a person approves ${tools.join(', ')}`;
    const where = feature === undefined ? '' : ` for ${feature}`;
    return `${what}${where}${queue === undefined ? '' : ` (${queue})`}`;
  },
  check: (control) => [
    ...baseFaults(control),
    ...(control.tools === undefined ? [] : nameListFaults('/tools', control.tools, TOOL_LIMIT)),
    ...(control.queue === undefined ? [] : nameFaults('/queue', control.queue)),
  ],
  apply(control, request) {
    const meant = control.tools === undefined || (request.tool !== undefined && control.tools.includes(request.tool));
    return meant ? { review: control.queue ?? '' } : undefined;
  },
  safeSuperset: disableInstead,
};
