import type { VerdictAction } from '@firebreak/core/detect/signals';

export const VERDICT_WORDS: Readonly<Record<VerdictAction, string>> = {
  allow: 'allowed',
  reroute: 'served differently by a hold',
  limit: 'counted by a hold',
  review: 'waited for a person',
  deny: 'refused by a hold',
};
