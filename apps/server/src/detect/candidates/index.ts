import type { Slice } from '../../platform/index.ts';
import { candidateBoard } from './board.ts';
import { expiry, grouping } from './group-signals.ts';
import { joining } from './joining.ts';
import { closing, following, promotion } from './judge.ts';
import { relating } from './relate.ts';
import { routes } from './routes.ts';

/** Signals believed to be one event, and what people make of them. */
export const candidates: Slice = {
  name: 'candidates',
  routes,
  boards: [candidateBoard],
  watches: [grouping, joining, expiry],
  jobs: {
    'candidate.promote': promotion,
    'candidate.close': closing,
    'candidate.follow': following,
    'candidate.relate': relating,
  },
  effectsOf({ type, data, stream }) {
    if (type === 'incident.declared' && typeof data.candidate === 'string') {
      const { candidate, incident, kind } = data;
      return [{ kind: 'candidate.promote', payload: { candidate, incident, kind } }];
    }
    if (type === 'incident.moved')
      return [{ kind: data.to === 'closed' ? 'candidate.close' : 'candidate.follow', payload: { incident: stream } }];
    if (type === 'candidate.opened' && data.splitFrom === null && !data.probe)
      return [{ kind: 'candidate.relate', payload: { candidate: data.candidate } }];
    return [];
  },
  // Words people or the assistant wrote: in the log as salted digests.
  personal: {
    'candidate.opened': ['title', 'summary', 'reasons', 'related'],
    'candidate.joined': ['added', 'reasons'],
    'candidate.merged': ['summary'],
    'candidate.absorbed': ['added'],
    'candidate.split': ['left'],
    'candidate.unmerged': ['summary'],
    'candidate.released': ['left'],
    'candidate.reported-late': ['added', 'reasons'],
  },
};

export {
  candidatesByMark,
  checkCandidate,
  childrenOf,
  findCandidate,
  openCandidates,
  unknownCandidate,
} from './board.ts';
