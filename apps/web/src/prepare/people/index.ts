export { Once } from './Once.tsx';
