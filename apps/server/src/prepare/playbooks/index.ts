import type { Slice } from '../../platform/index.ts';
import { playbookBoard } from './board.ts';
import { routes } from './routes.ts';

/** What to do for each kind of failure in each kind of system, in versions. */
export const playbooks: Slice = { name: 'playbooks', routes, boards: [playbookBoard] };

export { listPlaybooks, playbookFor, readPlaybook } from './shelf.ts';
