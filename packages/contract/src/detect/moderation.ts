import {
  MODERATOR_KINDS,
  MODERATOR_LIMITS,
  SIDES,
  TRUST,
  USUAL_WHEN_SILENT,
  WHEN_SILENT,
} from '@firebreak/core/detect/moderation';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key, Line } from '../shapes.ts';
import { interactionId } from './interactions.ts';

export const ModeratorDescription = z
  .object({
    name: Line,
    kind: z.enum(MODERATOR_KINDS),
    address: z.string().trim().min(1).max(1_000).describe('the whole address that is posted to'),
    model: z.string().trim().max(120).default('').describe('empty: whatever stands behind the address'),
    systems: z.array(Key).max(MODERATOR_LIMITS.systems).default([]).describe('empty: every AI system'),
    side: z.enum(SIDES).default('both').describe('what is sent: the answer, the last question, or both'),
    share: z.number().gt(0).max(1).default(1).describe('part of the interactions it is asked about'),
    aDay: z.int().min(1).max(MODERATOR_LIMITS.aDay).default(100_000).describe('most questions a day, UTC'),
    timeoutMs: z.int().min(MODERATOR_LIMITS.leastTimeoutMs).max(MODERATOR_LIMITS.mostTimeoutMs).default(2_000),
    atOnce: z.int().min(1).max(MODERATOR_LIMITS.atOnce).default(4).describe('requests under way at the same time'),
    threshold: z.number().min(0).max(1).default(0.5).describe('least score of a flag that counts'),
    trust: z.enum(TRUST).default('weak').describe('strong needs judged flags; alone it never pages'),
    whenSilent: z
      .enum(WHEN_SILENT)
      .default(USUAL_WHEN_SILENT)
      .describe(
        'who learns that it fell silent: show, whoever looks; tell, each system it reads by a weak signal; page, that signal pages alone',
      ),
  })
  .meta({ id: 'ModeratorDescription' });

const ModeratorDay = z.object({
  asked: z.int().describe('opinions given, also remembered ones'),
  flagged: z.int(),
  clean: z.int(),
  none: z.int().describe('no opinion: it failed, or could not be read; never taken for clean'),
  notAsked: z.int().describe('too many waited, or the questions of the day were used up'),
  meanMs: z.number().nullable().describe('of one request; null: there was none'),
});

const shape = ModeratorDescription.shape;
export const Moderator = z
  .object({
    id: id('mdr'),
    name: z.string(),
    kind: shape.kind,
    address: z.string(),
    model: z.string(),
    systems: z.array(z.string()),
    side: z.enum(SIDES),
    share: z.number(),
    aDay: z.int(),
    timeoutMs: z.int(),
    atOnce: z.int(),
    threshold: z.number(),
    trust: z.enum(TRUST),
    whenSilent: z.enum(WHEN_SILENT),
    keyed: z.boolean().describe('whether it is sent a key'),
    addedAt: At,
    changedAt: At,
    changedBy: Actor,
    paused: z.string().nullable(),
    silent: z
      .object({ at: At, why: z.string() })
      .nullable()
      .describe('it failed several times in a row: nobody has an opinion, and it is asked again by and by'),
    waiting: z.int().describe('questions that wait to be asked'),
    lastDay: ModeratorDay.describe('in the last 24 hours'),
    precision: z
      .object({
        judged: z.int(),
        right: z.int(),
        rate: z.object({ value: z.number(), lower: z.number(), upper: z.number() }).nullable(),
        enough: z.boolean(),
      })
      .describe('how often its flags were right, as people judged them, with Wilson’s 95 % interval'),
  })
  .meta({ id: 'Moderator' });
export type Moderator = z.output<typeof Moderator>;

const said = {
  flagged: z.boolean(),
  categories: z.array(z.object({ name: z.string(), score: z.number().nullable() })),
  score: z.number().nullable(),
  reason: z.string(),
};
export const Opinion = z
  .object({
    interaction: interactionId,
    system: z.string(),
    at: At,
    state: z.enum(['waiting', 'flagged', 'clean', 'none']),
    why: z.string().nullable().describe('why there is no opinion'),
    model: z.string().nullable(),
    latencyMs: z.number().nullable(),
    said: z.object(said).nullable(),
    asked: z.string().nullable().describe('the last question, at most 400 characters; null: not captured or gone'),
    answer: z.string().nullable().describe('the answer, at most 400 characters; null: not captured or gone'),
    right: z.boolean().nullable().describe('how a person judged the flag; null: nobody has'),
  })
  .meta({ id: 'ModerationOpinion' });
export type Opinion = z.output<typeof Opinion>;
export const ModeratorTrial = z
  .object({
    status: z.int().nullable(),
    fault: z.string().nullable(),
    latencyMs: z.number(),
    model: z.string().nullable(),
    said: z.object(said).nullable(),
    counts: z.boolean().describe('whether it would raise a signal'),
  })
  .meta({ id: 'ModeratorTrial' });
export type ModeratorTrial = z.output<typeof ModeratorTrial>;

const tag = 'Moderators';
const params = z.object({ moderator: id('mdr') });
const answer = z.object({ moderator: Moderator });
const reason = z.string().trim().min(1).max(500);
const key = z.string().min(1).max(500);
const faults = ['moderator.bad-address', 'moderator.not-calibrated', 'system.unknown'];

export const moderation = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/moderators',
    tag,
    summary: 'Moderation models that are asked about interactions, and how that goes',
    may: 'read',
    answer: z.object({ moderators: z.array(Moderator) }),
  }),
  add: endpoint({
    method: 'POST',
    path: '/api/v1/moderators',
    tag,
    summary: 'Ask a moderation model for a second opinion on interactions as they come in',
    may: 'monitor.edit',
    body: ModeratorDescription.extend({ key: key.optional().describe('sent as a bearer token; shown to nobody') }),
    answer,
    refusals: [...faults, 'moderator.too-many'],
  }),
  describe: endpoint({
    method: 'PUT',
    path: '/api/v1/moderators/:moderator',
    tag,
    summary: 'Change a moderator; what it said stays',
    may: 'monitor.edit',
    params,
    body: ModeratorDescription,
    answer,
    refusals: [...faults, 'moderator.unknown'],
  }),
  key: endpoint({
    method: 'POST',
    path: '/api/v1/moderators/:moderator/key',
    tag,
    summary: 'Give a moderator another key, or none',
    may: 'monitor.edit',
    params,
    body: z.object({ key: key.nullable() }),
    answer,
    refusals: ['moderator.unknown'],
  }),
  pause: endpoint({
    method: 'POST',
    path: '/api/v1/moderators/:moderator/pause',
    tag,
    summary: 'Stop asking, with a reason',
    may: 'monitor.edit',
    params,
    body: z.object({ reason }),
    answer,
    refusals: ['moderator.unknown'],
  }),
  resume: endpoint({
    method: 'POST',
    path: '/api/v1/moderators/:moderator/resume',
    tag,
    summary: 'Ask again',
    may: 'monitor.edit',
    params,
    answer,
    refusals: ['moderator.unknown'],
  }),
  remove: endpoint({
    method: 'POST',
    path: '/api/v1/moderators/:moderator/remove',
    tag,
    summary: 'Remove a moderator; its record stays',
    may: 'monitor.edit',
    params,
    body: z.object({ reason }),
    answer: z.object({}),
    refusals: ['moderator.unknown'],
  }),
  opinions: endpoint({
    method: 'GET',
    path: '/api/v1/moderators/:moderator/opinions',
    tag,
    summary: 'What a moderator said, newest first',
    may: 'read',
    params,
    query: z.object({
      show: z.enum(['flagged', 'clean', 'none', 'all']).default('flagged'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ opinions: z.array(Opinion) }),
    refusals: ['moderator.unknown'],
  }),
  judge: endpoint({
    method: 'POST',
    path: '/api/v1/moderators/:moderator/judgements',
    tag,
    summary: 'Say whether a flag was right: what makes a moderator’s precision known',
    may: 'candidate.judge',
    params,
    body: z.object({ interaction: interactionId, right: z.boolean() }),
    answer,
    refusals: ['moderator.unknown', 'moderator.nothing-flagged', 'moderator.judged-enough'],
  }),
  /** Asks once, now. Nothing is kept and nobody is told. */
  test: endpoint({
    method: 'POST',
    path: '/api/v1/moderator-trials',
    tag,
    summary: 'Show what a moderator would say, before it is saved',
    may: 'monitor.edit',
    body: ModeratorDescription.extend({
      key: key.optional(),
      moderator: id('mdr').optional().describe('whose key to use, where none is given'),
      text: z.string().trim().min(1).max(4_000).describe('stands for the question and for the answer'),
    }),
    answer: z.object({ trial: ModeratorTrial }),
    refusals: [...faults, 'moderator.unknown'],
  }),
};
