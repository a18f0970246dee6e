export { type Needs, PullNeeds, usePullNeeds } from './PullNeeds.tsx';
export { RightsMatrix } from './RightsMatrix.tsx';
