import { type Actor, earlier, type Fact, type Id, type Instant } from '../../kernel/index.ts';

export type ExceptionId = Id<'exc'>;

/** No exception is approved or renewed for longer than this; whoever needs it longer renews it, with a reason. */
export const LONGEST_EXCEPTION_DAYS = 365;
/** Asked for or in force at once, of one policy. */
export const MOST_OPEN_EXCEPTIONS = 200;

export type ExceptionFact =
  | Fact<
      'exception.asked',
      {
        readonly exception: ExceptionId;
        readonly system: string;
        /** Null: for the whole system. */
        readonly feature: string | null;
        readonly why: string;
        /** What is done instead. */
        readonly compensating: string;
        readonly until: Instant;
      }
    >
  | Fact<'exception.approved', { readonly exception: ExceptionId; readonly note: string }>
  | Fact<'exception.declined', { readonly exception: ExceptionId; readonly reason: string }>
  | Fact<'exception.renewed', { readonly exception: ExceptionId; readonly until: Instant; readonly reason: string }>
  | Fact<'exception.ended', { readonly exception: ExceptionId; readonly reason: string }>
  /** Its time ran out. */
  | Fact<'exception.lapsed', { readonly exception: ExceptionId }>;

export const EXCEPTION_TYPES = [
  'exception.asked',
  'exception.approved',
  'exception.declined',
  'exception.renewed',
  'exception.ended',
  'exception.lapsed',
] as const;

interface Said {
  readonly at: Instant;
  readonly by: Actor;
}

export interface PolicyException {
  readonly id: ExceptionId;
  readonly system: string;
  readonly feature: string | null;
  readonly why: string;
  readonly compensating: string;
  readonly asked: Said;
  readonly until: Instant;
  readonly approved: (Said & { readonly note: string }) | null;
  readonly renewed: readonly (Said & { readonly until: Instant; readonly reason: string })[];
  readonly ended: (Said & { readonly how: 'declined' | 'ended' | 'lapsed'; readonly reason: string }) | null;
}

export const EXCEPTION_STATES = ['asked', 'in-force', 'lapsed', 'ended', 'declined'] as const;
export type ExceptionState = (typeof EXCEPTION_STATES)[number];

/** As it stands at an instant: past its end it has lapsed, whether or not somebody has noticed. */
export function exceptionState({ approved, ended, until }: PolicyException, now: Instant): ExceptionState {
  if (ended !== null) return ended.how;
  if (until <= now) return 'lapsed';
  return approved === null ? 'asked' : 'in-force';
}

/** When it stopped or will stop being in force. */
export const endOf = ({ ended, until }: PolicyException): Instant =>
  ended === null || ended.how === 'lapsed' ? until : earlier(ended.at, until);

/** The auditor's question: was this a known exception at that time? */
export const inForceAt = (exception: PolicyException, at: Instant): boolean =>
  exception.approved !== null && exception.approved.at <= at && at < endOf(exception);

export function applyException(
  exceptions: readonly PolicyException[],
  fact: ExceptionFact & Said,
): readonly PolicyException[] {
  const { at, by } = fact;
  if (fact.type === 'exception.asked') {
    const { exception: id, ...said } = fact.data;
    return [...exceptions, { id, ...said, asked: { at, by }, approved: null, renewed: [], ended: null }];
  }
  return exceptions.map((each) => (each.id === fact.data.exception ? changed(each, fact) : each));
}

function changed(it: PolicyException, fact: ExceptionFact & Said): PolicyException {
  const { at, by } = fact;
  switch (fact.type) {
    case 'exception.approved':
      return { ...it, approved: { at, by, note: fact.data.note } };
    case 'exception.renewed': {
      const { until, reason } = fact.data;
      return { ...it, until, renewed: [...it.renewed, { at, by, until, reason }] };
    }
    case 'exception.declined':
      return { ...it, ended: { at, by, how: 'declined', reason: fact.data.reason } };
    case 'exception.ended':
      return { ...it, ended: { at, by, how: 'ended', reason: fact.data.reason } };
    case 'exception.lapsed':
      return { ...it, ended: { at, by, how: 'lapsed', reason: '' } };
    case 'exception.asked':
      return it;
  }
}
