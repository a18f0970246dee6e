import type { Agreement, SupplierNotice } from '@firebreak/contract/detect/oversight';

export const NOTICE_WORDS: Readonly<Record<SupplierNotice['kind'], string>> = {
  deprecation: 'End of a model or service',
  behaviour: 'Changed behaviour',
  terms: 'Changed terms',
  logging: 'Changed logging',
  'safety-settings': 'Changed safety settings',
};

const SIGNAL_WORDS: Readonly<Record<string, string>> = {
  'unapproved-model': 'Model not agreed',
  'review-bypassed': 'Review bypassed',
  'logging-missing': 'Record missing',
  'telemetry-missing': 'Nothing recorded',
  'telemetry-thin': 'Part not recorded',
  'supplier-model-changed': 'Supplier changed a model',
  'supplier-route-changed': 'Served by another supplier',
};
export const breachWord = (kind: string): string => SIGNAL_WORDS[kind] ?? 'Notice of a supplier';

/** What was agreed, in one line. */
export function termsText({ models, deployed, reviewed, content, perDay }: Agreement): string {
  const may =
    models !== null
      ? models.length === 0
        ? 'no model may answer'
        : `may answer: ${models.join(', ')}`
      : deployed.length > 0
        ? `may answer, by its deployments: ${deployed.join(', ')}`
        : 'nobody said which models may answer';
  return [
    may,
    ...reviewed.map(({ feature, withinMinutes }) => `a person looks at ${feature} within ${withinMinutes} min`),
    ...(content ? ['answers have to be captured'] : []),
    ...(perDay === null ? [] : [`at least ${perDay.toLocaleString('en')} interactions a day`]),
  ].join(' · ');
}

/** `refunds 30, letters 120` as what it means; null where a part cannot be read. */
export function reviewedIn(text: string): { feature: string; withinMinutes: number }[] | null {
  const parts = text.split(/[,;\n]/).flatMap((part) => part.trim() || []);
  const read = parts.flatMap((part) => {
    const [, feature, minutes] = /^(\S+)\s+(\d{1,5})$/.exec(part) ?? [];
    return feature === undefined ? [] : [{ feature, withinMinutes: Number(minutes) }];
  });
  return read.length === parts.length ? read : null;
}
