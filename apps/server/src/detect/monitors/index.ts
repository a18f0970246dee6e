import type { Slice } from '../../platform/index.ts';
import { monitorBoard } from './board.ts';
import { due, forgetting, look } from './look.ts';
import { routes } from './routes.ts';

/** What is said about the systems outside: public sources and status pages of vendors, asked politely. */
export const monitors: Slice = {
  name: 'monitors',
  routes,
  boards: [monitorBoard],
  watches: [due, forgetting],
  jobs: { 'monitor.look': look },
};

export { monitorsHeard, type Watched, watchedOutside } from './board.ts';
export { rehearseStatusPage } from './rehearse.ts';
