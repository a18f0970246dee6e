import type { Slice } from '../../platform/index.ts';
import { asking } from './ask.ts';
import { moderatorBoard } from './board.ts';
import { routes } from './routes.ts';
import { forgetting, reminding } from './watches.ts';

/** Moderation models of others, asked for a second opinion on what came in. Their silence is never taken for "clean". */
export const moderation: Slice = {
  name: 'moderation',
  routes,
  boards: [moderatorBoard],
  watches: [reminding, forgetting],
  jobs: { 'moderation.ask': asking },
};

export { moderatorsHeard } from './board.ts';
export { queueForModeration } from './queue.ts';
