import { ARCHETYPES } from '@firebreak/core/detect/signals';
import { LEVERS } from '@firebreak/core/respond/containment';
import { INCIDENT_ROLES } from '@firebreak/core/respond/incidents';
import { QUESTIONS } from '@firebreak/core/respond/recommendation';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, id, Key } from '../shapes.ts';
import { Control, Worth } from './containment.ts';

const lever = z.enum(LEVERS);

export const RecommendedOrder = z
  .object({
    lever,
    title: z.string(),
    what: Control.nullable().describe('null: something is missing to say it'),
    says: z.string().nullable(),
    control: id('ctl').nullable().describe('wired in advance; null: nobody did'),
    controlName: z.string().nullable(),
    readiness: z
      .enum(['proven', 'wired', 'at-hand', 'not'])
      .describe('proven: wired, and obeyed within 30 days; at-hand: nobody wired it, and guards obey it'),
    missing: z.array(z.string()).readonly(),
    weight: z.number().describe('where it stands on the ladder; higher is heavier'),
    prevents: z.object({ share: z.number(), says: z.string() }).describe('by judgement, not measured'),
    sideEffects: z.string(),
    held: z
      .object({ hold: id('hld'), label: z.string(), confirmed: z.boolean() })
      .nullable()
      .describe('does all of it'),
    partly: z
      .array(z.object({ hold: id('hld'), label: z.string(), confirmed: z.boolean(), says: z.string() }))
      .readonly()
      .describe('holds that do a part of it'),
    meets: z
      .object({ perHour: z.number(), goodPerHour: z.number(), unsaidPerHour: z.number(), share: z.number() })
      .nullable()
      .describe('traffic of the last hour; null: nothing is recorded, or it cannot be ordered'),
    weighed: z.object({
      loss: z.number().nullable(),
      cost: z.number().nullable(),
      needless: z.number(),
      prevented: z.number(),
      breakEven: z.number().nullable(),
      says: z.string(),
      unknown: z.array(z.string()).readonly(),
    }),
  })
  .meta({ id: 'RecommendedOrder' });
export type RecommendedOrder = z.output<typeof RecommendedOrder>;

export const Recommendation = z
  .object({
    system: z.object({
      key: z.string(),
      name: z.string(),
      owner: z.string(),
      features: z.array(z.object({ key: z.string(), name: z.string() })).readonly(),
    }),
    systems: z.array(z.string()).readonly().describe('others that the incident is about'),
    title: z.string(),
    candidate: z.string().nullable(),
    incident: z.object({ id: id('inc'), label: z.string() }).nullable(),
    archetype: z.enum(ARCHETYPES).nullable(),
    feature: z.string().nullable(),
    featureFrom: z.enum(['said', 'candidate', 'nowhere']),
    steps: z.array(
      z.object({
        question: z.enum(QUESTIONS),
        answer: z.enum(['yes', 'no', 'ask']),
        why: z.string(),
        missing: z.array(z.string()).readonly(),
        levers: z.array(lever).readonly(),
      }),
    ),
    ladder: z.array(RecommendedOrder).describe('lightest first'),
    not: z.array(RecommendedOrder).describe('fits, and cannot be ordered: why stands in `missing`'),
    pick: lever.nullable(),
    because: z.string(),
    present: lever.nullable().describe('the heaviest that is held'),
    next: lever.nullable().describe('the next heavier one'),
    worth: Worth,
    worthFrom: z
      .object({ incident: id('inc'), label: z.string(), at: At })
      .nullable()
      .describe('the incident for which somebody said what it is worth; null: said now, or nobody has'),
    taken: z
      .array(z.object({ lever, times: z.number().int() }))
      .describe('what was taken for this kind of failure before, most often first'),
    obeying: z.number().int(),
    byHand: z
      .object({
        steps: z.array(z.string()),
        people: z.array(z.object({ role: z.enum(INCIDENT_ROLES), title: z.string(), name: z.string() })),
      })
      .nullable()
      .describe('where nothing can be ordered: what to do by hand, and who can'),
    tookMs: z.number(),
  })
  .meta({ id: 'Recommendation' });
export type Recommendation = z.output<typeof Recommendation>;

const answered = z.enum(['yes', 'no']);

export const recommendation = {
  show: endpoint({
    method: 'POST',
    path: '/api/v1/containment/recommend',
    tag: 'Containment',
    summary:
      'What to order: the decision tree answered from what is known, and each order with what it prevents and costs',
    may: 'read',
    body: z.object({
      incident: z.string().min(5).max(80).optional(),
      candidate: id('cnd').optional(),
      system: Key.optional().describe('needed where neither incident nor candidate names one'),
      feature: z.string().max(100).nullable().optional().describe('null: the whole system; absent: as the signals say'),
      archetype: z.enum(ARCHETYPES).optional(),
      answers: z.object({ 'roll-back': answered.optional(), fence: answered.optional() }).default({}),
      worth: Worth.partial().optional(),
    }),
    answer: Recommendation,
    refusals: ['incident.unknown', 'candidate.unknown', 'system.unknown', 'recommendation.no-system'],
  }),
};
