export { GlassBanner } from './GlassBanner.tsx';
export { GlassButton } from './GlassButton.tsx';
