import type { Slice } from '../../platform/index.ts';
import { executorBoard } from './board.ts';
import { rehearsalsAfter, rehearseAll, rehearseOne } from './rehearse.ts';
import { routes } from './routes.ts';
import { goes, onBound, onHold, onOver, remind, take, tellGivenUp, watch, work, workAfter } from './work.ts';

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
    'executors.glance': watch,
    'executors.rehearse-all': rehearseAll,
    'executors.rehearse': rehearseOne,
    'executors.escalate': tellGivenUp,
  },
  effectsOf: (fact) => [...workAfter(fact), ...rehearsalsAfter(fact)],
  watches: [remind],
};

export { controlsFollowed } from './board.ts';
