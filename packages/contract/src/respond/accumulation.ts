import { ARCHETYPES } from '@firebreak/core/detect/signals';
import { ACCUMULATION_RULES, PROPOSAL_STATES } from '@firebreak/core/respond/accumulation';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Severity } from '../prepare/rubric.ts';
import { Actor, At, id, Line } from '../shapes.ts';
import { Incident } from './incidents.ts';

export const Proposal = z
  .object({
    id: id('prp'),
    system: z.string(),
    archetype: z.enum(ARCHETYPES),
    control: z.string().nullable(),
    children: z.array(z.object({ incident: id('inc'), label: z.string(), severity: Severity })),
    severity: Severity.describe('what the parent would be declared as'),
    reach: z.number().nullable().describe('the reach of all together, 0 to 4, where their people are known'),
    rules: z.array(z.enum(ACCUMULATION_RULES)),
    reasons: z.array(z.string()),
    state: z.enum(PROPOSAL_STATES),
    proposedAt: At,
    ended: z.object({ at: At, by: Actor, reason: z.string() }).nullable(),
    parent: id('inc').nullable(),
  })
  .meta({ id: 'ParentProposal' });
export type Proposal = z.output<typeof Proposal>;

const tag = 'Incidents';
const params = z.object({ proposal: id('prp') });

export const accumulation = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/parent-proposals',
    tag,
    summary: 'Small incidents that together may be a graver one, newest first, with the reasons',
    may: 'read',
    query: z.object({ show: z.enum(['open', 'all']).default('open'), incident: z.string().min(5).max(80).optional() }),
    answer: z.object({ proposals: z.array(Proposal) }),
    refusals: ['incident.unknown'],
  }),
  accept: endpoint({
    method: 'POST',
    path: '/api/v1/parent-proposals/:proposal/accept',
    tag,
    summary: 'Declare the parent incident; the others become its parts',
    may: 'incident.declare',
    params,
    body: z.object({ title: Line }),
    answer: z.object({ incident: Incident }),
    status: 201,
    refusals: ['proposal.unknown', 'proposal.ended', 'incident.has-parent'],
  }),
  dismiss: endpoint({
    method: 'POST',
    path: '/api/v1/parent-proposals/:proposal/dismiss',
    tag,
    summary: 'Say that these incidents do not belong together, and why',
    may: 'incident.lead',
    params,
    body: z.object({ reason: z.string().trim().min(3).max(1_000) }),
    answer: z.object({ proposal: Proposal }),
    refusals: ['proposal.unknown', 'proposal.ended'],
  }),
};
