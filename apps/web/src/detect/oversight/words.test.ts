import { expect, it } from 'vitest';
import { breachWord, reviewedIn, termsText } from './words.ts';

it('says what was agreed', () => {
  const none = { models: null, deployed: [], reviewed: [], content: false, perDay: null };
  expect(termsText(none as never)).toBe('nobody said which models may answer');
  expect(termsText({ ...none, models: [] } as never)).toBe('no model may answer');
  const reviewed = [{ feature: 'refunds', withinMinutes: 30 }];
  expect(termsText({ ...none, deployed: ['m-4'], reviewed, content: true, perDay: 1_000 } as never)).toBe(
    'may answer, by its deployments: m-4 · a person looks at refunds within 30 min · answers have to be captured · at least 1,000 interactions a day',
  );
  expect(reviewedIn('refunds 30, letters 120')).toEqual([
    { feature: 'refunds', withinMinutes: 30 },
    { feature: 'letters', withinMinutes: 120 },
  ]);
  expect(reviewedIn('refunds')).toBeNull();
  expect(reviewedIn('')).toEqual([]);
  expect(breachWord('supplier-terms')).toBe('Notice of a supplier');
});
