export { PullNeeds, usePullNeeds } from './PullNeeds.tsx';
export { RightsMatrix } from './RightsMatrix.tsx';
