import { RECORD_LIMITS, TAKEN_OUT } from '@firebreak/core/prepare/records';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key } from '../shapes.ts';

const rule = {
  keptDays: z
    .int()
    .min(1)
    .max(RECORD_LIMITS.mostDays)
    .nullable()
    .default(null)
    .describe('null: as long as the installation keeps what nobody said anything about'),
  takesOut: z
    .array(z.enum(TAKEN_OUT))
    .max(TAKEN_OUT.length)
    .default([])
    .describe('taken out of texts before anything is kept'),
  sentShare: z
    .number()
    .gt(0)
    .max(1)
    .nullable()
    .default(null)
    .describe('part of the traffic that is sent at all, as its owner says; null: nobody said'),
};
const reason = z.string().trim().min(1).max(500);

const LegalHold = z
  .object({
    id: id('lgh'),
    reason: z.string(),
    matter: z.string(),
    placedAt: At,
    placedBy: Actor,
    lifted: z.object({ at: At, by: Actor, reason: z.string() }).nullable(),
  })
  .meta({ id: 'LegalHold' });
export type LegalHold = z.output<typeof LegalHold>;

export const RecordRule = z
  .object({
    system: z.string(),
    keptDays: z.int().nullable(),
    takesOut: z.array(z.enum(TAKEN_OUT)),
    sentShare: z.number().nullable(),
    changedAt: At,
    changedBy: Actor,
    reason: z.string(),
    legalHolds: z.array(LegalHold),
  })
  .meta({ id: 'RecordRule' });
export type RecordRule = z.output<typeof RecordRule>;

const tag = 'Records';
const params = z.object({ system: Key });
const answer = z.object({ rule: RecordRule });

export const records = {
  rules: endpoint({
    method: 'GET',
    path: '/api/v1/record-rules',
    tag,
    summary: 'How the records of each AI system are kept: how long, what is taken out, legal holds',
    may: 'read',
    answer: z.object({
      keptDays: z.int().describe('where nothing else is said'),
      rules: z.array(RecordRule),
    }),
  }),
  rule: endpoint({
    method: 'PUT',
    path: '/api/v1/systems/:system/record-rule',
    tag,
    summary: 'Say how long records are kept and what is taken out of those that come in from now on',
    may: 'system.edit',
    params,
    body: z.object({ ...rule, reason }),
    answer,
    refusals: ['system.unknown'],
  }),
  hold: endpoint({
    method: 'POST',
    path: '/api/v1/systems/:system/legal-holds',
    tag,
    summary: 'Place a legal hold: nothing of this system is deleted while it lies',
    may: 'incident.lead',
    params,
    body: z.object({ reason, matter: z.string().trim().max(200).default('').describe('an incident, a file number') }),
    answer,
    refusals: ['system.unknown', 'records.too-many-holds'],
  }),
  lift: endpoint({
    method: 'POST',
    path: '/api/v1/systems/:system/legal-holds/:hold/lift',
    tag,
    summary: 'Lift a legal hold; it takes somebody else than whoever placed it',
    may: 'incident.lead',
    params: z.object({ system: Key, hold: id('lgh') }),
    body: z.object({ reason }),
    answer,
    refusals: ['system.unknown', 'records.unknown-hold', 'records.same-person'],
  }),
};
