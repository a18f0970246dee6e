import type { Decision } from '../../kernel/index.ts';
import { refuse } from '../../kernel/index.ts';
import type { Signal } from '../signals/index.ts';
import { type Candidate, isGoingOn } from './candidate.ts';
import type { CandidateFact, LateDecision } from './facts.ts';
import { summarise } from './summary.ts';

/** How long after an incident was closed reports about it are taken as late ones. */
export const LATE_FOR_MS = 90 * 86_400_000;

export function reportLate(
  candidate: Candidate | null,
  want: { readonly members: readonly Signal[]; readonly reasons: readonly string[] },
): Decision<CandidateFact> {
  if (candidate === null || want.members.length === 0) return [];
  if (candidate.state !== 'closed' && !isGoingOn(candidate)) return [];
  return [
    {
      type: 'candidate.reported-late',
      data: { candidate: candidate.id, added: summarise(want.members), reasons: want.reasons.slice(0, 4) },
    },
  ];
}

export function decideLate(
  candidate: Candidate | null,
  want: { readonly as: LateDecision; readonly reason: string },
): Decision<CandidateFact> {
  if (candidate === null) return refuse('candidate.unknown', 'There is no such candidate.');
  if (candidate.late === null)
    return refuse(
      'candidate.no-late-reports',
      'Nothing came late: nobody told of this after its incident was closed, and it was not seen again.',
    );
  if (candidate.late.decided?.as === want.as) return [];
  return [{ type: 'candidate.late-decided', data: { candidate: candidate.id, ...want } }];
}
