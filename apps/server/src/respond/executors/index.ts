import type { Slice } from '../../platform/index.ts';
import { executorBoard } from './board.ts';
import { routes } from './routes.ts';
import { goes, onBound, onHold, onOver, remind, take, tellGivenUp, work, workAfter } from './work.ts';

/** Change somebody else's switch when a hold comes into force, and set it back when the last one is let go. */
export const executors: Slice = {
  name: 'executors',
  routes,
  boards: [executorBoard],
  jobs: {
    'executors.hold': onHold,
    'executors.take': take,
    'executors.over': onOver,
    'executors.let-go': goes,
    'executors.bound': onBound,
    'executors.work': work,
    'executors.escalate': tellGivenUp,
  },
  effectsOf: workAfter,
  watches: [remind],
};

export { controlsFollowed } from './board.ts';
