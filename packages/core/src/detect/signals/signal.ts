import type { Id, Instant } from '../../kernel/index.ts';
import type { Archetype } from './archetype.ts';
import type { InteractionId, Versions } from './interaction.ts';
import type { Mark } from './mark.ts';
import type { PagesAlone } from './pages-alone.ts';

export type SignalId = Id<'sig'>;

/** The system of what comes in and names none. */
export const UNNAMED_SYSTEM = 'unnamed';

/** Where a signal came from. */
export const CHANNELS = ['output-filter', 'telemetry', 'feedback', 'external', 'golden-set', 'probe'] as const;
export type Channel = (typeof CHANNELS)[number];

/**
 * How far a signal can be believed: `verified` proves itself, `strong` is rarely wrong, `weak` only feeds grouping
 * and rates.
 */
export const EVIDENCE_CLASSES = ['verified', 'strong', 'weak'] as const;
export type EvidenceClass = (typeof EVIDENCE_CLASSES)[number];

/** A place in an interaction. `field` is a path such as `output` or `retrieved/0/text`; offsets are UTF-16 units. */
export interface Quote {
  readonly field: string;
  readonly start: number;
  readonly end: number;
  /** The words, at most 300 characters; `null` where they must not be repeated (a secret). */
  readonly text: string | null;
}

/** One observation that something may be wrong. */
export interface Signal {
  readonly id: SignalId;
  /** When it happened, by the sender's clock. */
  readonly at: Instant;
  readonly receivedAt: Instant;
  readonly channel: Channel;
  /** What was observed, for example `ungrounded-claim`, `complaint`, `thumbs-down`. */
  readonly kind: string;
  /** The detector or sender that raised it. */
  readonly detector: string;
  /** The rule that fired, with the detector's version. */
  readonly rule: string;
  readonly evidenceClass: EvidenceClass;
  /** 0 to 1, as the detector means it; `null`: it does not say. */
  readonly score: number | null;
  readonly system: string;
  readonly feature: string | null;
  readonly deployment: string | null;
  readonly versions: Versions;
  /** Salted digest of the person concerned, to count people without naming them. */
  readonly subjectHash: string | null;
  readonly archetype: Archetype | null;
  /** 1 (gravest) to 4, as the sender sees it; `null`: it does not say. */
  readonly severityHint: 1 | 2 | 3 | 4 | null;
  /** One paragraph a person can read; at most 2,000 characters. */
  readonly text: string;
  readonly quotes: readonly Quote[];
  readonly interaction: InteractionId | null;
  /** The same key twice is the same observation, and is kept once. */
  readonly dedupKey: string;
  /** Made on purpose: see `markKind`. Absent of everything real. */
  readonly mark?: Mark | undefined;
  /** Present where it may page alone though it does not prove itself. */
  readonly pagesAlone?: PagesAlone | undefined;
  /** Words its source looked for, so that they say nothing of which story it is; at most twenty. Absent: it looked for none. */
  readonly lookedFor?: readonly string[] | undefined;
}

export type FeedbackId = Id<'fbk'>;

/** What senders may call a piece of feedback. */
export const SENT_FEEDBACK_KINDS = ['thumbs-up', 'thumbs-down', 'abuse', 'comment', 'ticket'] as const;
/** And what comes in through the public form, which alone makes it. */
export const FEEDBACK_KINDS = [...SENT_FEEDBACK_KINDS, 'outside-report'] as const;
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number];

/** Whether somebody is harmed or may be, as a report says. */
export const HARM_SAID = ['yes', 'unsure', 'no'] as const;
export type HarmSaid = (typeof HARM_SAID)[number];

/** What a report through the public form says beside its words. Nobody has checked any of it. */
export interface ReportSaid {
  readonly harm: HarmSaid;
  /** The public name that was picked, or what was written instead; null: neither. */
  readonly product: string | null;
  readonly link: string | null;
  /** When it happened, in the reporter's own words. */
  readonly when: string | null;
}

/** What somebody who was served said about it. */
export interface Feedback {
  readonly id: FeedbackId;
  readonly givenId: string | null;
  readonly system: string;
  readonly feature: string | null;
  readonly at: Instant;
  readonly receivedAt: Instant;
  readonly kind: FeedbackKind;
  readonly text: string | null;
  readonly subject: string | null;
  /** Reference or address of the ticket. */
  readonly ticket: string | null;
  readonly traceId: string | null;
  readonly responseId: string | null;
  /** The interaction it speaks of, once known. */
  readonly interaction: InteractionId | null;
  /** Of a `outside-report` alone. */
  readonly report?: ReportSaid | undefined;
}
