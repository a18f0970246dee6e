import { PRODUCTS, SOURCE_LIMITS } from '@firebreak/core/prepare/sources';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, id, Key } from '../shapes.ts';

export const sourceId = id('src');
const tag = 'Sources';
const byId = z.object({ source: z.string().max(80) });
const reason = z.string().trim().min(1).max(500);

const description = {
  name: z.string().trim().min(1).max(SOURCE_LIMITS.name),
  system: Key.nullable().default(null).describe('the AI system everything from here is about'),
  label: z
    .string()
    .trim()
    .max(100)
    .default('')
    .describe('where a source tells of several systems: the label whose value names the system'),
  pages: z.boolean().default(false).describe('what it calls critical itself pages alone'),
};
const signingSecret = z
  .string()
  .trim()
  .min(8)
  .max(500)
  .describe('what the product signs with; from then on nothing unsigned is taken. Kept encrypted, shown to nobody');
const mapping = z
  .string()
  .max(SOURCE_LIMITS.mapping)
  .describe('JSONata; empty: read by the names products commonly use');

export const SourceRow = z
  .object({
    id: sourceId,
    ...description,
    system: z.string().nullable(),
    label: z.string(),
    pages: z.boolean(),
    product: z.enum(PRODUCTS),
    signed: z.boolean().describe('whether signatures are asked for'),
    mapping: z.string(),
    addedAt: At,
    ended: z.string().nullable(),
    address: z.string().describe('where the product sends; add the intake key in a header, or as the product can'),
    lastAt: At.nullable().describe('of the last delivery that was taken'),
    accepted: z.int(),
    ignored: z.int(),
    refused: z.int(),
  })
  .meta({ id: 'IntakeSource' });
export type SourceRow = z.output<typeof SourceRow>;

export const SourceDelivery = z
  .object({
    id: z.string(),
    at: At,
    outcome: z.enum(['accepted', 'ignored', 'refused']),
    why: z.string().describe('why it was refused or ignored, or what it did'),
    signals: z.array(z.string()).describe('ids of the signals it raised or touched, at most 20'),
    bytes: z.int(),
  })
  .meta({ id: 'SourceDelivery' });
export type SourceDelivery = z.output<typeof SourceDelivery>;

const one = z.object({ source: SourceRow });
const withKey = z.object({
  source: SourceRow,
  key: z.string().describe('the intake key, in this answer and nowhere else'),
});
const living = ['source.unknown', 'source.ended'];

export const sources = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/sources',
    tag,
    summary: 'Where alerts of other products come from, and when each was heard',
    may: 'read',
    answer: z.object({ sources: z.array(SourceRow) }),
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/sources/:source',
    tag,
    summary: 'One source with its newest 50 deliveries',
    may: 'read',
    params: byId,
    answer: z.object({ source: SourceRow, deliveries: z.array(SourceDelivery) }),
    refusals: ['source.unknown'],
  }),
  add: endpoint({
    method: 'POST',
    path: '/api/v1/sources',
    tag,
    summary: 'Add a source; the answer holds its intake key, once',
    may: 'system.edit',
    body: z.object({
      product: z.enum(PRODUCTS),
      ...description,
      signingSecret: signingSecret.optional(),
      mapping: mapping.default(''),
    }),
    answer: withKey,
    status: 201,
    refusals: ['source.too-many', 'source.bad-mapping', 'source.cannot-sign', 'system.unknown'],
  }),
  describe: endpoint({
    method: 'PUT',
    path: '/api/v1/sources/:source',
    tag,
    summary: 'Name a source anew, or say which system it is about',
    may: 'system.edit',
    params: byId,
    body: z.object(description),
    answer: one,
    refusals: [...living, 'system.unknown'],
  }),
  renew: endpoint({
    method: 'POST',
    path: '/api/v1/sources/:source/key',
    tag,
    summary: 'Make another intake key; the one before it is no longer good',
    may: 'system.edit',
    params: byId,
    answer: withKey,
    refusals: living,
  }),
  sign: endpoint({
    method: 'PUT',
    path: '/api/v1/sources/:source/signing-secret',
    tag,
    summary: 'Keep the secret the product signs with, or forget it',
    may: 'system.edit',
    params: byId,
    body: z.object({ signingSecret: signingSecret.nullable() }),
    answer: one,
    refusals: [...living, 'source.cannot-sign'],
  }),
  map: endpoint({
    method: 'PUT',
    path: '/api/v1/sources/:source/mapping',
    tag,
    summary: 'Set the mapping of a custom source',
    may: 'system.edit',
    params: byId,
    body: z.object({ mapping }),
    answer: one,
    refusals: [...living, 'source.bad-mapping'],
  }),
  end: endpoint({
    method: 'POST',
    path: '/api/v1/sources/:source/end',
    tag,
    summary: 'End a source: nothing from it is taken any more',
    may: 'system.edit',
    params: byId,
    body: z.object({ reason }),
    answer: one,
    refusals: ['source.unknown'],
  }),
};
