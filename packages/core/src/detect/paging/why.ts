import type { Instant } from '../../kernel/index.ts';
import type { Candidate, ToldChannel } from '../candidates/index.ts';
import type { Signal } from '../signals/index.ts';
import type { Hindrance, PageReading, Weighed } from './page.ts';

/** The answer to “why was I not paged?”. */
export interface PageAnswer {
  readonly paged: boolean;
  readonly says: string;
  readonly hindrances: readonly SaidHindrance[];
  readonly nextAt: Instant | null;
}
/** What a rule says, and `alone`: a signal that stands in no candidate. */
export type SaidHindrance = Omit<Hindrance, 'kind'> & { readonly kind: Hindrance['kind'] | 'alone' };

const first = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** For a candidate: what the rule that pages says of it now. */
export function whyCandidate(
  candidate: Pick<Candidate, 'pages'>,
  { page, next, hindrances }: PageReading,
  channels: readonly ToldChannel[],
): PageAnswer {
  const last = candidate.pages.at(-1);
  const nobody = last !== undefined && last.to !== null && last.to.length === 0;
  const taken = last?.handed.filter((each) => each.taken).length ?? 0;
  const lost = last?.handed.filter((each) => !each.taken).length ?? 0;
  const all: SaidHindrance[] = [
    ...(nobody && !hindrances.some(({ kind }) => kind === 'no-channel')
      ? [
          {
            kind: 'no-channel' as const,
            of: null,
            signals: 0,
            says: 'nobody could be told: no channel is subscribed to pages',
          },
        ]
      : []),
    ...(last === undefined && channels.length === 0
      ? [
          {
            kind: 'no-channel' as const,
            of: null,
            signals: 0,
            says: 'no channel is subscribed to pages, so nobody could be told if it did page',
          },
        ]
      : []),
    ...hindrances,
  ];
  const says =
    last === undefined
      ? page !== null
        ? 'It is about to page: the rule is met.'
        : `Nobody was paged. ${first(all.find(({ kind }) => kind !== 'no-channel')?.says ?? 'nothing counts yet')}.`
      : nobody
        ? `It paged as Sev ${last.severity}, and nobody could be told: no channel is subscribed to pages.`
        : `It paged as Sev ${last.severity}: ${last.because}. ${last.to === null ? 'The channels are being told.' : `${taken} of ${last.to.length} ${last.to.length === 1 ? 'channel' : 'channels'} took it${lost > 0 ? `, ${lost} never did` : ''}.`}`;
  return { paged: last !== undefined && !nobody, says, hindrances: all, nextAt: next };
}

const PLACES: Readonly<Record<string, string>> = {
  new: 'it has just come in and is being grouped',
  loose: 'too little alone: it waits for two more like it, or one that can be believed more',
  expired: 'too little alone, and nothing like it came in the time it waited',
  aside: 'it could not be grouped and was set aside: the channels screen says why, and can try it again',
  joining: 'it joins its candidate with others in a moment',
};

/** For a signal: what holds it back itself, else what its candidate says. */
export function whySignal(
  signal: Pick<Signal, 'evidenceClass' | 'pagesAlone'>,
  placement: string,
  weighed: Weighed | null,
  answer: PageAnswer | null,
): PageAnswer {
  const own = weighed?.left.map(({ why }) => why) ?? [];
  if (answer === null) {
    const says = PLACES[placement] ?? 'it stands in no candidate';
    return {
      paged: false,
      says: `Nobody was paged. ${first(says)}.`,
      hindrances: [...own, { kind: 'alone', of: null, signals: 1, says }],
      nextAt: null,
    };
  }
  const [held] = own;
  if (held !== undefined)
    return {
      ...answer,
      paged: false,
      says: `It does not count for a page. ${first(held.says)}.`,
      hindrances: [...own],
    };
  const weak =
    signal.evidenceClass === 'weak' && signal.pagesAlone === undefined && answer.paged
      ? ' This signal alone would not have: heuristics only count beside others.'
      : '';
  return { ...answer, says: `${answer.says}${weak}` };
}
