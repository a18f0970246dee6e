export { openServer } from './platform/index.ts';
export { slices } from './slices.ts';
