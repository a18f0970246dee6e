import { ARCHETYPES } from '@firebreak/core/detect/signals';
import { INCIDENT_ROLES } from '@firebreak/core/respond/incidents';
import { FLAGS } from '@firebreak/core/respond/triage-pack';
import { z } from 'zod';
import { candidateId } from '../detect/interactions.ts';
import { endpoint } from '../endpoint.ts';
import { SeverityCall } from '../prepare/rubric.ts';
import { At } from '../shapes.ts';

const words = z.array(z.string());
const tally = z.object({ bad: z.number(), all: z.number() });

export const TriagePack = z
  .object({
    title: z.string(),
    candidate: z.string().nullable(),
    incident: z.string().nullable(),
    assembledAt: At,
    /** Milliseconds it took to put this together. */
    tookMs: z.number(),
    /** Milliseconds from the candidate or the declaration until the first pack was there; null before. */
    timeToContextMs: z.number().nullable(),
    system: z
      .object({ key: z.string(), name: z.string(), type: z.string(), owner: z.string(), riskClass: z.string() })
      .nullable(),
    scope: z.object({
      system: z.string(),
      feature: z.string().nullable(),
      from: At,
      to: At,
      versions: z.object({ prompt: words, model: words, index: words, tools: words }),
      population: z.string(),
      regions: words,
    }),
    archetype: z.enum(ARCHETYPES).nullable(),
    severity: SeverityCall,
    suspects: z.array(
      z.object({
        kind: z.string(),
        subject: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        deployment: z.string().nullable(),
        diff: z.string().nullable(),
        note: z.string(),
        source: z.string(),
        link: z.string(),
        occurredAt: At,
        minutesBefore: z.number(),
        named: z.boolean(),
        why: z.string(),
      }),
    ),
    onset: z.object({ minute: z.string(), before: tally, after: tally, reads: z.string() }).nullable(),
    /** Requests and interactions with a signal, by minute, for drawing. */
    minutes: z.array(z.object({ minute: z.string(), all: z.number(), bad: z.number() })),
    blast: z.array(
      z.object({
        of: z.string(),
        value: z.number().nullable(),
        limits: z.object({ point: z.number(), lower: z.number(), upper: z.number() }).nullable(),
        sureness: z.enum(['counted', 'at-least', 'sampled', 'not-captured']),
        how: z.string(),
      }),
    ),
    downstream: z.object({
      nodes: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          depth: z.int(),
          via: z.string(),
          label: z.enum(['measured', 'derived', 'assumed']),
          count: z.number().nullable().describe('calls in the answers that went wrong'),
          approval: z.string().describe('who has to approve first; nothing is followed beyond it'),
        }),
      ),
      more: z.int(),
    }),
    flags: z.array(z.object({ flag: z.enum(FLAGS), is: z.enum(['yes', 'no', 'unknown']), why: z.string() })),
    /** The playbook for this kind of failure in this kind of system, with the steps of its first half hour. */
    playbook: z
      .object({
        id: z.string(),
        name: z.string(),
        steps: z.array(z.object({ text: z.string(), owner: z.string().nullable() })),
      })
      .nullable(),
    roles: z.array(z.object({ role: z.enum(INCIDENT_ROLES), why: z.string() })),
    missing: words,
  })
  .meta({ id: 'TriagePack' });
export type TriagePack = z.output<typeof TriagePack>;

const tag = 'Triage';

export const triagePack = {
  ofCandidate: endpoint({
    method: 'GET',
    path: '/api/v1/candidates/:candidate/pack',
    tag,
    summary: 'The triage pack of a candidate: what changed, where it began, whom it reached, what is unknown',
    may: 'read',
    params: z.object({ candidate: candidateId }),
    answer: TriagePack,
    refusals: ['candidate.unknown'],
  }),
  ofIncident: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/pack',
    tag,
    summary: 'The triage pack of an incident, as of now',
    may: 'read',
    params: z.object({ incident: z.string().min(5).max(80) }),
    answer: TriagePack,
    refusals: ['incident.unknown'],
  }),
};
