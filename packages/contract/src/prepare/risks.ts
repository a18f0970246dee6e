import { TREATMENTS } from '@firebreak/core/prepare/risks';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key, Line } from '../shapes.ts';

const grade = z.number().int().min(1).max(5);
export const Grade = z.object({ likelihood: grade, impact: grade }).meta({ id: 'RiskGrade' });
const words = z.string().trim().max(2_000).default('');
const description = {
  title: Line,
  failureMode: words,
  proximateCause: words,
  contributing: z.array(Line).max(20).default([]),
  systems: z.array(Key).max(200).default([]),
  owner: id('usr'),
  inherent: Grade,
  treatment: z.enum(TREATMENTS).default('untreated'),
  treatmentNote: words,
  residual: Grade.nullable().default(null),
  reviewBy: z.iso.date().nullable().default(null),
};
/** A sentence: what made somebody write this down, for example the label of an incident. */
const because = z.string().trim().min(1).max(500);

export const Risk = z
  .object({
    id: id('rsk'),
    title: z.string(),
    failureMode: z.string(),
    proximateCause: z.string(),
    contributing: z.array(z.string()),
    systems: z.array(z.string()),
    owner: z.string(),
    inherent: Grade,
    treatment: z.enum(TREATMENTS),
    treatmentNote: z.string(),
    residual: Grade.nullable(),
    reviewBy: z.string().nullable(),
    registeredAt: At,
    changedAt: At,
    changedBy: Actor,
    because: z.array(z.object({ at: At, text: z.string() })),
    closed: z.string().nullable(),
    overdue: z.boolean(),
  })
  .meta({ id: 'Risk' });
export type Risk = z.output<typeof Risk>;

const tag = 'Risks';
const params = z.object({ risk: id('rsk') });
const faults = ['risk.residual-worse', 'risk.acceptance-open-ended', 'person.unknown'];

export const risks = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/risks',
    tag,
    summary: 'The risk register, gravest first',
    may: 'read',
    query: z.object({ system: Key.optional(), show: z.enum(['open', 'all']).default('open') }),
    answer: z.object({ risks: z.array(Risk) }),
  }),
  register: endpoint({
    method: 'POST',
    path: '/api/v1/risks',
    tag,
    summary: 'Write a risk into the register',
    may: 'risk.edit',
    body: z.object({ ...description, because }),
    answer: z.object({ risk: Risk }),
    refusals: faults,
  }),
  describe: endpoint({
    method: 'PUT',
    path: '/api/v1/risks/:risk',
    tag,
    summary: 'Describe a risk anew, with what was learnt',
    may: 'risk.edit',
    params,
    body: z.object({ ...description, because }),
    answer: z.object({ risk: Risk }),
    refusals: [...faults, 'risk.unknown', 'risk.closed'],
  }),
  close: endpoint({
    method: 'POST',
    path: '/api/v1/risks/:risk/close',
    tag,
    summary: 'Close a risk that is no more',
    may: 'risk.edit',
    params,
    body: z.object({ reason: z.string().trim().min(1).max(500) }),
    answer: z.object({ risk: Risk }),
    refusals: ['risk.unknown'],
  }),
};
