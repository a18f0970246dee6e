export type { Accumulation, AccumulationRule, Counted } from './accumulate.ts';
export { ACCUMULATION_RULES, accumulations, reachOfPeople, WINDOW_MS } from './accumulate.ts';
export type { Proposal, ProposalFact, ProposalId, ProposalState, Proposals } from './proposals.ts';
export {
  acceptProposal,
  dismissProposal,
  foldProposals,
  PROPOSAL_FACTS,
  PROPOSAL_STATES,
  streamOfSystem,
  weigh,
} from './proposals.ts';
