import { PROMISE_BOUNDS, REVIEW_DECISIONS, URGENCIES } from '@firebreak/core/detect/reviews';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, Key } from '../shapes.ts';
import { feedbackId, signalId } from './interactions.ts';
import { feedback } from './signals.ts';

/** Items decided in one go. */
export const MOST_TOGETHER = 200;

export const ReviewItem = z
  .object({
    feedback,
    urgency: z
      .enum(URGENCIES)
      .describe('danger: a person, money, data or the law is concerned; bare: a thumb without a word'),
    dueAt: At.describe('the promise: decided by then'),
    overdue: z.boolean(),
    taken: z.object({ by: Actor, at: At }).nullable().describe('who looks at it now; half an hour at most'),
    alike: z
      .array(feedbackId)
      .describe('others that say the same and can be decided together, oldest first, 200 at most'),
  })
  .meta({ id: 'ReviewItem' });
export type ReviewItem = z.output<typeof ReviewItem>;

export const DecidedReview = z
  .object({
    id: feedbackId,
    system: z.string(),
    receivedAt: At,
    feedback: feedback.nullable().describe('null: deleted by retention'),
    as: z.enum(REVIEW_DECISIONS),
    reason: z.string().nullable().describe('null: erased'),
    incident: z.string().nullable(),
    by: Actor,
    at: At,
    inTime: z.boolean(),
  })
  .meta({ id: 'DecidedReview' });
export type DecidedReview = z.output<typeof DecidedReview>;

export const ReviewFigures = z
  .object({
    waiting: z.int(),
    overdue: z.int(),
    oldestAt: At.nullable(),
    decided: z.int().describe('in the last 30 days'),
    inTime: z.int().describe('of those, before their time was over'),
    medianMinutes: z.number().nullable().describe('from receipt to decision, last 30 days'),
    systems: z.array(
      z.object({
        system: z.string(),
        promisedHours: z.int(),
        waiting: z.int(),
        overdue: z.int(),
        oldestAt: At.nullable(),
      }),
    ),
  })
  .meta({ id: 'ReviewFigures' });
export type ReviewFigures = z.output<typeof ReviewFigures>;

const tag = 'Reviews';
const params = z.object({ feedback: feedbackId });
const faults = ['review.unknown', 'review.taken', 'review.decided'];

export const reviews = {
  queue: endpoint({
    method: 'GET',
    path: '/api/v1/reviews',
    tag,
    summary: 'Feedback that waits for a person, most urgent first, then oldest',
    may: 'read',
    query: z.object({ system: Key.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }),
    answer: z.object({ items: z.array(ReviewItem) }),
  }),
  decided: endpoint({
    method: 'GET',
    path: '/api/v1/reviews/decided',
    tag,
    summary: 'What was decided lately, by whom and why',
    may: 'read',
    query: z.object({ system: Key.optional(), limit: z.coerce.number().int().min(1).max(50).default(30) }),
    answer: z.object({ items: z.array(DecidedReview) }),
  }),
  figures: endpoint({
    method: 'GET',
    path: '/api/v1/reviews/figures',
    tag,
    summary: 'Backlog, age, and how often the promise was kept',
    may: 'read',
    answer: ReviewFigures,
  }),
  take: endpoint({
    method: 'POST',
    path: '/api/v1/reviews/:feedback/take',
    tag,
    summary: 'Say that one is looking at it',
    may: 'candidate.judge',
    params,
    answer: z.object({ taken: z.object({ by: Actor, at: At }) }),
    refusals: faults,
  }),
  release: endpoint({
    method: 'POST',
    path: '/api/v1/reviews/:feedback/release',
    tag,
    summary: 'Let go of it without a decision',
    may: 'candidate.judge',
    params,
    answer: z.object({}),
    refusals: faults,
  }),
  decide: endpoint({
    method: 'POST',
    path: '/api/v1/reviews/decide',
    tag,
    summary: 'Decide one, or several that say the same: nothing wrong, confirmed, an incident, answered',
    may: 'candidate.judge',
    body: z.object({
      feedback: z.array(feedbackId).min(1).max(MOST_TOGETHER),
      as: z.enum(REVIEW_DECISIONS),
      reason: z.string().trim().min(1).max(1_000),
      incident: z.string().trim().min(1).max(80).nullable().default(null).describe('label or id, where it is one'),
    }),
    answer: z.object({
      decided: z.array(feedbackId),
      signals: z.array(signalId).describe('of confirmed ones'),
      leftOut: z.array(z.object({ feedback: feedbackId, code: z.string(), detail: z.string() })),
    }),
    refusals: [...faults, 'review.incident-missing', 'review.mixed-shapes'],
  }),
  promise: endpoint({
    method: 'PUT',
    path: '/api/v1/reviews/promises/:system',
    tag,
    summary: 'Promise how soon feedback about a system is looked at; 24 hours unless said',
    may: 'system.edit',
    params: z.object({ system: Key }),
    body: z.object({ hours: z.int().min(PROMISE_BOUNDS.least).max(PROMISE_BOUNDS.most) }),
    answer: z.object({ system: z.string(), hours: z.int() }),
    refusals: ['system.unknown'],
  }),
};
