import {
  CONTACT_WAYS,
  DUTIES,
  MOST_QUESTIONS,
  PARTIES,
  SUPPLY_KINDS,
  VENDOR_LIMITS,
  VERDICTS,
} from '@firebreak/core/prepare/vendors';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Line } from '../shapes.ts';

const short = z.string().trim().max(200).default('');
const webAddress = z
  .string()
  .trim()
  .max(500)
  .refine(
    (text) => text === '' || /^https?:\/\/\S+$/.test(text),
    'write a web address that begins with https://, or leave it empty',
  )
  .default('');

export const Supply = z.object({ kind: z.enum(SUPPLY_KINDS), name: Line }).meta({ id: 'VendorSupply' });
export const Contact = z
  .object({
    name: Line,
    how: z.enum(CONTACT_WAYS),
    address: Line,
    hours: short,
    answerMinutes: z
      .number()
      .int()
      .min(1)
      .max(43_200)
      .nullable()
      .default(null)
      .describe('how soon an answer is due; null: nothing is agreed'),
    contract: short,
  })
  .meta({ id: 'VendorContact' });
export type Contact = z.output<typeof Contact>;
export const Responsibility = z
  .object({ duty: z.enum(DUTIES), who: z.enum(PARTIES), note: z.string().trim().max(500).default('') })
  .meta({ id: 'VendorResponsibility' });
export type Responsibility = z.output<typeof Responsibility>;
export const VendorAnswer = z
  .object({
    question: z.string().min(1).max(80),
    enough: z.enum(VERDICTS).describe('whether the answer is good enough for us'),
    text: z.string().trim().max(5_000).default(''),
    evidence: webAddress,
    answeredOn: z.iso.date(),
    reviewBy: z.iso.date().nullable().default(null),
  })
  .meta({ id: 'VendorAnswer' });
export type VendorAnswer = z.output<typeof VendorAnswer>;
export const VendorQuestion = z
  .object({
    id: z.string(),
    text: z.string(),
    why: z.string(),
    incident: z.string().nullable().describe('label of the incident that taught it'),
    addedAt: At.nullable().describe('null: delivered'),
  })
  .meta({ id: 'VendorQuestion' });
export type VendorQuestion = z.output<typeof VendorQuestion>;
export const VendorGap = z
  .object({
    kind: z.enum(['no-contact', 'no-answer-time', 'duty', 'unanswered', 'not-enough', 'stale']),
    duty: z.enum(DUTIES).optional(),
    why: z.enum(['nobody', 'unsaid']).optional(),
    question: z.string().optional(),
  })
  .meta({ id: 'VendorGap' });
export type VendorGap = z.output<typeof VendorGap>;
export const Dependant = z
  .object({
    system: z.string(),
    name: z.string(),
    because: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('named') }),
      z.object({ kind: z.literal('dependency'), on: z.string() }),
      z.object({ kind: z.literal('model'), model: z.string() }),
      z.object({ kind: z.literal('through'), system: z.string() }),
    ]),
  })
  .meta({ id: 'VendorDependant' });
export type Dependant = z.output<typeof Dependant>;

const description = {
  name: Line,
  supplies: z.array(Supply).max(VENDOR_LIMITS.supplies).default([]),
  aliases: z
    .array(Line)
    .max(VENDOR_LIMITS.aliases)
    .default([])
    .describe('names by which telemetry and systems mean it, for example gen_ai.provider.name'),
  owner: id('usr'),
  statusPage: webAddress,
  note: z.string().trim().max(2_000).default(''),
};

export const VendorRow = z
  .object({
    id: id('vnd'),
    name: z.string(),
    supplies: z.array(Supply),
    aliases: z.array(z.string()),
    owner: z.string(),
    statusPage: z.string(),
    note: z.string(),
    contactCount: z.int(),
    responsibilities: z.array(Responsibility),
    gaps: z.array(VendorGap),
    dependants: z.array(Dependant).describe('at most 500'),
    dependantCount: z.int(),
    changedAt: At,
    changedBy: Actor,
    retired: z.string().nullable(),
  })
  .meta({ id: 'VendorRow' });
export type VendorRow = z.output<typeof VendorRow>;
export const Vendor = z
  .object({
    ...VendorRow.shape,
    contacts: z.array(Contact).nullable().describe('first to be called first; null: they were erased'),
    questions: z.array(z.object({ question: VendorQuestion, answer: VendorAnswer.nullable() })),
  })
  .meta({ id: 'Vendor' });
export type Vendor = z.output<typeof Vendor>;

const tag = 'Vendors';
export const vendorInPath = z.object({ vendor: z.string().min(2).max(200).describe('id, name or alias') });
const params = vendorInPath;
const byId = z.object({ vendor: id('vnd') });
const answer = z.object({ vendor: Vendor });
const living = ['vendor.unknown', 'vendor.retired'];
const questionsAnswer = z.object({ questions: z.array(VendorQuestion).max(MOST_QUESTIONS) });
const reason = z.string().trim().min(1).max(500);

export const vendors = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/vendors',
    tag,
    summary: 'Vendors by name, and names that systems use and no record answers to',
    may: 'read',
    query: z.object({ show: z.enum(['used', 'all']).default('used') }),
    answer: z.object({
      vendors: z.array(VendorRow),
      unrecorded: z.array(z.object({ name: z.string(), systems: z.array(z.string()) })).describe('at most 100'),
    }),
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/vendors/:vendor',
    tag,
    summary: 'One vendor, by id, name or alias: whom to call, who does what, what it answered',
    may: 'read',
    params,
    answer,
    refusals: ['vendor.unknown'],
  }),
  register: endpoint({
    method: 'POST',
    path: '/api/v1/vendors',
    tag,
    summary: 'Register a vendor',
    may: 'vendor.edit',
    body: z.object(description),
    answer,
    status: 201,
    refusals: ['vendor.name-taken', 'person.unknown'],
  }),
  describe: endpoint({
    method: 'PUT',
    path: '/api/v1/vendors/:vendor',
    tag,
    summary: 'Describe a vendor anew',
    may: 'vendor.edit',
    params: byId,
    body: z.object(description),
    answer,
    refusals: [...living, 'vendor.name-taken', 'person.unknown'],
  }),
  setEscalation: endpoint({
    method: 'PUT',
    path: '/api/v1/vendors/:vendor/escalation',
    tag,
    summary: 'Set the escalation path, first to be called first',
    may: 'vendor.edit',
    params: byId,
    body: z.object({ contacts: z.array(Contact).max(VENDOR_LIMITS.contacts) }),
    answer,
    refusals: living,
  }),
  setResponsibilities: endpoint({
    method: 'PUT',
    path: '/api/v1/vendors/:vendor/responsibilities',
    tag,
    summary: 'Say who does what: the vendor, we, both, or nobody',
    may: 'vendor.edit',
    params: byId,
    body: z.object({ responsibilities: z.array(Responsibility).max(DUTIES.length) }),
    answer,
    refusals: living,
  }),
  answerQuestion: endpoint({
    method: 'PUT',
    path: '/api/v1/vendors/:vendor/answers',
    tag,
    summary: 'Record what a vendor answered to a question',
    may: 'vendor.edit',
    params: byId,
    body: VendorAnswer,
    answer,
    refusals: [...living, 'vendor.unknown-question', 'vendor.bad-review', 'time.in-future'],
  }),
  retire: endpoint({
    method: 'POST',
    path: '/api/v1/vendors/:vendor/retire',
    tag,
    summary: 'Retire a vendor that is no longer used',
    may: 'vendor.edit',
    params: byId,
    body: z.object({ reason }),
    answer,
    refusals: ['vendor.unknown'],
  }),
  questions: endpoint({
    method: 'GET',
    path: '/api/v1/vendor-questions',
    tag,
    summary: 'What every vendor is asked: the delivered questions, and those that incidents taught',
    may: 'read',
    answer: questionsAnswer,
  }),
  addQuestion: endpoint({
    method: 'POST',
    path: '/api/v1/vendor-questions',
    tag,
    summary: 'Ask every vendor one question more, and say why',
    may: 'vendor.edit',
    body: z.object({
      text: z.string().trim().min(1).max(500),
      why: z.string().trim().min(1).max(1_000),
      incident: z.string().trim().min(5).max(80).nullable().default(null),
    }),
    answer: questionsAnswer,
    status: 201,
    refusals: ['vendor.question-there', 'vendor.too-many-questions'],
  }),
  dropQuestion: endpoint({
    method: 'POST',
    path: '/api/v1/vendor-questions/:question/drop',
    tag,
    summary: 'Stop asking a question; answers stay in the record',
    may: 'vendor.edit',
    params: z.object({ question: z.string().min(1).max(80) }),
    body: z.object({ reason }),
    answer: questionsAnswer,
  }),
};
