export { Family } from './Family.tsx';
export { ParentProposals } from './ParentProposals.tsx';
