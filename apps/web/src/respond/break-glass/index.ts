export { GlassBanner } from './GlassBanner.tsx';
export { Waiting } from './Waiting.tsx';
