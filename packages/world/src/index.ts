export type { ServerProcess } from './process.ts';
export { freePort, startServer } from './process.ts';
export { home } from './template.ts';
export type { Someone, World, WorldOptions } from './world.ts';
export { openWorld } from './world.ts';
