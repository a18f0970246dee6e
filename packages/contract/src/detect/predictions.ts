import { GAP_KINDS, PREDICTION_LIMITS } from '@firebreak/core/detect/predictions';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, Key } from '../shapes.ts';
import { systemKey, timeGiven } from './interactions.ts';
import { BATCH_LIMIT, intakeAnswer, WIRE_LIMIT } from './signals.ts';

const { groups, features, text } = PREDICTION_LIMITS;
const word = z.string().trim().min(1).max(text);
const few = <T extends z.ZodType>(value: T, most: number) =>
  z.record(word, value).refine((it) => Object.keys(it as object).length <= most, `at most ${most} members`);

export const predictionGiven = z
  .object({
    id: z
      .string()
      .trim()
      .min(1)
      .max(128)
      .describe('sent again with `actual`, the outcome is filled in; otherwise nothing changes'),
    system: systemKey,
    at: timeGiven.nullish(),
    score: z.number().min(0).max(1).nullish().describe('chance of the positive outcome'),
    positive: z.boolean().nullish().describe('what was decided'),
    actual: z.boolean().nullish().describe('what turned out to be true'),
    holdout: z.boolean().nullish().describe('asked on purpose of a case whose outcome is known'),
    groups: few(word, groups)
      .nullish()
      .describe('for example {"sex": "f", "age": "18-25"}; categories, never a person'),
    features: few(z.union([z.number(), word]), features)
      .nullish()
      .describe('what went in, for drift'),
  })
  .meta({ id: 'PredictionGiven' });

const share = z.object({ x: z.number(), n: z.number(), rate: z.number(), lower: z.number(), upper: z.number() });
const inGroup = share.extend({ value: z.string() });
export const Assessment = z
  .object({
    system: z.string(),
    before: z.int().describe('predictions compared with'),
    now: z.int().describe('the newest ones'),
    from: At.nullable().describe('since when the newest ones are'),
    drift: z.array(
      z.object({
        name: z.string(),
        psi: z.number(),
        chance: z.number().describe('what the index is by chance alone'),
        ks: z.object({ d: z.number(), p: z.number() }).nullable(),
        before: z.int(),
        now: z.int(),
        moved: z.boolean(),
      }),
    ),
    calibration: z
      .object({
        n: z.int(),
        brier: z.number(),
        brierLower: z.number(),
        brierUpper: z.number(),
        ece: z.number(),
        bins: z.array(z.object({ score: z.number(), observed: share })),
      })
      .nullable(),
    performance: z.array(
      z.object({
        which: z.enum(['live', 'holdout']),
        before: share.nullable(),
        now: share,
        change: z.object({ difference: z.number(), lower: z.number(), upper: z.number() }).nullable(),
        worse: z.boolean(),
      }),
    ),
    gaps: z.array(
      z.object({
        group: z.string(),
        kind: z.enum(GAP_KINDS),
        high: inGroup,
        low: inGroup,
        difference: z.number(),
        lower: z.number(),
        upper: z.number(),
        beyond: z.boolean(),
        tooFew: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'Assessment' });
export type Assessment = z.output<typeof Assessment>;

export const predictions = {
  send: endpoint({
    method: 'POST',
    path: '/api/v1/predictions',
    tag: 'Intake',
    summary: 'Report predictions of a predictive system, and later their outcomes',
    may: 'telemetry.send',
    body: z.union([predictionGiven, z.array(predictionGiven).min(1).max(BATCH_LIMIT)]),
    answer: intakeAnswer,
    refusals: ['telemetry.too-busy', 'telemetry.too-large', 'telemetry.unreadable', 'telemetry.batch-refused'],
    bodyLimit: WIRE_LIMIT,
  }),
  assessments: endpoint({
    method: 'GET',
    path: '/api/v1/predictions',
    tag: 'Measures',
    summary: 'Drift, calibration, how often it is right, and gaps between groups, by system',
    may: 'read',
    query: z.object({ system: Key.optional() }),
    answer: z.object({ assessments: z.array(Assessment) }),
  }),
};
