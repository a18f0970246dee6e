import type { Slice } from '../../platform/index.ts';
import { systemBoard } from './board.ts';
import { routes } from './routes.ts';

/** AI systems: what they are, what runs, what changed. */
export const inventory: Slice = { name: 'inventory', routes, boards: [systemBoard] };

export { readSystem } from './routes.ts';
