import type { Slice } from '../../platform/index.ts';
import { similarBoard } from './board.ts';
import { routes } from './routes.ts';
import { shelvesOf } from './shelves.ts';

/** Own and public incidents that resemble another. */
export const similar: Slice = {
  name: 'similar',
  routes,
  boards: [similarBoard],
  // Read while nobody waits, so that the first question is answered as fast as the others.
  start: async (deps) => {
    const reading = shelvesOf(deps).catch((error) => {
      deps.log.warn({ err: error }, 'past incidents could not be read yet; the first question will try again');
    });
    return async () => void (await reading);
  },
  // Public reports name people.
  personal: { 'corpus.imported': ['reports'] },
};

export { wordsOf } from './asked.ts';
