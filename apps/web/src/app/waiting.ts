import { candidates } from '@firebreak/contract/detect/candidates';
import { reviews } from '@firebreak/contract/detect/reviews';
import { heldAnswers } from '@firebreak/contract/respond/held-answers';
import { incidents } from '@firebreak/contract/respond/incidents';
import { useAsk } from './ask.ts';

export const OPEN_INCIDENTS = { query: { state: 'active' as const, limit: 50 } };
export const OPEN_CANDIDATES = { query: { state: 'open' as const, limit: 50 } };

/** How much waits for somebody. */
export function useWaiting(): {
  readonly candidates: number;
  readonly incidents: number;
  /** Feedback whose promised time has passed. */
  readonly lateReviews: number;
  /** Answers and calls that wait for a person: somebody is served by none of them. */
  readonly held: number;
} {
  const open = useAsk(incidents.list, OPEN_INCIDENTS, { every: 60_000 });
  const waiting = useAsk(candidates.listCandidates, OPEN_CANDIDATES, { every: 60_000 });
  const queue = useAsk(reviews.figures, {}, { every: 60_000 });
  const held = useAsk(heldAnswers.list, { query: { limit: 1 } }, { every: 60_000 });
  return {
    candidates: waiting.data?.open ?? 0,
    incidents: open.data?.incidents.length ?? 0,
    lateReviews: queue.data?.overdue ?? 0,
    held: held.data?.waiting ?? 0,
  };
}

interface Pageable {
  readonly pages: readonly unknown[];
  readonly acknowledged: unknown;
}
export const isUnanswered = (it: Pageable): boolean => it.pages.length > 0 && it.acknowledged === null;

/** Candidates somebody was paged about and nobody looks at. */
export function useUnanswered() {
  return useAsk(candidates.listCandidates, OPEN_CANDIDATES, { every: 60_000 }).data?.items.filter(isUnanswered) ?? [];
}
