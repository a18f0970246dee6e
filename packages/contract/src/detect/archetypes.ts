import type { ArchetypeSuggestion } from '@firebreak/core/detect/archetypes';
import { ARCHETYPES } from '@firebreak/core/detect/signals';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { candidateId } from './interactions.ts';

const chance = z.number().min(0).max(1);

export const archetypeSuggestion = z
  .object({
    verdict: z.enum(['named', 'outside', 'unsure']),
    archetype: z.enum(ARCHETYPES).nullable(),
    confidence: chance,
    others: z.array(z.object({ archetype: z.enum(ARCHETYPES), confidence: chance })).readonly(),
    because: z.array(z.object({ word: z.string(), weight: chance })).readonly(),
  })
  .meta({ id: 'ArchetypeSuggestion' }) satisfies z.ZodType<ArchetypeSuggestion>;

/** An address line may be 16 KiB long, and a letter takes up to nine of them. */
const MOST_TEXT = 1_500;

/** What is asked about: exactly one of a candidate, an incident (id or label), a text. */
export const about = {
  candidate: candidateId.optional(),
  incident: z.string().min(5).max(80).optional(),
  text: z.string().trim().min(3).max(MOST_TEXT).optional(),
};
const named = (it: { candidate?: unknown; incident?: unknown; text?: unknown }): boolean =>
  [it.candidate, it.incident, it.text].filter((each) => each !== undefined).length === 1;
export const oneOfThem = [named, { message: 'ask about one thing: candidate, incident or text' }] as const;

export const archetypes = {
  suggestArchetype: endpoint({
    method: 'GET',
    path: '/api/v1/archetypes/suggestion',
    tag: 'Archetypes',
    summary: 'The kind of failure a candidate, an incident or a text tells of, with the words that weighed',
    may: 'read',
    query: z.object(about).refine(...oneOfThem),
    answer: z.object({
      suggestion: archetypeSuggestion,
      found: z.enum(ARCHETYPES).nullable().describe('what the detectors of the candidate said, which goes first'),
    }),
    refusals: ['candidate.unknown', 'incident.unknown'],
  }),
};
