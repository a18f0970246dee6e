import type { Slice } from '../../platform/index.ts';
import { collapsing } from './collapse.ts';
import { keeping } from './keeping.ts';
import { watching } from './look.ts';
import { routes } from './routes.ts';
import { usualWatches } from './usual.ts';
import { watchBoard } from './watch-board.ts';
import { watchRoutes } from './watch-routes.ts';

/** Numbers over time: counted from what comes in, from OpenTelemetry metrics, from business. Rows with retention. */
export const measures: Slice = {
  name: 'measures',
  async routes(app, deps) {
    await routes(app, deps);
    watchRoutes(app, deps);
  },
  boards: [watchBoard],
  watches: [collapsing, usualWatches, watching, keeping],
};

export { countSeen } from './counting.ts';
export { rehearseErrors } from './rehearse.ts';
export { measuresHeard } from './watch-board.ts';
