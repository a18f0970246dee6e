import { exceptionState, isReviewDue, uncovered } from '@firebreak/core/prepare/policies';
import type { Deps } from '../../platform/index.ts';
import { heldSystems } from '../inventory/index.ts';
import { countExceptions, type StoredException, type StoredPolicy } from './board.ts';

const MOST_NAMED = 200;

/** Policies as answers carry them. */
export async function showPolicies(deps: Deps, stored: readonly StoredPolicy[]) {
  const now = deps.now();
  const counts = await countExceptions(deps.db, now);
  const everySystem = stored.some(({ systems }) => systems.length === 0)
    ? (await heldSystems(deps.db)).filter(({ retired }) => !retired).map(({ key }) => key)
    : [];
  return stored.map((policy) => {
    const open = uncovered(policy.means, policy.systems.length > 0 ? policy.systems : everySystem);
    return {
      ...policy,
      systems: [...policy.systems],
      references: [...policy.references],
      means: [...policy.means],
      because: [...policy.because],
      reviewDue: isReviewDue(policy, now),
      uncovered: open.slice(0, MOST_NAMED),
      uncoveredCount: open.length,
      exceptions: counts.get(policy.id) ?? { asked: 0, inForce: 0, lapsed: 0 },
    };
  });
}

export const showException = (deps: Deps, it: StoredException & { readonly policyTitle: string }) => ({
  ...it,
  policy: it.policy as `pol_${string}`,
  state: exceptionState(it, deps.now()),
  renewed: [...it.renewed],
});
