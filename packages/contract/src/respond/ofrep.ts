import { z } from 'zod';
import { endpoint } from '../endpoint.ts';

/**
 * OpenFeature Remote Evaluation Protocol 0.3.0. Flags are permissions: the default in the caller's code is what happens
 * when nobody answers.
 */
const context = z
  .record(z.string().max(200), z.unknown())
  .describe(
    'targetingKey, feature, model, prompt, provider, country, authenticated, agent, credential: a missing one is read the stricter way; tool, index, trigger, text, direction, attachments: what is about to be done, absent where it is not',
  );

/** Clients send `{"context":{}}`, no context, or no body at all. */
const request = z.object({ context: context.optional() }).loose().nullish();

const metadata = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export const OfrepEvaluation = z.object({
  key: z.string(),
  value: z
    .union([z.boolean(), z.string(), z.record(z.string(), z.unknown())])
    .optional()
    .describe('absent: use the default in the code'),
  reason: z.enum(['STATIC', 'TARGETING_MATCH', 'DISABLED', 'UNKNOWN']),
  variant: z.string().describe('always there: the Python provider does without a value, but not without this'),
  metadata: metadata.optional(),
});
export type OfrepEvaluation = z.output<typeof OfrepEvaluation>;

const tag = 'OFREP';

export const ofrep = {
  evaluateAll: endpoint({
    method: 'POST',
    path: '/ofrep/v1/evaluate/flags',
    tag,
    summary: 'Every permission for one context; 304 to the ETag already held',
    may: 'flags.read',
    body: request,
    answer: z.object({
      flags: z.array(OfrepEvaluation),
      metadata: metadata.optional(),
      eventStreams: z.array(z.object({ type: z.literal('sse'), endpoint: z.object({ requestUri: z.string() }) })),
    }),
    bodyLimit: 64 * 1024,
    refusals: ['page-key.other-origin'],
  }),
  /** The rest of the path is the key: older clients leave slashes raw. */
  evaluate: endpoint({
    method: 'POST',
    path: '/ofrep/v1/evaluate/flags/*',
    tag,
    summary: 'One permission: contain.<system>.<feature>.allowed, .model, .prompt or .provider',
    may: 'flags.read',
    body: request,
    answer: OfrepEvaluation,
    bodyLimit: 64 * 1024,
    refusals: ['page-key.other-origin'],
  }),
  /** Server-sent events; one `refetchEvaluation` on every connect and one on every change. `?ticket=` instead of a header: browsers send none. */
  eventsPath: '/ofrep/v1/events',
};
