export { Transmitters } from './Transmitters.tsx';
