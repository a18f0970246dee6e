export { LadderCard } from './LadderCard.tsx';
