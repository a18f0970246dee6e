import { DECISIONS } from '@firebreak/core/respond/held-answers';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key } from '../shapes.ts';

/** Longest answer or question a person is shown, characters. */
export const LONGEST_HELD = 50_000;

const held = id('hda');
const long = z.string().max(LONGEST_HELD);
const word = z.string().min(1).max(200);
const STATES = ['pending', ...DECISIONS, 'timed-out'] as const;

export const HeldAnswer = z
  .object({
    held,
    system: z.string(),
    instance: z.string(),
    feature: z.string().nullable(),
    queue: z.string().describe('which reviewers; empty: those of the system'),
    hold: z
      .object({ hold: id('hld'), incident: z.string(), label: z.string() })
      .nullable()
      .describe('that asks for a person'),
    question: z.string().nullable(),
    text: z.string().nullable().describe('the answer as it would be given; null for a call, or erased'),
    tool: z.string().nullable(),
    arguments: z.string().nullable().describe('JSON text'),
    state: z.enum(STATES).describe('timed-out: the application gave up; that is no approval'),
    at: At,
    askedAt: At.nullable().describe('when the application last said that it waits'),
    decidedAt: At.nullable(),
    decidedBy: Actor.nullable(),
    instead: z.string().nullable().describe('what is said instead'),
    reason: z.string().nullable(),
  })
  .meta({ id: 'HeldAnswer' });
export type HeldAnswer = z.output<typeof HeldAnswer>;

/** What a guard is told. */
export const HeldVerdict = z
  .object({
    review: held,
    state: z.enum(STATES),
    text: z.string().optional().describe('with `edited`: to be said instead'),
    reason: z.string().optional(),
  })
  .meta({ id: 'HeldVerdict' });

const tag = 'Held answers';

export const heldAnswers = {
  submit: endpoint({
    method: 'POST',
    path: '/api/v1/guard/reviews',
    tag,
    summary: 'Have a person look at an answer before it is given, or at a call before it is made',
    may: 'guard.obey',
    body: z.object({
      system: word,
      instance: word,
      feature: word.optional(),
      subject: z.string().max(500).optional().describe('not kept'),
      hold: z.string().max(80).optional(),
      incident: z.string().max(80).optional().describe('known from the hold'),
      queue: z.string().max(200).default(''),
      question: long.optional(),
      text: long.optional(),
      tool: word.optional(),
      arguments: z.unknown().optional(),
    }),
    bodyLimit: 512 * 1024,
    answer: HeldVerdict,
    status: 201,
    refusals: ['guard.unknown-system', 'held-answer.empty', 'held-answer.full', 'held-answer.too-long'],
  }),
  wait: endpoint({
    method: 'GET',
    path: '/api/v1/guard/reviews/:review',
    tag,
    summary: 'What was decided; waits for it',
    may: 'guard.obey',
    params: z.object({ review: held }),
    query: z.object({ wait: z.coerce.number().int().min(0).max(25).default(0).describe('seconds') }),
    answer: HeldVerdict,
    refusals: ['held-answer.unknown'],
  }),
  list: endpoint({
    method: 'GET',
    path: '/api/v1/held-answers',
    tag,
    summary: 'Answers and calls that wait for a person, the one that waits longest first; or those decided lately',
    may: 'read',
    query: z.object({
      show: z.enum(['waiting', 'decided']).default('waiting'),
      system: Key.optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
    answer: z.object({ items: z.array(HeldAnswer), waiting: z.int() }),
  }),
  decide: endpoint({
    method: 'POST',
    path: '/api/v1/held-answers/:held/decide',
    tag,
    summary: 'Approve it, say something else instead, or decline it',
    may: 'answer.decide',
    params: z.object({ held }),
    body: z.object({
      as: z.enum(DECISIONS),
      text: long.nullable().default(null),
      reason: z.string().trim().max(2_000).nullable().default(null),
    }),
    bodyLimit: 512 * 1024,
    answer: HeldAnswer,
    refusals: ['held-answer.unknown', 'held-answer.decided', 'held-answer.cannot-edit'],
  }),
};
