import { BREACHES, REVERSALS } from '@firebreak/core/prepare/inventory';
import {
  type AuditedCall as CoreCall,
  type AuditCounts as CoreCounts,
  OUTCOMES,
  SETTLED_AT_ONCE,
  SETTLEMENTS,
} from '@firebreak/core/respond/action-audit';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, Moment } from '../shapes.ts';

const count = z.int();
const AuditCounts = z
  .object({
    calls: count,
    executed: count,
    failed: count,
    uncertain: count,
    refused: count,
    outside: count.describe('beyond what was granted, made or refused'),
    reversible: count,
    irreversible: count,
    unknown: count.describe('may have done something, and nobody has said whether it can be undone'),
    undone: count,
    cannotBeUndone: count,
    accepted: count,
    open: count.describe('may have done something, and nobody has answered for it'),
  })
  .meta({ id: 'ActionCounts' }) satisfies z.ZodType<CoreCounts>;

const AuditedCall = z.object({
  call: z.string().describe('the record and the place of the call in it: int_…/0'),
  at: At,
  system: z.string(),
  agent: z.string().nullable(),
  session: z.string().nullable(),
  server: z.string().nullable(),
  tool: z.string(),
  arguments: z.string().nullable(),
  outcome: z.enum(OUTCOMES),
  hold: z.string().nullable(),
  permission: z.enum(['inside', 'outside', 'unsaid']).describe('against what was granted when it was made'),
  rule: z.enum(BREACHES).nullable(),
  why: z.string().nullable(),
  reversal: z.enum(REVERSALS),
  undo: z
    .object({
      tool: z.string().nullable(),
      arguments: z.record(z.string(), z.unknown()).readonly(),
      missing: z.array(z.string()).readonly(),
      instruction: z.string(),
    })
    .nullable(),
  error: z.string().nullable(),
  latencyMs: z.number().nullable(),
}) satisfies z.ZodType<CoreCall>;

export const Action = AuditedCall.extend({
  settled: z.object({ as: z.enum(SETTLEMENTS), note: z.string(), at: At, by: Actor }).nullable(),
}).meta({ id: 'Action' });
export type Action = z.output<typeof Action>;

const answer = z.object({
  counts: AuditCounts,
  looked: z.object({ at: At, since: At, more: z.boolean() }).nullable().describe('null: nobody has looked yet'),
  actions: z.array(Action),
  next: z.string().nullable(),
});
const params = z.object({ incident: z.string().min(5).max(80) });
const tag = 'Action audit';

export const actionAudit = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/actions',
    tag,
    summary: 'What agents did, in or out of permission, and how it is undone; oldest first',
    may: 'read',
    params,
    query: z.object({
      show: z
        .enum(['all', 'open', 'outside', 'irreversible', 'refused'])
        .default('all')
        .describe('open: may have done something, and nobody has answered for it'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      after: z.string().max(200).optional().describe('`next` of the page before'),
    }),
    answer,
    refusals: ['incident.unknown'],
  }),
  look: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/actions/look',
    tag,
    summary: 'Look for the calls of agents since a time, and keep them as evidence',
    may: 'room.write',
    params,
    body: z.object({
      since: Moment.optional().describe('as the incident says when it started, otherwise a day before it was declared'),
      agent: z.string().trim().min(1).max(256).optional(),
    }),
    answer,
    refusals: ['incident.unknown', 'time.in-future'],
  }),
  settle: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/actions/settle',
    tag,
    summary: 'Say of calls that they were undone, cannot be undone, or are accepted as they are',
    may: 'room.write',
    params,
    body: z.object({
      calls: z.array(z.string().min(5).max(120)).min(1).max(SETTLED_AT_ONCE),
      as: z.enum(SETTLEMENTS),
      note: z.string().trim().min(1).max(2_000).describe('how you know, or why'),
    }),
    answer: z.object({ counts: AuditCounts }),
    refusals: ['incident.unknown', 'action.unknown', 'action.not-made'],
  }),
};
