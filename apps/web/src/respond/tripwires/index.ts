export { Tripwires } from './Tripwires.tsx';
