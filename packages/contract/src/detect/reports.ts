import { REPORT_LIMITS, REPORT_STATES } from '@firebreak/core/detect/reports';
import { HARM_SAID } from '@firebreak/core/detect/signals';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, Key } from '../shapes.ts';
import { feedbackId } from './interactions.ts';

/** Largest body of a report, bytes: every text at its longest, as a form writes what is not Latin. */
export const REPORT_BODY_LIMIT = 96 * 1024;

const words = (most: number) => z.string().trim().max(most).nullish();

export const reportGiven = z
  .object({
    what: z.string().trim().min(1).max(REPORT_LIMITS.what).describe('what happened'),
    product: words(REPORT_LIMITS.product).describe('a name the page offers, or any other words'),
    quote: words(REPORT_LIMITS.quote).describe('what the AI system answered'),
    link: words(REPORT_LIMITS.link),
    when: words(REPORT_LIMITS.when).describe('in any words'),
    harm: z.enum(HARM_SAID).default('unsure').describe('whether somebody is harmed, or may be'),
    contact: z
      .email({ error: 'write it like name@example.com' })
      .max(REPORT_LIMITS.contact)
      .nullish()
      .describe('an e-mail address; kept only with `mayWrite`'),
    mayWrite: z.boolean().default(false).describe('whether the organisation may write there about this report'),
  })
  .meta({ id: 'ReportGiven' });

export const ReportReceived = z
  .object({
    reference: z.string().describe('with it, whoever holds it sees how far the report is, and nothing else'),
    state: z.enum(REPORT_STATES),
    contactKept: z.boolean(),
    promisedHours: z.int().describe('a person looks at it within so many hours'),
  })
  .meta({ id: 'ReportReceived' });

export const ReportSeen = z
  .object({
    state: z.enum(REPORT_STATES),
    receivedAt: At,
    answer: z.object({ text: z.string(), at: At }).nullable(),
  })
  .meta({ id: 'ReportSeen' });
export type ReportSeen = z.output<typeof ReportSeen>;

const name = z.object({
  name: z.string().trim().min(1).max(REPORT_LIMITS.name).describe('what strangers read'),
  system: Key,
  feature: z.string().trim().min(1).max(256).nullable().default(null),
});

export const ReportForm = z
  .object({
    on: z.boolean(),
    names: z.array(name).max(REPORT_LIMITS.names),
    intro: z.string().trim().max(REPORT_LIMITS.intro).describe('above the form; empty: nothing'),
    organisation: z.string().trim().max(REPORT_LIMITS.organisation).describe('how else it is reached; empty: not said'),
  })
  .meta({ id: 'ReportForm' });
export type ReportForm = z.output<typeof ReportForm>;

export const ReportShown = z
  .object({
    feedback: feedbackId,
    times: z.int().describe('how often the same words were sent'),
    contacts: z.array(z.object({ contact: z.string(), at: At })).describe('who may be written to, 20 at most'),
    state: z.enum(REPORT_STATES).describe('as whoever holds a reference is told'),
    answer: z.object({ text: z.string(), at: At }).nullable(),
  })
  .meta({ id: 'ReportShown' });
export type ReportShown = z.output<typeof ReportShown>;

const tag = 'Public reports';
const params = z.object({ feedback: feedbackId });

export const reports = {
  send: endpoint({
    method: 'POST',
    path: '/report',
    tag,
    summary: 'Report a failure, as anybody: without an account, without proof. JSON, or a form, which a page answers',
    may: null,
    body: reportGiven,
    answer: ReportReceived,
    status: 201,
    refusals: ['report.off', 'report.too-many', 'request.media-type', 'request.too-large'],
    bodyLimit: REPORT_BODY_LIMIT,
  }),
  look: endpoint({
    method: 'POST',
    path: '/report/status',
    tag,
    summary: 'How far a report is, for whoever holds its reference. JSON, or a form, which a page answers',
    may: null,
    body: z.object({ reference: z.string().max(100) }),
    answer: ReportSeen,
    refusals: ['report.unknown', 'report.too-many', 'request.media-type'],
    bodyLimit: 1_024,
  }),
  form: endpoint({
    method: 'GET',
    path: '/api/v1/report-form',
    tag,
    summary: 'What the public page shows and whether it takes reports',
    may: 'read',
    answer: ReportForm,
  }),
  setForm: endpoint({
    method: 'PUT',
    path: '/api/v1/report-form',
    tag,
    summary: 'Switch the public page on or off, and say what it shows',
    may: 'people.administer',
    body: ReportForm,
    answer: ReportForm,
    refusals: ['report.name-twice', 'system.unknown'],
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/reports/:feedback',
    tag,
    summary: 'Who may be written to about a report, and what was answered',
    may: 'candidate.judge',
    params,
    answer: ReportShown,
    refusals: ['report.unknown'],
  }),
  answer: endpoint({
    method: 'POST',
    path: '/api/v1/reports/:feedback/answer',
    tag,
    summary: 'Answer a report, for everybody who holds a reference of it; again: correct the answer',
    may: 'candidate.judge',
    params,
    body: z.object({ text: z.string().trim().min(1).max(REPORT_LIMITS.answer) }),
    answer: ReportShown,
    refusals: ['report.unknown'],
  }),
};
