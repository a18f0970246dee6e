import {
  type Actor,
  type Asked,
  addMs,
  type Decision,
  type Fact,
  type Instant,
  msBetween,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';
import type { FeedbackId, FeedbackKind } from '../signals/index.ts';

/** What a person found out about a piece of feedback. */
export const REVIEW_DECISIONS = ['nothing-wrong', 'confirmed', 'incident', 'answered'] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/** The piece of feedback, as far as the record keeps it: the words of people stay with the telemetry. */
export interface Reviewed {
  readonly feedback: FeedbackId;
  readonly system: string;
  readonly kind: FeedbackKind;
  readonly receivedAt: Instant;
}

/** Each piece of feedback has a stream of its own, named by its id. */
export type ReviewFact =
  | Fact<'review.taken', Reviewed>
  | Fact<'review.released', { readonly feedback: FeedbackId }>
  | Fact<
      'review.decided',
      Reviewed & {
        readonly as: ReviewDecision;
        readonly reason: string;
        /** Label of the incident it was declared as, or belongs to. */
        readonly incident: string | null;
        readonly dueAt: Instant;
      }
    >
  /** The promised time passed and nobody had decided. */
  | Fact<'review.overdue', Reviewed & { readonly promisedHours: number }>;
export const REVIEW_FACTS = [
  'review.taken',
  'review.released',
  'review.decided',
  'review.overdue',
] as const satisfies readonly ReviewFact['type'][];

export interface Review {
  readonly about: Reviewed | null;
  readonly taken: { readonly by: Actor; readonly at: Instant } | null;
  readonly decided: {
    readonly as: ReviewDecision;
    readonly reason: string;
    readonly incident: string | null;
    readonly by: Actor;
    readonly at: Instant;
    readonly inTime: boolean;
  } | null;
  readonly overdueAt: Instant | null;
}

const NEW: Review = { about: null, taken: null, decided: null, overdueAt: null };
const aboutOf = ({ feedback, system, kind, receivedAt }: Reviewed): Reviewed => ({
  feedback,
  system,
  kind,
  receivedAt,
});

export function foldReview(facts: readonly Recorded[]): Review {
  return ofTypes<ReviewFact>(facts, REVIEW_FACTS).reduce<Review>((review, fact) => {
    if (fact.type === 'review.released') return { ...review, taken: null };
    const about = aboutOf(fact.data);
    if (fact.type === 'review.taken') return { ...review, about, taken: { by: fact.by, at: fact.at } };
    if (fact.type === 'review.overdue') return { ...review, about, overdueAt: fact.at };
    const { as, reason, incident, dueAt } = fact.data;
    return { ...review, about, decided: { as, reason, incident, by: fact.by, at: fact.at, inTime: fact.at <= dueAt } };
  }, NEW);
}

/** Who took something and did nothing for so long has let go of it. */
const TAKEN_FOR_MS = 30 * 60_000;
const same = (a: Actor, b: Actor): boolean => a.kind === b.kind && a.id === b.id;

/** Whoever else holds it at this moment; null: nobody. */
export function heldBy({ taken }: Pick<Review, 'taken'>, { at, by }: Asked): Actor | null {
  if (taken === null || same(taken.by, by) || msBetween(taken.at, at) >= TAKEN_FOR_MS) return null;
  return taken.by;
}

const taken = () =>
  refuse(
    'review.taken',
    'Somebody else is looking at this. Take another one; after half an hour without a decision it is free again.',
  );
const decided = ({ as }: { as: ReviewDecision }) =>
  refuse('review.decided', `This was decided already: ${as.replaceAll('-', ' ')}.`);

export function takeReview(state: Review, want: Reviewed, asked: Asked): Decision<ReviewFact> {
  if (state.decided !== null) return decided(state.decided);
  if (heldBy(state, asked) !== null) return taken();
  const mine = state.taken !== null && same(state.taken.by, asked.by);
  return mine && msBetween(state.taken.at, asked.at) < TAKEN_FOR_MS ? [] : [{ type: 'review.taken', data: want }];
}

export function releaseReview(
  state: Review,
  want: { readonly feedback: FeedbackId },
  asked: Asked,
): Decision<ReviewFact> {
  if (state.taken === null || state.decided !== null) return [];
  return heldBy(state, asked) !== null ? taken() : [{ type: 'review.released', data: want }];
}

export function decideReview(
  state: Review,
  want: Extract<ReviewFact, { type: 'review.decided' }>['data'],
  asked: Asked,
): Decision<ReviewFact> {
  if (state.decided !== null)
    return state.decided.as === want.as && same(state.decided.by, asked.by) ? [] : decided(state.decided);
  if (heldBy(state, asked) !== null) return taken();
  if (want.as === 'incident' && want.incident === null)
    return refuse(
      'review.incident-missing',
      'Name the incident it was declared as, for example INC-2026-0042.',
      '/incident',
    );
  return [{ type: 'review.decided', data: want }];
}

/** Recorded once, however often somebody looks. */
export const missReview = (state: Review, want: Reviewed & { readonly promisedHours: number }): Decision<ReviewFact> =>
  state.decided !== null || state.overdueAt !== null ? [] : [{ type: 'review.overdue', data: want }];

/** How soon feedback is looked at where nobody promised anything else, hours. */
export const USUAL_PROMISE_HOURS = 24;
export const PROMISE_BOUNDS = { least: 1, most: 720 } as const;
export const dueAt = (receivedAt: Instant, promisedHours: number): Instant =>
  addMs(receivedAt, promisedHours * 3_600_000);

export type PromiseFact = Fact<'review-promise.set', { readonly system: string; readonly hours: number }>;
export const PROMISE_STREAM = 'review_promises';

export function foldPromises(facts: readonly Recorded[]): ReadonlyMap<string, number> {
  return new Map(
    ofTypes<PromiseFact>(facts, ['review-promise.set']).map(({ data }) => [data.system, data.hours] as const),
  );
}

export const setPromise = (
  state: ReadonlyMap<string, number>,
  want: { readonly system: string; readonly hours: number },
): Decision<PromiseFact> =>
  (state.get(want.system) ?? USUAL_PROMISE_HOURS) === want.hours ? [] : [{ type: 'review-promise.set', data: want }];

/** What a person decides in one go has to be one thing said by several. */
export function mixedShapes(shapes: readonly { readonly system: string; readonly shape: string }[]): boolean {
  return new Set(shapes.map(({ system, shape }) => `${system}\n${shape}`)).size > 1;
}
