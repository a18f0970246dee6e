import type { Instant } from '../../kernel/index.ts';
import type { VendorQuestion } from './questions.ts';
import { DUTIES, type Duty, type Vendor } from './vendor.ts';

export type VendorGap =
  | { readonly kind: 'no-contact' }
  /** Contacts are there, and none of them has agreed to answer in a given time. */
  | { readonly kind: 'no-answer-time' }
  | { readonly kind: 'duty'; readonly duty: Duty; readonly why: 'nobody' | 'unsaid' }
  | { readonly kind: 'unanswered'; readonly question: string }
  | { readonly kind: 'not-enough'; readonly question: string }
  | { readonly kind: 'stale'; readonly question: string };

/** What would fail on the day: nobody to call, a duty that is nobody's, a question without a good and fresh answer. */
export function vendorGaps(vendor: Vendor, questions: readonly VendorQuestion[], now: Instant): VendorGap[] {
  const today = now.slice(0, 10);
  const contacts = vendor.contacts ?? [];
  const who = new Map(vendor.responsibilities.map((each) => [each.duty, each.who]));
  const answers = new Map(vendor.answers.map((each) => [each.question, each]));
  return [
    ...(contacts.length === 0 ? [{ kind: 'no-contact' as const }] : []),
    ...(contacts.length > 0 && contacts.every(({ answerMinutes }) => answerMinutes === null)
      ? [{ kind: 'no-answer-time' as const }]
      : []),
    ...DUTIES.flatMap((duty): VendorGap[] => {
      const does = who.get(duty);
      if (does !== undefined && does !== 'nobody') return [];
      return [{ kind: 'duty', duty, why: does === undefined ? 'unsaid' : 'nobody' }];
    }),
    ...questions.flatMap(({ id: question }): VendorGap[] => {
      const answer = answers.get(question);
      if (answer === undefined) return [{ kind: 'unanswered', question }];
      if (answer.reviewBy !== null && answer.reviewBy < today) return [{ kind: 'stale', question }];
      return answer.enough === 'no' ? [{ kind: 'not-enough', question }] : [];
    }),
  ];
}
