import type { Slice } from '../../platform/index.ts';
import { similarBoard } from './board.ts';
import { routes } from './routes.ts';

/** Own and public incidents that resemble another. */
export const similar: Slice = {
  name: 'similar',
  routes,
  boards: [similarBoard],
  // Public reports name people.
  personal: { 'corpus.imported': ['reports'] },
};

export { wordsOf } from './asked.ts';
export { findSimilar } from './routes.ts';
