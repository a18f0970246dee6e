export { HoldCard } from './HoldCard.tsx';
export { Levers } from './Levers.tsx';
export { telemetryWords } from './telemetry-words.ts';
