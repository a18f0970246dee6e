import {
  CONDITION_LIMIT,
  type Condition as CoreCondition,
  type Restoration as CoreRestoration,
  type Stage as CoreStage,
  MINUTES_LIMIT,
  STAGE_LIMIT,
} from '@firebreak/core/respond/restoration';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Line } from '../shapes.ts';

const Condition = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('check'), text: Line }),
    z.object({ kind: z.literal('suite'), suite: z.string(), name: z.string() }),
  ])
  .meta({ id: 'RestorationCondition' }) satisfies z.ZodType<CoreCondition>;

const minutes = z.number().int().min(0).max(MINUTES_LIMIT);
const Stage = z
  .object({
    percent: z.number().int().min(0).max(99).describe('of the subjects, the same ones each time'),
    countries: z
      .array(z.string().regex(/^[A-Z]{2}$/))
      .max(250)
      .readonly()
      .exactOptional(),
    minutes: minutes.describe('until the next stage'),
  })
  .meta({ id: 'RestorationStage' }) satisfies z.ZodType<CoreStage>;

export const Restoration = z
  .object({
    hold: id('hld'),
    label: z.string().meta({ examples: ['HLD-12'] }),
    incident: id('inc'),
    system: z.string(),
    says: z.string().describe('what the hold does'),
    reason: z.string(),
    state: z.enum(['asked', 'staged', 'watched', 'done', 'halted', 'withdrawn']),
    askedAt: At,
    askedBy: Actor,
    conditions: z.array(
      z.object({
        condition: Condition,
        met: z.object({ at: At, by: Actor, note: z.string(), run: z.string().nullable() }).nullable(),
      }),
    ),
    approvals: z.object({
      needed: z.number().int(),
      given: z.array(z.object({ at: At, by: Actor, note: z.string() })),
    }),
    change: z.string().describe('digest of the plan: what somebody agrees to'),
    stages: z.array(Stage),
    step: z.number().int().describe('stages begun; one more than there are: everybody is let go'),
    steppedAt: At.nullable(),
    nextAt: At.nullable().describe('when the next stage begins, or the watch ends'),
    watchMinutes: minutes,
    why: z.string().nullable().describe('why it was withdrawn or halted'),
    signal: z.string().nullable().describe('what showed that it came back'),
    again: id('hld').nullable().describe('the hold ordered anew'),
  })
  .meta({ id: 'Restoration' });
export type Restoration = z.output<typeof Restoration>;
/** Drift between the wire and the core fails to compile here. */
export const statesAreCore: Restoration['state'] extends CoreRestoration['state'] ? true : never = true;

const tag = 'Restoration';
const params = z.object({ incident: z.string().min(5).max(80), hold: id('hld') });
const reason = z.string().trim().min(1).max(2_000);
const note = z.string().trim().max(2_000).default('');
const known = ['incident.unknown', 'hold.unknown', 'restoration.none'] as const;

export const restorations = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/restorations',
    tag,
    summary: 'How the holds of an incident are let go, the newest of each',
    may: 'read',
    params: z.object({ incident: z.string().min(5).max(80) }),
    answer: z.object({ restorations: z.array(Restoration) }),
    refusals: ['incident.unknown'],
  }),
  waiting: endpoint({
    method: 'GET',
    path: '/api/v1/restorations',
    tag,
    summary: 'Restorations under way, of all incidents, those that wait for somebody first',
    may: 'read',
    answer: z.object({ restorations: z.array(Restoration) }),
  }),
  ask: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/holds/:hold/restoration',
    tag,
    summary: 'Ask to let a hold go: conditions, stages, who agrees, how long it is watched',
    may: 'containment.order',
    params,
    body: z.object({
      reason,
      checks: z.array(Line).max(CONDITION_LIMIT).default([]).describe('besides those of the gate of the hold'),
      suites: z.array(z.string().min(5).max(80)).max(10).default([]),
      stages: z.array(Stage).max(STAGE_LIMIT).default([]).describe('empty: everybody at once'),
      approvals: z.number().int().min(1).max(2).optional().describe('as the gate says, otherwise 1'),
      watchMinutes: minutes.optional().describe('as the gate says, otherwise 60'),
    }),
    answer: Restoration,
    status: 201,
    refusals: [
      'incident.unknown',
      'hold.unknown',
      'hold.already-lifted',
      'restoration.under-way',
      'restoration.bad-plan',
      'eval-suite.unknown',
    ],
  }),
  meet: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/holds/:hold/restoration/met',
    tag,
    summary: 'Say that a check was made',
    may: 'room.write',
    params,
    body: z.object({
      condition: z.number().int().min(0).max(CONDITION_LIMIT).describe('its place, from 0'),
      note: reason,
    }),
    answer: Restoration,
    refusals: [...known, 'restoration.unknown-condition'],
  }),
  approve: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/holds/:hold/restoration/approve',
    tag,
    summary: 'Agree to let go; with the last agreement that is needed it begins',
    may: 'containment.lift',
    params,
    body: z.object({
      note,
      change: z.string().max(100).exactOptional().describe('the plan as you saw it; another one is refused'),
    }),
    answer: Restoration,
    refusals: [
      ...known,
      'restoration.conditions-open',
      'restoration.changed',
      'restoration.same-person',
      'right.missing',
      'right.granted-late',
      'session.stale',
    ],
  }),
  withdraw: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/holds/:hold/restoration/withdraw',
    tag,
    summary: 'Take back the wish to let go, before anybody is',
    may: 'containment.order',
    params,
    body: z.object({ reason }),
    answer: Restoration,
    refusals: [...known, 'restoration.begun'],
  }),
  halt: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/holds/:hold/restoration/halt',
    tag,
    summary: 'Hold everybody again, at once',
    may: 'containment.order',
    params,
    body: z.object({ reason }),
    answer: Restoration,
    refusals: [...known, 'restoration.not-begun'],
  }),
};
