import {
  type Actor,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import type { IncidentId } from '../incidents/index.ts';
import type { Accumulation } from './accumulate.ts';

export type ProposalId = Id<'prp'>;

/** On one stream for each system. */
export type ProposalFact =
  | Fact<'parent.proposed', { readonly proposal: ProposalId; readonly instead: ProposalId | null } & Accumulation>
  | Fact<'parent.withdrawn', { readonly proposal: ProposalId; readonly why: string }>
  | Fact<'parent.dismissed', { readonly proposal: ProposalId; readonly reason: string }>
  | Fact<'parent.accepted', { readonly proposal: ProposalId; readonly parent: IncidentId }>;

export const PROPOSAL_FACTS = [
  'parent.proposed',
  'parent.withdrawn',
  'parent.dismissed',
  'parent.accepted',
] as const satisfies readonly ProposalFact['type'][];

export const PROPOSAL_STATES = ['open', 'replaced', 'withdrawn', 'dismissed', 'accepted'] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** A proposal to put a parent over some incidents. A person accepts it or says why not. */
export interface Proposal extends Accumulation {
  readonly id: ProposalId;
  readonly state: ProposalState;
  readonly proposedAt: Instant;
  readonly ended: { readonly at: Instant; readonly by: Actor; readonly reason: string } | null;
  readonly parent: IncidentId | null;
}

export type Proposals = ReadonlyMap<ProposalId, Proposal>;

export const streamOfSystem = (system: string): string => `accumulation/${system}`;

export function foldProposals(facts: readonly Recorded[]): Proposals {
  const all = new Map<ProposalId, Proposal>();
  const end = (
    fact: Recorded,
    id: ProposalId,
    state: ProposalState,
    reason: string,
    parent: IncidentId | null = null,
  ) => {
    const held = all.get(id);
    if (held !== undefined) all.set(id, { ...held, state, parent, ended: { at: fact.at, by: fact.by, reason } });
  };
  for (const fact of ofTypes<ProposalFact>(facts, PROPOSAL_FACTS)) {
    if (fact.type === 'parent.proposed') {
      const { proposal: id, instead, ...found } = fact.data;
      if (instead !== null) end(fact, instead, 'replaced', 'more incidents belong to it now');
      all.set(id, { ...found, id, state: 'open', proposedAt: fact.at, ended: null, parent: null });
    } else if (fact.type === 'parent.withdrawn') end(fact, fact.data.proposal, 'withdrawn', fact.data.why);
    else if (fact.type === 'parent.dismissed') end(fact, fact.data.proposal, 'dismissed', fact.data.reason);
    else end(fact, fact.data.proposal, 'accepted', 'a parent was declared', fact.data.parent);
  }
  return all;
}

const membersOf = ({ children }: Pick<Accumulation, 'children'>): Set<string> =>
  new Set(children.map(({ incident }) => incident));
const within = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean => [...some].every((id) => all.has(id));
const alike = (a: Accumulation, b: Accumulation): boolean => a.archetype === b.archetype && a.control === b.control;

/**
 * What is new in what was found for a system: a proposal for what nobody has seen, one instead of another where it grew,
 * and nothing where a person said no to the same incidents. Open ones that hold no longer are withdrawn. `ids` are given
 * out in order, one for each of `found`.
 */
export function weigh(
  state: Proposals,
  found: readonly Accumulation[],
  ids: readonly ProposalId[],
): Decision<ProposalFact> {
  const facts: ProposalFact[] = [];
  const kept = new Set<ProposalId>();
  found.forEach((each, i) => {
    const members = membersOf(each);
    const held = [...state.values()].filter((other) => alike(other, each));
    const refused = held.some((other) => other.state === 'dismissed' && within(members, membersOf(other)));
    if (refused) return;
    const open = held.filter((other) => other.state === 'open');
    const same = open.find((other) => within(members, membersOf(other)) && within(membersOf(other), members));
    if (same !== undefined) {
      kept.add(same.id);
      if (same.severity === each.severity && same.rules.join() === each.rules.join()) return;
    }
    const old = same ?? open.find((other) => [...membersOf(other)].some((id) => members.has(id)));
    if (old !== undefined) kept.add(old.id);
    facts.push({ type: 'parent.proposed', data: { proposal: ids[i]!, instead: old?.id ?? null, ...each } });
  });
  for (const other of state.values())
    if (other.state === 'open' && !kept.has(other.id))
      facts.push({
        type: 'parent.withdrawn',
        data: {
          proposal: other.id,
          why: 'the incidents no longer add up: they are too few, too old, or filed otherwise',
        },
      });
  return facts;
}

const unknown = () => refuse('proposal.unknown', 'There is no such proposal. List them to see the ones that are open.');
const ended = ({ state }: Proposal) =>
  refuse('proposal.ended', `This proposal is already ${state}. Nothing more can be decided about it.`);

export function dismissProposal(
  state: Proposals,
  want: { readonly proposal: ProposalId; readonly reason: string },
): Decision<ProposalFact> {
  const held = state.get(want.proposal);
  if (held === undefined) return unknown();
  if (held.state === 'dismissed') return [];
  if (held.state !== 'open') return ended(held);
  return [{ type: 'parent.dismissed', data: want }];
}

export function acceptProposal(
  state: Proposals,
  want: { readonly proposal: ProposalId; readonly parent: IncidentId },
): Decision<ProposalFact> {
  const held = state.get(want.proposal);
  if (held === undefined) return unknown();
  if (held.state !== 'open') return ended(held);
  return [{ type: 'parent.accepted', data: want }];
}
