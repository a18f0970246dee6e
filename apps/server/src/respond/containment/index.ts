import type { Deps, Slice } from '../../platform/index.ts';
import { controlBoard, holdBoard } from './boards.ts';
import { Confirmation } from './confirmation.ts';
import { ControlState } from './control-state.ts';
import { coverageRoutes } from './coverage-routes.ts';
import { guardRoutes } from './guard-routes.ts';
import { Hub } from './hub.ts';
import { ofrepRoutes } from './ofrep-routes.ts';
import { Roster } from './roster.ts';
import { routes } from './routes.ts';

const LOOK_MS = 1_000;
const TIDY_MS = 60_000;

interface Parts {
  readonly roster: Roster;
  readonly confirmation: Confirmation;
}
const open = new WeakMap<Deps, Parts>();

/** Controls, holds, and those who obey them: guards, gateways, OpenFeature clients. */
export const containment: Slice = {
  name: 'containment',
  boards: [holdBoard, controlBoard],
  async routes(app, deps) {
    const state = await ControlState.open(deps);
    const roster = new Roster(deps);
    await roster.open();
    const confirmation = new Confirmation(deps, state, roster);
    await confirmation.open();
    const hub = new Hub(deps, state, roster, confirmation);
    routes(app, deps, state, roster);
    coverageRoutes(app, deps, roster);
    guardRoutes(app, deps, state, roster, hub);
    ofrepRoutes(app, deps, state);
    hub.listenOn(app);
    app.addHook('onClose', () => roster.stop());
    open.set(deps, { roster, confirmation });
  },
  watches: [
    { name: 'containment', everyMs: LOOK_MS, look: async (deps) => open.get(deps)?.confirmation.look() },
    { name: 'guard roster', everyMs: TIDY_MS, look: async (deps) => open.get(deps)?.roster.tidy() },
  ],
};

export { systemsWithStop } from './coverage-routes.ts';
