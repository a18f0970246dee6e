export { SimilarCard } from './SimilarCard.tsx';
