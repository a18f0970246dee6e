import type { Slice } from '../../platform/index.ts';
import { candidateBoard } from './board.ts';
import { expiry, grouping } from './group-signals.ts';
import { joining } from './joining.ts';
import { promotion } from './judge.ts';
import { routes } from './routes.ts';

/** Signals believed to be one event, and what people make of them. */
export const candidates: Slice = {
  name: 'candidates',
  routes,
  boards: [candidateBoard],
  watches: [grouping, joining, expiry],
  jobs: { 'candidate.promote': promotion },
  effectsOf: ({ type, data }) =>
    type === 'incident.declared' && typeof data.candidate === 'string'
      ? [
          {
            kind: 'candidate.promote',
            payload: { candidate: data.candidate, incident: data.incident, kind: data.kind },
          },
        ]
      : [],
  // Words people or the assistant wrote: in the log as salted digests.
  personal: {
    'candidate.opened': ['title', 'summary', 'reasons', 'related'],
    'candidate.joined': ['added', 'reasons'],
    'candidate.merged': ['summary'],
    'candidate.absorbed': ['added'],
    'candidate.split': ['left'],
  },
};

export { checkCandidate, findCandidate, unknownCandidate } from './board.ts';
