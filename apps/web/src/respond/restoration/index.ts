export { RestorationCard } from './RestorationCard.tsx';
