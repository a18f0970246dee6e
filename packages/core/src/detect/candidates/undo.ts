import type { Asked, Decision } from '../../kernel/index.ts';
import { refuse } from '../../kernel/index.ts';
import type { Signal } from '../signals/index.ts';
import type { Candidate } from './candidate.ts';
import { isOpen } from './candidate.ts';
import type { CandidateFact, CandidateId } from './facts.ts';
import { summarise } from './summary.ts';

const unknown = () => refuse('candidate.unknown', 'There is no such candidate.');

/** A merge taken back, on the side that had ended. `members`: the signals it brought, as far as they are kept. */
export function unmerge(
  candidate: Candidate | null,
  want: { readonly from: Candidate | null; readonly members: readonly Signal[]; readonly reason: string },
  _asked: Asked,
): Decision<CandidateFact> {
  if (candidate === null || want.from === null) return unknown();
  if (candidate.state !== 'merged' || candidate.mergedInto !== want.from.id)
    return refuse(
      'candidate.cannot-undo',
      'This candidate is not merged into another one, so there is nothing to take back.',
    );
  if (!isOpen(want.from))
    return refuse('candidate.cannot-undo', `The candidate it went into is already ${want.from.state}.`);
  if (want.members.length === 0)
    return refuse('candidate.cannot-undo', 'None of the signals it brought is kept any more.');
  return [
    {
      type: 'candidate.unmerged',
      data: {
        candidate: candidate.id,
        from: want.from.id,
        summary: summarise(want.members),
        reason: want.reason,
      },
    },
  ];
}

/** The other side. `members`: what stays. */
export function release(
  candidate: Candidate | null,
  want: { readonly into: CandidateId; readonly members: readonly Signal[]; readonly reason: string },
  _asked: Asked,
): Decision<CandidateFact> {
  if (candidate === null) return unknown();
  if (!isOpen(candidate) || !candidate.absorbed.includes(want.into))
    return refuse('candidate.cannot-undo', 'This candidate holds nothing of the other one.');
  if (want.members.length === 0)
    return refuse('candidate.cannot-undo', 'Nothing of its own would be left. Dismiss one of the two instead.');
  return [
    {
      type: 'candidate.released',
      data: { candidate: candidate.id, into: want.into, left: summarise(want.members), reason: want.reason },
    },
  ];
}
