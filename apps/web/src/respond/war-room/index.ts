export { KindOfFailure } from './KindOfFailure.tsx';
export { useRoom } from './room-context.tsx';
