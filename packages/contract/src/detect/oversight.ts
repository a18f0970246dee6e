import { NOTICE_KINDS } from '@firebreak/core/detect/oversight';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key, Moment } from '../shapes.ts';

const word = z.string().trim().min(1).max(128);
export const AgreementTerms = z
  .object({
    models: z
      .array(word)
      .max(100)
      .nullable()
      .default(null)
      .describe('models that may answer, `*` at the end for any ending; null: those its deployments name'),
    reviewed: z
      .array(z.object({ feature: word, withinMinutes: z.int().min(1).max(43_200) }))
      .max(50)
      .default([])
      .describe('features whose answers a person has to look at'),
    content: z.boolean().default(false).describe('questions and answers have to be captured'),
    perDay: z.int().min(1).max(1e9).nullable().default(null).describe('interactions a day, at least'),
  })
  .meta({ id: 'AgreementTerms' });

export const Agreement = z
  .object({
    ...AgreementTerms.shape,
    system: z.string(),
    name: z.string(),
    deployed: z.array(z.string()).describe('models that the deployments name'),
    answering: z
      .array(
        z.object({
          kind: z.enum(['model', 'provider']),
          asked: z.string(),
          answered: z.string(),
          count: z.number(),
          lastAt: At,
        }),
      )
      .describe('which model answered to which name, and which provider served which model'),
    lastDay: z.int().describe('interactions in the last 24 hours'),
    hole: z
      .object({ since: At, through: z.int() })
      .nullable()
      .describe('guards have let so many requests through since then, and nothing was recorded'),
    waiting: z.int().describe('answers that wait for a review'),
    bypassed: z.int().describe('answers that nobody looked at in time, in the time that is kept'),
    at: At.nullable().describe('when it was agreed; null: never'),
    by: Actor.nullable(),
  })
  .meta({ id: 'Agreement' });
export type Agreement = z.output<typeof Agreement>;

export const NoticeDescription = z
  .object({
    vendor: id('vnd'),
    kind: z.enum(NOTICE_KINDS),
    model: word.nullable().default(null).describe('null: all that the vendor supplies'),
    on: Moment.nullable().default(null).describe('when it takes effect'),
    text: z.string().trim().min(1).max(1_000),
    link: z
      .string()
      .trim()
      .max(1_000)
      .regex(/^(https?:\/\/.*)?$/, 'begin with http:// or https://')
      .default(''),
  })
  .meta({ id: 'SupplierNoticeDescription' });

export const SupplierNotice = z
  .object({
    id: id('ntc'),
    vendor: z.string(),
    vendorName: z.string().nullable(),
    kind: z.enum(NOTICE_KINDS),
    model: z.string().nullable(),
    on: At.nullable(),
    text: z.string(),
    link: z.string(),
    recordedAt: At,
    settled: z.string().nullable(),
    systems: z.array(z.string()).describe('that depend on it'),
  })
  .meta({ id: 'SupplierNotice' });
export type SupplierNotice = z.output<typeof SupplierNotice>;

const tag = 'Oversight';
export const oversight = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/oversight',
    tag,
    summary: 'What was agreed about each system, and what is seen of it',
    may: 'read',
    answer: z.object({ agreements: z.array(Agreement), notices: z.array(SupplierNotice) }),
  }),
  agree: endpoint({
    method: 'PUT',
    path: '/api/v1/oversight/:system',
    tag,
    summary: 'Say which models may answer, what a person has to look at, what has to be captured',
    may: 'system.edit',
    params: z.object({ system: Key }),
    body: AgreementTerms,
    answer: z.object({ agreement: Agreement }),
    refusals: ['system.unknown', 'oversight.too-many'],
  }),
  review: endpoint({
    method: 'POST',
    path: '/api/v1/human-reviews',
    tag: 'Intake',
    summary: 'Report that a person looked at an answer, before its time is up',
    may: 'telemetry.send',
    body: z.object({
      system: Key,
      interaction: z.string().trim().min(1).max(256).describe('our id, the id the sender gave it, or its trace'),
      by: word.describe('who looked, in words or as an opaque id'),
      outcome: z.enum(['accepted', 'changed', 'rejected']).default('accepted'),
    }),
    answer: z.object({ reviewed: z.int().describe('answers that this settles; 0: it was settled already') }),
    refusals: ['interaction.unknown'],
  }),
  notice: endpoint({
    method: 'POST',
    path: '/api/v1/supplier-notices',
    tag,
    summary: 'Record what a supplier announced: an end, changed behaviour, terms, logging or safety settings',
    may: 'vendor.edit',
    body: NoticeDescription,
    answer: z.object({ notice: SupplierNotice }),
    refusals: ['vendor.unknown'],
  }),
  settle: endpoint({
    method: 'POST',
    path: '/api/v1/supplier-notices/:notice/settle',
    tag,
    summary: 'Say that it is dealt with, and how',
    may: 'vendor.edit',
    params: z.object({ notice: id('ntc') }),
    body: z.object({ reason: z.string().trim().min(1).max(500) }),
    answer: z.object({}),
    refusals: ['supplier-notice.unknown'],
  }),
};
