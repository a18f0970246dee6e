import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At } from '../shapes.ts';

const tag = 'Evidence';

export const Checkpoint = z
  .object({ size: z.number().int(), root: z.string(), at: At, note: z.string() })
  .meta({ id: 'Checkpoint', description: 'A signed head of the log: C2SP signed note over origin, size and root.' });

export const evidence = {
  log: endpoint({
    method: 'GET',
    path: '/api/v1/evidence',
    tag,
    summary: 'State of the log: facts recorded, facts sealed, newest checkpoint, where copies go',
    may: 'read',
    answer: z.object({
      origin: z.string(),
      vkey: z.string(),
      facts: z.number().int(),
      sealed: z.number().int(),
      checkpoint: Checkpoint.nullable(),
      copies: z.string(),
    }),
  }),
  summary: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/evidence',
    tag,
    summary: 'What evidence an incident holds and how far it is sealed',
    may: 'read',
    params: z.object({ incident: z.string().min(5).max(80) }),
    answer: z.object({
      facts: z.number().int(),
      sealed: z.number().int(),
      manifests: z.number().int(),
      interactions: z.number().int(),
      signals: z.number().int(),
      around: z
        .number()
        .int()
        .describe(
          'records of its systems that came in before its orders, those it quotes among them; counted to 10,000',
        ),
    }),
    refusals: ['incident.unknown'],
  }),
  /** The bundle itself is a ZIP, streamed from this address. */
  bundlePath: (incident: string) => `/api/v1/incidents/${incident}/bundle`,
  verify: endpoint({
    method: 'POST',
    path: '/api/v1/evidence/verify',
    tag,
    summary: 'Check the whole log against its checkpoints, the copies outside the database included',
    may: 'read',
    answer: z.object({ intact: z.boolean(), checked: z.string(), findings: z.array(z.string()) }),
  }),
};
