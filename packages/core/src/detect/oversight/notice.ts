import {
  type Decision,
  type Fact,
  type Id,
  type Instant,
  msBetween,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';

/** What a supplier announced. */
export const NOTICE_KINDS = ['deprecation', 'behaviour', 'terms', 'logging', 'safety-settings'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
export type NoticeId = Id<'ntc'>;

export interface NoticeDescription {
  readonly vendor: string;
  readonly kind: NoticeKind;
  /** The model it is about, as telemetry names it; null: all that the vendor supplies. */
  readonly model: string | null;
  /** When it takes effect; null: not said. */
  readonly on: Instant | null;
  readonly text: string;
  readonly link: string;
}

export type NoticeFact =
  | Fact<'supplier-notice.recorded', { readonly notice: NoticeId } & NoticeDescription>
  | Fact<'supplier-notice.settled', { readonly reason: string }>;
export const NOTICE_FACTS = [
  'supplier-notice.recorded',
  'supplier-notice.settled',
] as const satisfies readonly NoticeFact['type'][];

export interface Notice extends NoticeDescription {
  readonly id: NoticeId;
  readonly recordedAt: Instant;
  readonly settled: string | null;
}

export const foldNotice = (facts: readonly Recorded[]): Notice | null =>
  ofTypes<NoticeFact>(facts, NOTICE_FACTS).reduce<Notice | null>((notice, { type, data, at }) => {
    if (type === 'supplier-notice.settled') return notice && { ...notice, settled: data.reason };
    const { notice: id, ...said } = data;
    return { id, ...said, recordedAt: at, settled: null };
  }, null);

export const recordNotice = (
  state: Notice | null,
  want: { readonly notice: NoticeId } & NoticeDescription,
): Decision<NoticeFact> => (state !== null ? [] : [{ type: 'supplier-notice.recorded', data: want }]);

export const settleNotice = (state: Notice | null, want: { readonly reason: string }): Decision<NoticeFact> =>
  state === null
    ? refuse('supplier-notice.unknown', 'There is no such notice.')
    : state.settled !== null
      ? []
      : [{ type: 'supplier-notice.settled', data: want }];

const DAY_MS = 86_400_000;
const REMINDERS = [30, 7, 1, 0] as const;

/**
 * How a notice is told at a moment: when it is recorded, then 30, 7 and 1 days before it takes effect, and on the day.
 * The same word twice is the same telling.
 */
export function tellingOf({ on, recordedAt, settled }: Notice, now: Instant): string | null {
  if (settled !== null) return null;
  const days = on === null ? null : msBetween(now, on) / DAY_MS;
  const due = days === null ? undefined : [...REMINDERS].reverse().find((each) => days <= each);
  if (due === undefined) return 'recorded';
  // A reminder that was due before anybody wrote it down is the record itself.
  const since = msBetween(recordedAt, on!) / DAY_MS;
  return since <= due ? 'recorded' : `${due} days`;
}
