export { KindOfFailure } from './KindOfFailure.tsx';
export { NameSystems } from './NameSystems.tsx';
export { useRoom } from './room-context.tsx';
