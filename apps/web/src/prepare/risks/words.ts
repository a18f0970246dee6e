import type { Treatment } from '@firebreak/core/prepare/risks';

export const LIKELIHOOD_WORDS = ['rare', 'unlikely', 'possible', 'likely', 'almost certain'] as const;
export const IMPACT_WORDS = ['negligible', 'minor', 'noticeable', 'serious', 'severe'] as const;
export const TREATMENT_WORDS: Readonly<Record<Treatment, string>> = {
  untreated: 'Nothing so far',
  avoid: 'Avoid: stop doing it',
  reduce: 'Reduce: a control',
  share: 'Share: insurer, vendor, contract',
  accept: 'Accept, until a date',
};
