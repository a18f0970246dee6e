import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Severity } from '../prepare/rubric.ts';
import { about, oneOfThem } from './archetypes.ts';

const MOST_BYTES = 32 * 1024 * 1024;
const line = z.number().int();

export const SimilarIncident = z
  .object({
    origin: z.enum(['own', 'public']),
    id: z.string(),
    label: z.string().nullable(),
    title: z.string(),
    /** Day it happened or was declared, where somebody said. */
    date: z.string().nullable(),
    link: z.string().nullable(),
    likeness: z.number().describe('share of the asked words it holds, rare ones weighing more; 0 to 1'),
    shared: z.array(z.string()).describe('words of the question that it holds'),
    sameArchetype: z.boolean(),
    nearMiss: z.boolean().describe('it reached nobody: something stopped it'),
    severity: Severity.nullable(),
    state: z.string().nullable(),
    outcome: z.string().nullable().describe('how it ended, in the words of whoever said so'),
    worked: z.array(z.string()).describe('measures that were confirmed to hold'),
    failed: z.array(z.string()).describe('measures that were ordered and did not hold'),
  })
  .meta({ id: 'SimilarIncident' });
export type SimilarIncident = z.output<typeof SimilarIncident>;

export const similar = {
  findSimilar: endpoint({
    method: 'GET',
    path: '/api/v1/similar',
    tag: 'Similar incidents',
    summary: 'Own and public incidents that resemble a candidate, an incident or a text, best first',
    may: 'read',
    query: z.object({ ...about, limit: z.coerce.number().int().min(1).max(50).default(5) }).refine(...oneOfThem),
    answer: z.object({
      items: z.array(SimilarIncident),
      among: z.object({ own: z.int(), public: z.int() }).describe('how many were compared with'),
    }),
    refusals: ['candidate.unknown', 'incident.unknown'],
  }),
  importCorpus: endpoint({
    method: 'POST',
    path: '/api/v1/corpus/import',
    tag: 'Similar incidents',
    summary: 'Take public incidents from a snapshot of the AI Incident Database (incidents.csv)',
    may: 'system.edit',
    body: z.object({
      text: z
        .string()
        .min(1)
        .max(MOST_BYTES / 2),
    }),
    answer: z.object({
      taken: z.int().describe('new or told differently'),
      unchanged: z.int(),
      bad: z.array(z.object({ line, why: z.string() })).describe('rows left out, the first 500'),
      badRows: z.int(),
      public: z.int().describe('how many public incidents there are now'),
    }),
    refusals: ['corpus.unreadable', 'corpus.too-large'],
    bodyLimit: MOST_BYTES,
  }),
};
