import type { Slice } from '../../platform/index.ts';
import { reviewBoard } from './board.ts';
import { promiseWatch } from './promise.ts';
import { type IncidentLabel, routesWith } from './routes.ts';

/** What people say about the systems is looked at by people, in the time that was promised. */
export const reviewsWith = (incidentLabel: IncidentLabel): Slice => ({
  name: 'reviews',
  routes: routesWith(incidentLabel),
  boards: [reviewBoard],
  watches: [promiseWatch],
  personal: { 'review.decided': ['reason'] },
});

export { promisesOf } from './board.ts';
