import { accumulation as doors } from '@firebreak/contract/respond/accumulation';
import { isRefusal, type Recorded, type Refusal, refuse } from '@firebreak/core/kernel';
import type { Axes, Axis } from '@firebreak/core/prepare/rubric';
import {
  acceptProposal,
  dismissProposal,
  foldProposals,
  PROPOSAL_FACTS,
  type Proposal,
  type ProposalId,
  streamOfSystem,
} from '@firebreak/core/respond/accumulation';
import {
  attachTo,
  declareIncident,
  foldIncident,
  gatherChildren,
  type Incident,
} from '@firebreak/core/respond/incidents';
import {
  act,
  actWithin,
  announce,
  type Board,
  type Caller,
  type Deps,
  loadStream,
  route,
  type Slice,
  type Sql,
} from '../../platform/index.ts';
import { currentRubric } from '../../prepare/rubric/index.ts';
import { findIncident, nextLabel } from '../incidents/index.ts';
import { followParents, followsParents } from './follow-parents.ts';
import { asksForWeighing, weighAll } from './weigh-all.ts';

const MOST = 200;

const board: Board = {
  name: 'parent proposals',
  tables: ['parent_proposal_board'],
  types: PROPOSAL_FACTS,
  async apply(tx, { stream }) {
    for (const proposal of foldProposals(await loadStream(tx, stream)).values())
      await tx.query(
        `insert into parent_proposal_board (id, system, state, proposed_at, data) values ($1, $2, $3, $4, $5::jsonb)
         on conflict (id) do update set state = excluded.state, data = excluded.data`,
        [proposal.id, proposal.system, proposal.state, proposal.proposedAt, JSON.stringify(proposal)],
      );
  },
};

async function listProposals(sql: Sql, all: boolean, incident: string | null): Promise<Proposal[]> {
  const { rows } = await sql.query<{ data: Proposal }>(
    `select data from parent_proposal_board where ($1 or state = 'open')
       and ($2::text is null or data->'children' @> jsonb_build_array(jsonb_build_object('incident', $2::text)))
     order by proposed_at desc, id desc limit ${MOST}`,
    [all, incident],
  );
  return rows.map((row) => row.data);
}

async function findProposal(sql: Sql, id: string): Promise<Proposal | Refusal> {
  const { rows } = await sql.query<{ data: Proposal }>('select data from parent_proposal_board where id = $1', [id]);
  return (
    rows[0]?.data ??
    refuse('proposal.unknown', `There is no proposal “${id}”. List them to see the ones that are open.`)
  );
}

const shown = (it: Proposal) => ({
  ...it,
  children: [...it.children],
  rules: [...it.rules],
  reasons: [...it.reasons],
});

/** The gravest answer to each question; unknown only where nobody answered it. */
function gravest(children: readonly Incident[], reach: number | null): Axes {
  const axes: Record<Axis, number | null> = {
    harm: null,
    reach: null,
    data: null,
    regulatory: null,
    autonomy: null,
    control: null,
  };
  for (const axis of Object.keys(axes) as Axis[]) {
    const answers = children.flatMap((each) => each.axes[axis] ?? []);
    axes[axis] = answers.length === 0 ? null : Math.max(...answers);
  }
  if (reach !== null) axes.reach = Math.max(axes.reach ?? 0, reach);
  return axes;
}

/** Rolls the transaction back because a rule said no. */
class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.why);
  }
}
function orRefused<T>(value: T | Refusal): T {
  if (isRefusal(value)) throw new Refused(value);
  return value as T;
}

/** The parent is declared and everybody is told of the others, in one transaction. */
async function accept(
  deps: Deps,
  by: Caller,
  found: Proposal,
  title: string,
): Promise<{ incident: Incident } | Refusal> {
  const parent = deps.mint('inc');
  const facts: Recorded[] = [];
  const within = async (tx: Sql): Promise<Incident> => {
    const step = async (done: ReturnType<typeof actWithin<unknown, never>>): Promise<unknown> => {
      const { facts: recorded, state } = orRefused(await done);
      facts.push(...recorded);
      return state;
    };
    await step(
      actWithin(tx, deps, {
        stream: streamOfSystem(found.system),
        by,
        may: 'incident.declare',
        fold: foldProposals,
        decide: (state) => acceptProposal(state, { proposal: found.id as ProposalId, parent }),
      }) as never,
    );
    const children = (await Promise.all(found.children.map(({ incident }) => loadStream(tx, incident)))).flatMap(
      (each) => foldIncident(each) ?? [],
    );
    const label = await nextLabel(tx, deps.now());
    const rubric = await currentRubric(tx);
    const want = {
      incident: parent,
      label,
      title,
      summary: found.reasons.join('; '),
      systems: [...new Set(children.flatMap(({ systems }) => systems))].slice(0, 50),
      candidate: null,
      axes: gravest(children, found.reach),
      archetype: found.archetype,
      drill: false,
    };
    const declare = (asked: Parameters<typeof declareIncident>[2], state: Incident | null) => {
      const called = declareIncident(state, { ...want, severity: found.severity }, asked, rubric);
      // Answers that call for more than the proposal win: a parent is never milder than its answers.
      return isRefusal(called) ? declareIncident(state, want, asked, rubric) : called;
    };
    await step(
      actWithin(tx, deps, {
        stream: parent,
        by,
        may: 'incident.declare',
        fold: foldIncident,
        decide: (state, asked) => declare(asked, state),
      }) as never,
    );
    const kin = found.children.map(({ incident, label: name }) => ({ incident, label: name }));
    const gathered = await step(
      actWithin(tx, deps, {
        stream: parent,
        by,
        may: 'incident.declare',
        fold: foldIncident,
        decide: (state) => gatherChildren(state, { children: kin, because: found.reasons[0] ?? '' }),
      }) as never,
    );
    for (const { incident } of [...kin].sort((a, b) => (a.incident < b.incident ? -1 : 1)))
      await step(
        actWithin(tx, deps, {
          stream: incident,
          by,
          may: 'incident.declare',
          fold: foldIncident,
          decide: (state) => attachTo(state, { incident: parent, label }),
        }) as never,
      );
    return gathered as Incident;
  };
  try {
    const incident = await deps.db.transaction(within);
    await announce(deps, facts);
    return { incident };
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

/** Small incidents that together are a graver one: proposed with reasons, decided by a person. */
export const accumulation: Slice = {
  name: 'accumulation',
  boards: [board],
  jobs: { 'accumulation.weigh': weighAll, 'accumulation.follow': followParents },
  effectsOf: (fact) => [...asksForWeighing(fact), ...followsParents(fact)],
  routes(app, deps) {
    route(app, doors.list, async ({ query }) => {
      const incident = query.incident === undefined ? null : await findIncident(deps.db, query.incident);
      if (query.incident !== undefined && incident === null)
        return refuse('incident.unknown', `There is no incident “${query.incident}”. Check the id or the label.`);
      return { proposals: (await listProposals(deps.db, query.show === 'all', incident)).map(shown) };
    });
    route(app, doors.accept, async ({ params, body, caller }) => {
      const found = await findProposal(deps.db, params.proposal);
      if (isRefusal(found)) return found;
      const done = await accept(deps, caller, found, body.title);
      if (isRefusal(done)) return done;
      const { incident } = done;
      return {
        incident: {
          ...incident,
          systems: [...incident.systems],
          rules: [...incident.rules],
          also: [...incident.also],
          children: [...incident.children],
        },
      };
    });
    route(app, doors.dismiss, async ({ params, body, caller }) => {
      const found = await findProposal(deps.db, params.proposal);
      if (isRefusal(found)) return found;
      const done = await act(deps, {
        stream: streamOfSystem(found.system),
        by: caller,
        may: 'incident.lead',
        fold: foldProposals,
        decide: (state) => dismissProposal(state, { proposal: found.id, ...body }),
      });
      return isRefusal(done) ? done : { proposal: shown(done.state.get(found.id)!) };
    });
  },
};
