export { PageCard } from './PageCard.tsx';
export { WhySignal } from './WhySignal.tsx';
