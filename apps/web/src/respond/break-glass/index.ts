export { GlassBanner } from './GlassBanner.tsx';
export { GlassButton } from './GlassButton.tsx';
export { Waiting } from './Waiting.tsx';
