import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At } from '../shapes.ts';

const level = z.number().int().min(0).max(4).nullable();
/** Answers to the six questions, 0 to 4, or null for "nobody knows yet". */
export const Axes = z
  .object({ harm: level, reach: level, data: level, regulatory: level, autonomy: level, control: level })
  .meta({ id: 'Axes' });
export const Severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).meta({ id: 'Severity' });
export const SeverityCall = z
  .object({
    severity: Severity,
    rules: z.array(z.string()),
    reasons: z.array(z.string()),
    provisional: z.boolean(),
    worstCase: Severity,
    unknown: z.array(z.string()),
    couldBe: z.array(z.string()),
  })
  .meta({ id: 'SeverityCall' });

const Bounds = z.object({
  atLeast: z.number().int().min(0).max(4).optional(),
  atMost: z.number().int().min(0).max(4).optional(),
});
const Condition = z.strictObject({
  harm: Bounds.optional(),
  reach: Bounds.optional(),
  data: Bounds.optional(),
  regulatory: Bounds.optional(),
  autonomy: Bounds.optional(),
  control: Bounds.optional(),
});
const VoiceLimit = z.object({ p90Over: z.number().positive().max(600), completionUnder: z.number().min(0).max(1) });
/** Rules, voice limits, definition and worked examples: everything about severity that an organisation decides. */
export const SeverityTable = z
  .object({
    definition: z.string().trim().min(1).max(4_000),
    rules: z
      .array(
        z.object({
          id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,23}$/, 'letters, digits, dot and dash'),
          severity: z.union([z.literal(1), z.literal(2), z.literal(3)]),
          reads: z.string().trim().min(3).max(300),
          when: z.array(Condition).min(1).max(12),
        }),
      )
      .min(1)
      .max(60),
    voice: z.object({ sev1: VoiceLimit, sev2: VoiceLimit }),
    examples: z.array(z.object({ text: z.string().trim().min(3).max(500), axes: Axes, severity: Severity })).max(40),
  })
  .meta({ id: 'SeverityTable' });
export type SeverityTable = z.output<typeof SeverityTable>;
export const VoiceFigures = z.object({
  p90Seconds: z.number().min(0).max(3_600),
  completion: z.number().min(0).max(1),
});

const versionOf = { version: z.number().int(), reason: z.string(), at: At.nullable(), by: z.string().nullable() };
export const AdoptedTable = z.object({ ...versionOf, table: SeverityTable }).meta({ id: 'AdoptedTable' });
const tag = 'Severity';

export const rubric = {
  current: endpoint({
    method: 'GET',
    path: '/api/v1/rubric',
    tag,
    summary: 'The severity table in force, and the versions before it',
    may: 'read',
    answer: z.object({
      current: AdoptedTable,
      versions: z.array(z.object(versionOf)),
      voiceNote: z.string(),
    }),
  }),
  version: endpoint({
    method: 'GET',
    path: '/api/v1/rubric/versions/:version',
    tag,
    summary: 'One version of the severity table',
    may: 'read',
    params: z.object({ version: z.coerce.number().int().min(1).max(100_000) }),
    answer: AdoptedTable,
    refusals: ['rubric.unknown-version'],
  }),
  check: endpoint({
    method: 'POST',
    path: '/api/v1/rubric/check',
    tag,
    summary: 'What is wrong with a table: worse answers that come out milder, examples it contradicts',
    may: 'read',
    body: z.object({ table: SeverityTable }),
    answer: z.object({ faults: z.array(z.object({ pointer: z.string(), why: z.string() })) }),
  }),
  adopt: endpoint({
    method: 'PUT',
    path: '/api/v1/rubric',
    tag,
    summary: 'Puts a severity table in force',
    may: 'rubric.adopt',
    body: z.object({
      table: SeverityTable,
      /** The version the table was made from. */
      basedOn: z.number().int().min(1),
      reason: z.string().max(1_000),
    }),
    answer: z.object({ current: AdoptedTable }),
    refusals: ['rubric.faulty', 'rubric.changed-meanwhile', 'rubric.reason-missing'],
  }),
  accept: endpoint({
    method: 'POST',
    path: '/api/v1/rubric/accept',
    tag,
    summary: 'Takes the table as delivered for one’s own, word for word',
    may: 'rubric.adopt',
    body: z.object({ version: z.number().int().min(1).describe('the version that was read') }),
    answer: z.object({ current: AdoptedTable }),
    refusals: ['rubric.changed-meanwhile'],
  }),
  suggest: endpoint({
    method: 'POST',
    path: '/api/v1/rubric/suggest',
    tag,
    summary: 'Severity from answers, with reasons',
    may: 'read',
    body: z.object({ axes: Axes, voice: VoiceFigures.optional(), legal: Severity.optional() }),
    answer: SeverityCall,
  }),
};
