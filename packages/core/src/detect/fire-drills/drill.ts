import {
  type Actor,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  msBetween,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import { type Candidate, type CandidateId, spanInWords } from '../candidates/index.ts';
import type { Mark } from '../signals/index.ts';
import { KNOWN_FAILURES } from './failures.ts';

export type FireDrillId = Id<'fdr'>;

/** A page has to reach somebody within this time for what is grave. */
export const TARGET_MS = 5 * 60_000;
/** After this a drill is over, whatever has come of it. */
const GIVEN_UP_MS = 10 * 60_000;
/** A system whose last drill is older than this is stale. */
export const STALE_MS = 30 * 86_400_000;

/** When each stage was reached; null: it was not. */
export interface Stages {
  readonly sent: Instant;
  readonly received: Instant | null;
  readonly candidate: Instant | null;
  readonly coherent: Instant | null;
  readonly paged: Instant | null;
  /** When the first channel took the page. */
  readonly handed: Instant | null;
}
export const STAGE_NAMES = ['sent', 'received', 'candidate', 'coherent', 'paged', 'handed'] as const;

export const DRILL_OUTCOMES = ['met', 'late', 'nobody-told', 'not-paged', 'not-seen', 'not-sent'] as const;
/** `met`: handed to a channel in time. The others say how far it came. */
export type DrillOutcome = (typeof DRILL_OUTCOMES)[number];

/** On a stream of its own. */
export type FireDrillFact =
  | Fact<'fire-drill.started', { readonly drill: FireDrillId; readonly system: string; readonly failure: string }>
  | Fact<'fire-drill.sent', { readonly drill: FireDrillId; readonly messages: number }>
  | Fact<
      'fire-drill.ended',
      {
        readonly drill: FireDrillId;
        readonly outcome: DrillOutcome;
        readonly stages: Stages;
        readonly severity: 1 | 2 | 3 | 4 | null;
        readonly candidate: CandidateId | null;
        readonly says: string;
      }
    >;
export const FIRE_DRILL_FACTS = [
  'fire-drill.started',
  'fire-drill.sent',
  'fire-drill.ended',
] as const satisfies readonly FireDrillFact['type'][];

export interface FireDrill {
  readonly id: FireDrillId;
  readonly system: string;
  readonly failure: string;
  readonly startedAt: Instant;
  readonly startedBy: Actor;
  readonly sentAt: Instant | null;
  readonly ended: {
    readonly at: Instant;
    readonly outcome: DrillOutcome;
    readonly stages: Stages;
    readonly severity: 1 | 2 | 3 | 4 | null;
    readonly candidate: CandidateId | null;
    readonly says: string;
  } | null;
}

export const drillMark = (id: FireDrillId): Mark => `drill:${id}`;

export function foldFireDrill(facts: readonly Recorded[]): FireDrill | null {
  return ofTypes<FireDrillFact>(facts, FIRE_DRILL_FACTS).reduce<FireDrill | null>((held, fact) => {
    if (fact.type === 'fire-drill.started') {
      const { drill: id, system, failure } = fact.data;
      return { id, system, failure, startedAt: fact.at, startedBy: fact.by, sentAt: null, ended: null };
    }
    if (held === null) return null;
    if (fact.type === 'fire-drill.sent') return { ...held, sentAt: fact.at };
    const { drill: _, ...how } = fact.data;
    return { ...held, ended: { at: fact.at, ...how } };
  }, null);
}

/** `running`: a drill of the same system that has not ended. */
export function startFireDrill(
  state: FireDrill | null,
  want: { readonly drill: FireDrillId; readonly system: string; readonly failure: string },
  running: boolean,
): Decision<FireDrillFact> {
  if (state !== null) return [];
  if (!KNOWN_FAILURES.some(({ key }) => key === want.failure))
    return refuse('fire-drill.unknown-failure', `There is no known failure “${want.failure}”.`, '/failure');
  if (running) return refuse('fire-drill.running', 'A drill of this system has not ended yet.');
  return [{ type: 'fire-drill.started', data: want }];
}

export function sentFireDrill(state: FireDrill | null, messages: number): Decision<FireDrillFact> {
  if (state === null || state.sentAt !== null || state.ended !== null) return [];
  return [{ type: 'fire-drill.sent', data: { drill: state.id, messages } }];
}

/** Where a drill stands by the candidate that came of it. */
export function stagesOf(drill: FireDrill, candidate: Candidate | null, receivedAt: Instant | null): Stages {
  const page = candidate?.pages[0];
  const handed = candidate?.pages.flatMap((each) => each.handed.filter(({ taken }) => taken).map(({ at }) => at)) ?? [];
  return {
    sent: drill.sentAt ?? drill.startedAt,
    received: receivedAt,
    candidate: candidate?.openedAt ?? null,
    coherent: candidate?.coheredAt ?? null,
    paged: page?.at ?? null,
    handed: handed.sort()[0] ?? null,
  };
}

/** What is due for a drill: its end once a channel has the page, once nobody can be told, or after ten minutes. */
export function dueForDrill(
  drill: FireDrill,
  now: Instant,
  seen: { readonly candidate: Candidate | null; readonly receivedAt: Instant | null; readonly why: string | null },
): Decision<FireDrillFact> {
  if (drill.ended !== null) return [];
  const { candidate } = seen;
  const stages = stagesOf(drill, candidate, seen.receivedAt);
  const page = candidate?.pages[0];
  const nobody = page?.to?.length === 0;
  const over = msBetween(drill.startedAt, now) >= GIVEN_UP_MS;
  if (stages.handed === null && !nobody && !over) return [];
  const took = stages.handed === null ? null : msBetween(stages.sent, stages.handed);
  const outcome: DrillOutcome =
    took !== null
      ? took <= TARGET_MS
        ? 'met'
        : 'late'
      : page !== undefined
        ? 'nobody-told'
        : drill.sentAt === null
          ? 'not-sent'
          : candidate === null
            ? 'not-seen'
            : 'not-paged';
  const says: Readonly<Record<DrillOutcome, string>> = {
    met: `A channel had the page ${spanInWords(took ?? 0)} after it was sent.`,
    late: `A channel had the page only ${spanInWords(took ?? 0)} after it was sent; five minutes are the target.`,
    'nobody-told': nobody
      ? 'It paged, and nobody could be told: no channel is subscribed to pages.'
      : 'It paged, and no channel took the page within ten minutes.',
    'not-paged': seen.why ?? 'It was seen, and paged nobody.',
    'not-seen': 'It was sent, and no candidate came of it within ten minutes.',
    'not-sent': 'It could not be sent.',
  };
  return [
    {
      type: 'fire-drill.ended',
      data: {
        drill: drill.id,
        outcome,
        stages,
        severity: page?.severity ?? null,
        candidate: candidate?.id ?? null,
        says: says[outcome],
      },
    },
  ];
}
