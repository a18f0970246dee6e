import { TOPIC_NAMES } from '@firebreak/core/detect/backtest';
import { CANDIDATE_STATES } from '@firebreak/core/detect/candidates';
import { BACKTEST_LIMITS, type Backtest } from '@firebreak/core/detect/quality';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Line, Moment } from '../shapes.ts';
import { candidateId, systemKey } from './interactions.ts';

const MEBIBYTE = 1024 * 1024;

const rate = z
  .object({
    x: z.int(),
    n: z.int(),
    share: z.number().nullable(),
    interval: z.object({ lower: z.number(), upper: z.number() }).nullable().describe('Wilson, 95 %'),
  })
  .meta({ id: 'QualityRate' });

export const FIGURES = ['precision', 'duplicates', 'falsePages', 'coherence'] as const;
export type Figure = (typeof FIGURES)[number];

const over = {
  from: Moment.optional().describe('by when the candidate opened; 30 days ago if absent'),
  to: Moment.optional(),
  system: systemKey.optional(),
};

export const backtest = z
  .object({
    id: id('bkt'),
    topic: z.enum(TOPIC_NAMES),
    name: z.string(),
    rows: z.int(),
    digest: z.string().describe('SHA-256 of the rows as they were sent'),
    askedAt: At,
    askedBy: Actor,
    done: z
      .object({ at: At, scores: z.record(z.string(), z.union([z.number(), z.string()])), tookMs: z.int() })
      .nullable(),
    failed: z.string().nullable(),
  })
  .meta({ id: 'Backtest' }) satisfies z.ZodType<Backtest>;
export type BacktestRow = z.output<typeof backtest>;

const rowsText = z
  .string()
  .min(2)
  .max(BACKTEST_LIMITS.characters + 1_000_000)
  .describe(`one JSON object on each line, at most ${BACKTEST_LIMITS.rows}`);

export const quality = {
  figures: endpoint({
    method: 'GET',
    path: '/api/v1/quality',
    tag: 'Quality',
    summary: 'How good detection was: precision, duplicates, false pages, time to one event; drills never enter',
    may: 'read',
    query: z.object(over),
    answer: z.object({
      from: At,
      to: At,
      candidates: z.int(),
      madeOnPurpose: z.int().describe('drills and simulations, left out'),
      open: z.int(),
      more: z.boolean().describe('there were more candidates than are counted at once'),
      precision: rate,
      duplicates: rate,
      falsePages: rate,
      pagesOpen: z.int().describe('pages of candidates nobody has judged yet'),
      coherence: z.object({
        n: z.int(),
        never: z.int(),
        p50Ms: z.number().nullable(),
        p95Ms: z.number().nullable(),
      }),
    }),
  }),
  candidates: endpoint({
    method: 'GET',
    path: '/api/v1/quality/candidates',
    tag: 'Quality',
    summary: 'The candidates behind a figure, at most 200 on each side',
    may: 'read',
    query: z.object({ ...over, figure: z.enum(FIGURES) }),
    answer: z.object({
      items: z.array(
        z.object({
          candidate: candidateId,
          title: z.string(),
          system: z.string(),
          state: z.enum(CANDIDATE_STATES),
          openedAt: At,
          counted: z.boolean().describe('among those the figure counts, not only beside them'),
          says: z.string(),
        }),
      ),
    }),
  }),
  backtests: endpoint({
    method: 'GET',
    path: '/api/v1/backtests',
    tag: 'Quality',
    summary: 'Detection tried on labelled history, latest first',
    may: 'read',
    answer: z.object({ backtests: z.array(backtest), topics: z.array(z.enum(TOPIC_NAMES)) }),
  }),
  ask: endpoint({
    method: 'POST',
    path: '/api/v1/backtests',
    tag: 'Quality',
    summary:
      'Try the detection on labelled rows; worked out beside everything else, in the formats of the command line',
    may: 'candidate.judge',
    body: z.object({
      topic: z.enum(TOPIC_NAMES),
      name: Line,
      rows: rowsText,
      corpus: rowsText.nullable().default(null).describe('what is searched, for the topic `similar`'),
    }),
    answer: z.object({ backtest }),
    status: 201,
    refusals: ['backtest.unreadable', 'backtest.too-large', 'backtest.too-many'],
    bodyLimit: 20 * MEBIBYTE,
  }),
};
