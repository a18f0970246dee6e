import { type Decision, refuse } from '../../kernel/index.ts';
import { type Candidate, type CandidateFact, isOpen } from '../candidates/index.ts';

/** “I am looking.” Once for each page that asks for it; who looks first stands there. */
export function acknowledge(candidate: Candidate | null): Decision<CandidateFact> {
  if (candidate === null) return refuse('candidate.unknown', 'There is no such candidate.');
  if (!isOpen(candidate)) return refuse('candidate.ended', `This candidate is already ${candidate.state}.`);
  const last = candidate.pages.at(-1);
  if (last === undefined)
    return refuse('candidate.not-paged', 'Nobody was paged about this candidate, so there is nothing to acknowledge.');
  return candidate.acknowledged !== null
    ? []
    : [{ type: 'candidate.acknowledged', data: { candidate: candidate.id, page: last.page } }];
}
