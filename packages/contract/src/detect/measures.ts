import { MEASURE_KINDS, MEASURE_LIMITS, MEASURE_NAME, MEASURE_ORIGINS } from '@firebreak/core/detect/measures';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, Key } from '../shapes.ts';
import { systemKey, timeGiven } from './interactions.ts';
import { BATCH_LIMIT, intakeAnswer, WIRE_LIMIT } from './signals.ts';

const word = z.string().trim().min(1).max(128);
const groupText = z.string().trim().min(1).max(MEASURE_LIMITS.groupText);

/** A business number: how long a queue is, how many complained, how many decisions were reversed. */
export const measureGiven = z
  .object({
    id: word.nullish().describe("the sender's own id; sending it again changes nothing"),
    system: systemKey,
    name: z
      .string()
      .regex(MEASURE_NAME, 'begin with a letter; then letters, digits, dots, hyphens and slashes, at most 120')
      .describe('for example review-backlog, complaints-by-phone, loans-declined, task-completion'),
    value: z.number().finite().nullish().describe('a level as it stands, such as the length of a queue'),
    count: z.number().min(0).max(1e12).nullish().describe('how many there were since the last time'),
    of: z.number().min(0).max(1e12).nullish().describe('out of how many; makes a rate of `count`'),
    unit: z.string().trim().max(32).nullish(),
    at: timeGiven.nullish(),
    feature: word.nullish(),
    groups: z
      .record(groupText, groupText)
      .refine((it) => Object.keys(it).length <= MEASURE_LIMITS.groups, `at most ${MEASURE_LIMITS.groups} groups`)
      .nullish(),
  })
  .refine((it) => (it.value ?? null) !== null || (it.count ?? null) !== null, {
    path: ['value'],
    message: 'say `value`, or `count` with or without `of`',
  })
  .refine((it) => (it.value ?? null) === null || (it.count ?? null) === null, {
    path: ['count'],
    message: 'a number is either a `value` or a `count`, not both',
  })
  .refine((it) => (it.of ?? null) === null || ((it.count ?? null) !== null && it.count! <= it.of!), {
    path: ['of'],
    message: '`of` needs a `count` that is not larger',
  })
  .meta({ id: 'MeasureGiven' });
export type MeasureGiven = z.input<typeof measureGiven>;

export const MeasurePoint = z
  .object({
    at: At,
    n: z.number().describe('observations'),
    value: z.number().nullable(),
    low: z.number().nullable().describe('of a rate, the lower 95 % limit; of values, the smallest'),
    high: z.number().nullable(),
  })
  .meta({ id: 'MeasurePoint' });
export type MeasurePoint = z.output<typeof MeasurePoint>;

export const MeasureRow = z
  .object({
    system: z.string(),
    name: z.string(),
    title: z.string(),
    says: z.string().nullable().describe('what it counts, where Firebreak knows it'),
    kind: z.enum(MEASURE_KINDS),
    unit: z.string(),
    origin: z.enum(MEASURE_ORIGINS),
    series: z.int().describe('lines it is kept by: feature, model, prompt version, groups'),
    lastAt: At,
    last: z.number().nullable().describe('of the last hour with data: rate, mean, sum or 90th percentile'),
    lastN: z.number(),
    spark: z.array(z.number().nullable()).describe('24 hours, an hour each, oldest first'),
  })
  .meta({ id: 'MeasureRow' });
export type MeasureRow = z.output<typeof MeasureRow>;

export const RANGES = ['3h', '24h', '7d', '30d'] as const;
export const SPLITS = ['none', 'feature', 'model', 'prompt'] as const;

export const MeasureLine = z
  .object({ label: z.string().describe('empty: all together'), points: z.array(MeasurePoint) })
  .meta({ id: 'MeasureLine' });

const tag = 'Measures';
export const measures = {
  send: endpoint({
    method: 'POST',
    path: '/api/v1/measures',
    tag: 'Intake',
    summary: 'Report business numbers: queues, complaints, backlogs, decisions; one, many or NDJSON',
    may: 'telemetry.send',
    body: z.union([measureGiven, z.array(measureGiven).min(1).max(BATCH_LIMIT)]),
    answer: intakeAnswer,
    refusals: ['telemetry.too-busy', 'telemetry.too-large', 'telemetry.unreadable', 'telemetry.batch-refused'],
    bodyLimit: WIRE_LIMIT,
  }),
  otlpMetrics: endpoint({
    method: 'POST',
    path: '/v1/metrics',
    tag: 'Intake',
    summary: 'OTLP/HTTP metrics, protobuf or JSON, plain or gzip: gauges, sums, histograms of both kinds, summaries',
    may: 'telemetry.send',
    body: z.unknown().describe('ExportMetricsServiceRequest'),
    answer: z.object({
      partialSuccess: z.object({ rejectedDataPoints: z.string(), errorMessage: z.string() }).optional(),
    }),
    refusals: ['telemetry.too-busy', 'telemetry.too-large', 'telemetry.unreadable', 'request.media-type'],
    bodyLimit: WIRE_LIMIT,
  }),
  list: endpoint({
    method: 'GET',
    path: '/api/v1/measures',
    tag,
    summary: 'What is measured of each system, with the last day; and what was left out',
    may: 'read',
    query: z.object({ system: Key.optional() }),
    answer: z.object({
      measures: z.array(MeasureRow),
      more: z.boolean().describe('there are more than are listed; ask for one system'),
      leftOut: z.array(
        z.object({ system: z.string(), name: z.string(), why: z.string(), count: z.number(), lastAt: At }),
      ),
    }),
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/measures/:system/:measure',
    tag,
    summary: 'One measure over time, together or split',
    may: 'read',
    params: z.object({ system: Key, measure: z.string().max(MEASURE_LIMITS.name) }),
    query: z.object({
      range: z.enum(RANGES).default('24h'),
      split: z.enum(SPLITS).default('none'),
      feature: z.string().max(128).optional(),
    }),
    answer: z.object({
      measure: MeasureRow,
      from: At,
      to: At,
      stepMinutes: z.int(),
      lines: z.array(MeasureLine).describe('at most 8, the largest first'),
      more: z.int().describe('lines beyond that'),
      parts: z.array(z.object({ name: z.string(), share: z.number() })).describe('of a mix, in this range'),
    }),
    refusals: ['measure.unknown'],
  }),
};
