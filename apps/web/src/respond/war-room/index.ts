export { useRoom } from './room-context.tsx';
