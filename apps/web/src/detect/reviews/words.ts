import type { DecidedReview, ReviewFigures, ReviewItem } from '@firebreak/contract/detect/reviews';
import { span } from '../../ui/durations.ts';
import type { Tone } from '../../ui/Marks.tsx';

export const DECISION_WORDS: Readonly<Record<DecidedReview['as'], string>> = {
  'nothing-wrong': 'Nothing wrong',
  confirmed: 'Confirmed',
  incident: 'An incident',
  answered: 'Answered',
};
export const DECISION_HINTS: Readonly<Record<DecidedReview['as'], string>> = {
  'nothing-wrong': 'The answer was right, or this says nothing about the system.',
  confirmed: 'Something is wrong. It becomes a strong signal, and joins or opens a candidate.',
  incident: 'It is declared as one, or belongs to one that is open.',
  answered: 'Whoever asked was helped; nothing about the system is to be done.',
};

export const URGENCY_WORDS: Readonly<Record<ReviewItem['urgency'], string>> = {
  danger: 'somebody may be harmed',
  ticket: 'ticket',
  said: 'said something',
  bare: 'thumb only',
};
export const URGENCY_TONES: Readonly<Record<ReviewItem['urgency'], Tone>> = {
  danger: 'ember',
  ticket: 'amber',
  said: 'plain',
  bare: 'plain',
};

const KINDS: Readonly<Record<ReviewItem['feedback']['kind'], string>> = {
  'thumbs-up': 'A thumb up',
  'thumbs-down': 'A thumb down, without a word',
  abuse: 'Reported as abuse, without a word',
  comment: 'A comment without a text',
  ticket: 'A ticket without a text',
  'outside-report': 'A report without a text',
};
/** What somebody said, or that they said nothing. */
export const saysOf = ({ text, kind }: Pick<ReviewItem['feedback'], 'text' | 'kind'>): string => text || KINDS[kind];

const times = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

const MINUTE_MS = 60_000;
const long = (ms: number): string => (ms < MINUTE_MS ? 'a minute' : span(ms));

/** Backlog, age and how the promise was kept, in one line. */
export function figuresLine(it: ReviewFigures, now: number): string {
  if (it.waiting === 0 && it.decided === 0) return 'Nothing waits, and nothing was decided in the last 30 days.';
  const parts = [
    it.waiting === 0
      ? 'Nothing waits.'
      : `${times(it.waiting, 'waits', 'wait')}, the oldest for ${long(now - Date.parse(it.oldestAt ?? ''))}.`,
    it.overdue > 0 && `${times(it.overdue, 'is', 'are')} past the promised time.`,
    it.decided > 0 &&
      `In 30 days ${it.inTime} of ${it.decided} were decided in time${it.medianMinutes === null ? '' : `, half of them within ${long(it.medianMinutes * MINUTE_MS)}`}.`,
  ];
  return parts.filter((part) => part !== false).join(' ');
}
