import { type Candidate, earlyReading } from '@firebreak/core/detect/candidates';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { declareIncident, foldIncident, type IncidentId } from '@firebreak/core/respond/incidents';
import { act, type Caller, type Deps } from '../../platform/index.ts';
import { currentRubric } from '../../prepare/rubric/index.ts';
import { incidentOfCandidate, nextLabel } from './board.ts';

/** The incident of a candidate: the one there is, else one that is declared from it as it reads now. */
export async function incidentFrom(
  deps: Deps,
  by: Caller,
  candidate: Candidate,
  summary: string,
): Promise<IncidentId | Refusal> {
  const there = candidate.incident ?? (await incidentOfCandidate(deps.db, candidate.id));
  if (there !== null) return there;
  const incident = deps.mint('inc');
  const done = await act(deps, {
    stream: incident,
    by,
    may: 'incident.declare',
    fold: foldIncident,
    given: async (tx) => ({
      label: await nextLabel(tx, deps.now()),
      rubric: await currentRubric(tx),
      already: await incidentOfCandidate(tx, candidate.id),
    }),
    decide: (state, asked, { label, rubric, already }) =>
      already !== null
        ? refuse('candidate.ended', `An incident was already declared from this candidate: ${already}.`)
        : declareIncident(
            state,
            {
              incident,
              label,
              title: candidate.title,
              summary,
              systems: [candidate.system],
              candidate: candidate.id,
              axes: earlyReading(candidate, rubric.table).axes,
              drill: false,
              detectedAt: candidate.openedAt,
            },
            asked,
            rubric,
          ),
  });
  if (!isRefusal(done)) return incident;
  // Somebody else was quicker by a moment.
  return (await incidentOfCandidate(deps.db, candidate.id)) ?? done;
}
