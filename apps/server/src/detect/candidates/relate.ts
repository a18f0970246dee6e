import {
  type Candidate,
  type CandidateId,
  foldCandidate,
  PARENT_WITHIN_MS,
  proposeParent,
  proposeParents,
} from '@firebreak/core/detect/candidates';
import { addMs, type Instant, isRefusal } from '@firebreak/core/kernel';
import { edgeOf } from '@firebreak/core/prepare/inventory';
import { actWithin, firebreakItself, type JobHandler, lockStreams, type Sql } from '../../platform/index.ts';
import { heldSystems } from '../../prepare/inventory/index.ts';
import { findCandidate } from './board.ts';

const COMPARED = 200;

/** Candidates that began about when one did. */
async function begunAbout(sql: Sql, at: Instant): Promise<Candidate[]> {
  const { rows } = await sql.query<{ data: Candidate }>(
    `select data from candidate_board where state in ('forming', 'coherent', 'paged', 'promoted')
       and data->'summary'->>'firstAt' between $1 and $2 order by changed_at desc limit ${COMPARED}`,
    [addMs(at, -PARENT_WITHIN_MS), addMs(at, PARENT_WITHIN_MS)],
  );
  return rows.map(({ data }) => data);
}

/** Proposes that a new candidate follows from one of a system it needs, or the other way round. A person decides. */
export const relating: JobHandler = {
  async within(tx, { candidate: id }: { readonly candidate: CandidateId }, deps) {
    const one = await findCandidate(tx, id);
    if (one === null) return;
    const others = (await begunAbout(tx, one.summary.firstAt)).filter(({ system }) => system !== one.system);
    if (others.length === 0) return;
    const edges = (await heldSystems(tx)).flatMap(({ key, dependencies }) =>
      dependencies.map((each) => edgeOf(key, each)),
    );
    const proposals = proposeParents(one, others, edges);
    await lockStreams(
      tx,
      deps,
      proposals.map(({ candidate }) => candidate),
    );
    for (const proposal of proposals) {
      const done = await actWithin(tx, deps, {
        stream: proposal.candidate,
        by: firebreakItself('candidates'),
        may: 'signal.raise',
        fold: foldCandidate,
        decide: (state) => proposeParent(state, proposal),
      });
      if (isRefusal(done)) throw new Error(`a parent was not proposed: ${done.why}`);
    }
  },
};
