import type { Slice } from '../../platform/index.ts';
import { systemBoard } from './board.ts';
import { changeRoutes } from './change-routes.ts';
import { partRoutes } from './part-routes.ts';
import { routes } from './routes.ts';

/** AI systems: what they are, what runs, what changed. */
export const inventory: Slice = {
  name: 'inventory',
  async routes(app, deps) {
    routes(app, deps);
    partRoutes(app, deps);
    await changeRoutes(app, deps);
  },
  boards: [systemBoard],
  // Words people wrote, and texts that may quote people: in the log as salted digests.
  personal: {
    'approval.given': ['approvedBy'],
    'approval.withdrawn': ['reason'],
    'change.recorded': ['text', 'diff', 'note'],
  },
};

export {
  budgetsOf,
  dependencyEdges,
  dependencyFlows,
  heldSystems,
  modelsDeployed,
  registeredAmong,
  systemFeatures,
  systemIdOf,
  systemNames,
  toolsGranted,
  toolsOf,
} from './board.ts';
export { recordPromptVersion } from './change-routes.ts';
export { readSystem } from './change-system.ts';
export { type ReportedChange, recordOneWithin } from './record-changes.ts';
