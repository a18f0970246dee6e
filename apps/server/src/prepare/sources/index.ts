import { isRefusal } from '@firebreak/core/kernel';
import type { Slice } from '../../platform/index.ts';
import { admitHook } from './admit.ts';
import { sourceBoard } from './board.ts';
import { forgetting, isFirst, recordDelivery } from './deliveries.ts';
import { routes } from './routes.ts';

/** Where webhooks of other products come from: their keys, their signatures, what they sent lately. */
export const sources: Slice = {
  name: 'sources',
  routes,
  boards: [sourceBoard],
  watches: [forgetting],
  async admits(delivery, deps) {
    const admitted = await admitHook(deps, delivery);
    if (isRefusal(admitted)) return admitted;
    const { caller, source, digest } = admitted;
    // The keys of changes make a second delivery harmless; it is only told here.
    if (source !== null && (digest === null || (await isFirst(deps.db, deps, source.id, digest))))
      await recordDelivery(deps.db, deps, source.id, {
        outcome: 'accepted',
        why: 'read as a change',
        signals: [],
        bytes: delivery.body.length,
      });
    return { caller, system: source?.system ?? null };
  },
};

export type { Admitted, Hook } from './admit.ts';
export { admitHook } from './admit.ts';
export { sourcesHeard } from './board.ts';
export { isFirst, recordDelivery } from './deliveries.ts';
export { mappingFault, runMapping } from './mapping.ts';
