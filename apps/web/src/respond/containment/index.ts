export { WhatEnds } from './HeldBeside.tsx';
export { HoldCard } from './HoldCard.tsx';
export { acknowledgedTruth, missingWords } from './hold-words.ts';
export { Levers } from './Levers.tsx';
export { PreviewNote } from './PreviewNote.tsx';
export { ReachChanged } from './ReachChanged.tsx';
export { telemetryWords } from './telemetry-words.ts';
