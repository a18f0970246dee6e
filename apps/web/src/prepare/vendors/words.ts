import type { Contact, Dependant, VendorGap, VendorQuestion } from '@firebreak/contract/prepare/vendors';
import type { Duty, Responsibility } from '@firebreak/core/prepare/vendors';

export const DUTY_WORDS: Readonly<Record<Duty, string>> = {
  detection: 'Noticing it',
  logging: 'Keeping the record',
  containment: 'Stopping it',
  notification: 'Telling the other side',
  investigation: 'Finding the cause',
  'user-communication': 'Telling the users',
};
export const PARTY_WORDS: Readonly<Record<Responsibility['who'], string>> = {
  vendor: 'the vendor',
  us: 'we',
  both: 'both',
  nobody: 'nobody',
};
export const WAY_WORDS: Readonly<Record<Contact['how'], string>> = {
  phone: 'Phone',
  email: 'E-mail',
  portal: 'Portal',
  chat: 'Chat',
};
export const ENOUGH_WORDS = { yes: 'good enough', partly: 'partly', no: 'not enough' } as const;

/** `30 min`, `4 h`, `2 d`. */
export function answerTime(minutes: number): string {
  if (minutes % 1_440 === 0) return `${minutes / 1_440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** Why a system depends on a vendor, in words. */
export function sayBecause({ because }: Dependant): string {
  switch (because.kind) {
    case 'named':
      return 'names it as its vendor';
    case 'dependency':
      return `needs ${because.on}`;
    case 'model':
      return `runs ${because.model}`;
    case 'through':
      return `through ${because.system}`;
  }
}

/** A gap as one sentence. */
export function sayGap(gap: VendorGap, questions: readonly VendorQuestion[]): string {
  const asked = questions.find(({ id }) => id === gap.question)?.text ?? gap.question;
  switch (gap.kind) {
    case 'no-contact':
      return 'Nobody is named to call.';
    case 'no-answer-time':
      return 'Nobody has agreed to answer within a given time.';
    case 'duty':
      return gap.why === 'nobody'
        ? `${DUTY_WORDS[gap.duty!]}: nobody does it.`
        : `${DUTY_WORDS[gap.duty!]}: not talked about.`;
    case 'unanswered':
      return `Not answered: ${asked}`;
    case 'not-enough':
      return `Not good enough: ${asked}`;
    case 'stale':
      return `To be asked again: ${asked}`;
  }
}

/** The gaps of a vendor in a phrase of a list, gravest first. */
export function gapLine(gaps: readonly VendorGap[]): string[] {
  const count = (...kinds: VendorGap['kind'][]) => gaps.filter(({ kind }) => kinds.includes(kind)).length;
  const duties = count('duty');
  const questions = count('unanswered', 'stale');
  const poor = count('not-enough');
  return [
    ...(count('no-contact') > 0 ? ['nobody to call'] : []),
    ...(count('no-answer-time') > 0 ? ['no agreed answer time'] : []),
    ...(duties > 0 ? [duties === 1 ? '1 duty open' : `${duties} duties open`] : []),
    ...(questions > 0 ? [questions === 1 ? '1 question open' : `${questions} questions open`] : []),
    ...(poor > 0 ? [poor === 1 ? '1 answer not enough' : `${poor} answers not enough`] : []),
  ];
}
