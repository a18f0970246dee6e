import { addMs, isRefusal, type Recorded } from '@firebreak/core/kernel';
import {
  accumulations,
  type Counted,
  foldProposals,
  type ProposalId,
  streamOfSystem,
  WINDOW_MS,
  weigh,
} from '@firebreak/core/respond/accumulation';
import { actWithin, firebreakItself, type JobHandler, type Sql } from '../../platform/index.ts';
import { mildSince } from '../incidents/index.ts';
import { count } from './count.ts';

const MOST_INCIDENTS = 300;
/** Signals join a story for an hour; its people are counted anew at most this often. */
const AGAIN_MS = 60_000;

async function systemsInQuestion(tx: Sql): Promise<string[]> {
  const { rows } = await tx.query<{ system: string }>(
    "select distinct system from parent_proposal_board where state = 'open' limit 1000",
  );
  return rows.map(({ system }) => system);
}

/**
 * Looks at the mild incidents of the last fortnight and records what is new about them. In the transaction that removes
 * the job, so that what happens meanwhile asks for another look.
 */
export const weighAll: JobHandler = {
  async within(tx, _payload: unknown, deps) {
    const now = deps.now();
    const counted: Counted[] = [];
    for (const id of await mildSince(tx, addMs(now, -WINDOW_MS), MOST_INCIDENTS)) {
      const one = await count(tx, id);
      if (one !== null) counted.push(one);
    }
    const found = accumulations(counted, now);
    const systems = new Set([...found.map(({ system }) => system), ...(await systemsInQuestion(tx))]);
    for (const system of [...systems].sort()) {
      const here = found.filter((each) => each.system === system);
      const done = await actWithin(tx, deps, {
        stream: streamOfSystem(system),
        by: firebreakItself('accumulation'),
        may: 'incident.declare',
        fold: foldProposals,
        decide: (state) =>
          weigh(
            state,
            here,
            here.map(() => deps.mint('prp') as ProposalId),
          ),
      });
      if (isRefusal(done)) throw new Error(`a proposal was refused: ${done.why}`);
    }
  },
};

/** Facts after which small incidents may add up otherwise than before. */
export function asksForWeighing({ type }: Recorded) {
  switch (type) {
    case 'incident.declared':
    case 'incident.refiled':
    case 'incident.systems-named':
    case 'severity.called':
    case 'archetype.called':
    case 'playbook.opened':
      return [{ kind: 'accumulation.weigh', payload: {}, once: 'accumulation' }];
    // Not at once: nothing may stand between an order and those who obey it.
    case 'containment.ordered':
    case 'candidate.joined':
    case 'candidate.absorbed':
      return [{ kind: 'accumulation.weigh', payload: {}, once: 'accumulation-later', afterMs: AGAIN_MS }];
    default:
      return [];
  }
}
