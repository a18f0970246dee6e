import type { Candidate, CandidateId } from '@firebreak/core/detect/candidates';
import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import { attachTo, foldIncident, gatherChildren } from '@firebreak/core/respond/incidents';
import { childrenOf, findCandidate } from '../../detect/candidates/index.ts';
import { actWithin, type Deps, type Effect, firebreakItself, type JobHandler, type Sql } from '../../platform/index.ts';
import { labelsOf } from '../incidents/index.ts';

/** A person accepted what a candidate follows from, or one of the two became an incident. */
export const followsParents = ({ type, data }: Recorded): Effect[] => {
  const said = data as { readonly candidate?: unknown };
  return type === 'candidate.promoted' || type === 'candidate.parent-decided'
    ? [{ kind: 'accumulation.follow', payload: { candidate: said.candidate } }]
    : [];
};

const accepts = (child: Candidate): CandidateId | null =>
  child.parent?.decided?.accepted === true ? child.parent.candidate : null;

/** Makes the incident of one candidate a part of that of the other, where it is a part of none yet. */
async function attach(tx: Sql, deps: Deps, child: Candidate, parent: Candidate): Promise<void> {
  const [part, whole] = [child.incident, parent.incident];
  if (part === null || whole === null || part === whole) return;
  const labels = await labelsOf(tx, [part, whole]);
  const as = { by: firebreakItself('accumulation'), may: 'incident.declare', fold: foldIncident } as const;
  const attached = await actWithin(tx, deps, {
    ...as,
    stream: part,
    decide: (state) => attachTo(state, { incident: whole, label: labels.get(whole) ?? whole }),
  });
  // It is a part of another already: what a person said of incidents stands above what was said of candidates.
  if (isRefusal(attached)) return;
  await actWithin(tx, deps, {
    ...as,
    stream: whole,
    decide: (state) =>
      gatherChildren(state, {
        children: [{ incident: part, label: labels.get(part) ?? part }],
        because: child.parent?.because ?? '',
      }),
  });
}

/** What was accepted of candidates holds for their incidents, whichever of them was declared first. */
export const followParents: JobHandler = {
  async within(tx, { candidate: id }: { readonly candidate: CandidateId }, deps) {
    const held = await findCandidate(tx, id);
    if (held === null) return;
    const above = accepts(held);
    const parent = above === null ? null : await findCandidate(tx, above);
    if (parent !== null) await attach(tx, deps, held, parent);
    for (const child of await childrenOf(tx, id)) if (accepts(child) === id) await attach(tx, deps, child, held);
  },
};
