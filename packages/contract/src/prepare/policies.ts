import { DETECTION_CHANNELS } from '@firebreak/core/prepare/inventory';
import { EXCEPTION_STATES, MOST_MEANS } from '@firebreak/core/prepare/policies';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key, Line, Moment } from '../shapes.ts';

const said = { at: At, by: Actor };
export const Reference = z
  .object({ framework: z.string().trim().min(1).max(60), clause: z.string().trim().min(1).max(100) })
  .meta({ id: 'PolicyReference', examples: [{ framework: 'EU AI Act', clause: 'Art. 14' }] });
export const Means = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('control'), system: Key, control: Line.describe('name or id of the control') }),
    z.object({ kind: z.literal('step'), playbook: Key, step: Key }),
    z.object({ kind: z.literal('channel'), system: Key, channel: z.enum(DETECTION_CHANNELS) }),
    z.object({ kind: z.literal('review'), what: Line, by: Line.describe('role or team') }),
  ])
  .meta({ id: 'PolicyMeans', description: 'One thing that carries a policy out.' });
export type Means = z.output<typeof Means>;

const text = {
  title: Line,
  statement: z.string().trim().min(1).max(5_000),
  owner: id('usr'),
  reviewBy: z.iso.date().nullable().default(null),
  systems: z.array(Key).max(200).default([]).describe('AI systems it binds; none: every one'),
  references: z.array(Reference).max(50).default([]),
};
/** A sentence: what made somebody write this down or change it. */
const because = z.string().trim().min(1).max(500);
const reason = because;

export const Policy = z
  .object({
    id: id('pol'),
    title: z.string(),
    statement: z.string(),
    owner: z.string(),
    reviewBy: z.string().nullable(),
    systems: z.array(z.string()),
    references: z.array(Reference),
    means: z.array(Means),
    statedAt: At,
    changedAt: At,
    changedBy: Actor,
    because: z.array(z.object({ at: At, text: z.string() })),
    withdrawn: z.string().nullable(),
    reviewDue: z.boolean(),
    uncovered: z.array(z.string()).describe('systems it binds for which nothing carries it out; at most 200 named'),
    uncoveredCount: z.int(),
    exceptions: z.object({ asked: z.int(), inForce: z.int(), lapsed: z.int() }),
  })
  .meta({ id: 'Policy' });
export type Policy = z.output<typeof Policy>;

export const PolicyException = z
  .object({
    id: id('exc'),
    policy: id('pol'),
    policyTitle: z.string(),
    system: z.string(),
    feature: z.string().nullable().describe('null: the whole system'),
    why: z.string(),
    compensating: z.string(),
    state: z.enum(EXCEPTION_STATES),
    asked: z.object(said),
    approved: z.object({ ...said, note: z.string() }).nullable(),
    until: At,
    renewed: z.array(z.object({ ...said, until: At, reason: z.string() })),
    ended: z.object({ ...said, how: z.enum(['declined', 'ended', 'lapsed']), reason: z.string() }).nullable(),
  })
  .meta({ id: 'PolicyException' });
export type PolicyException = z.output<typeof PolicyException>;

const count = z.int().nullable().describe('null: no record was kept then');
export const ExceptionMonth = z
  .object({ month: z.string(), opened: count, inForce: count, lapsed: count })
  .meta({ id: 'ExceptionMonth' });
export type ExceptionMonth = z.output<typeof ExceptionMonth>;

const tag = 'Policies';
const params = z.object({ policy: id('pol') });
const ofException = params.extend({ exception: id('exc') });
const answer = z.object({ policy: Policy });
const exceptionAnswer = z.object({ exception: PolicyException });
const open = ['policy.unknown', 'exception.unknown', 'exception.over'];

export const policies = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/policies',
    tag,
    summary: 'Policies, those that nothing carries out first',
    may: 'read',
    query: z.object({ system: Key.optional(), show: z.enum(['held', 'all']).default('held') }),
    answer: z.object({ policies: z.array(Policy) }),
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/policies/:policy',
    tag,
    summary: 'One policy with its exceptions, newest first, and their trend',
    may: 'read',
    params,
    answer: z.object({
      policy: Policy,
      exceptions: z.array(PolicyException),
      trend: z.array(ExceptionMonth),
    }),
    refusals: ['policy.unknown'],
  }),
  state: endpoint({
    method: 'POST',
    path: '/api/v1/policies',
    tag,
    summary: 'State a policy',
    may: 'policy.edit',
    body: z.object({ ...text, because }),
    answer,
    status: 201,
    refusals: ['person.unknown'],
  }),
  restate: endpoint({
    method: 'PUT',
    path: '/api/v1/policies/:policy',
    tag,
    summary: 'State a policy anew, with what made it change',
    may: 'policy.edit',
    params,
    body: z.object({ ...text, because }),
    answer,
    refusals: ['person.unknown', 'policy.unknown', 'policy.withdrawn'],
  }),
  map: endpoint({
    method: 'PUT',
    path: '/api/v1/policies/:policy/means',
    tag,
    summary: 'Say what carries a policy out: controls, playbook steps, detection channels, human reviews',
    may: 'policy.edit',
    params,
    body: z.object({ means: z.array(Means).max(MOST_MEANS) }),
    answer,
    refusals: ['policy.unknown', 'policy.withdrawn'],
  }),
  withdraw: endpoint({
    method: 'POST',
    path: '/api/v1/policies/:policy/withdraw',
    tag,
    summary: 'Withdraw a policy; its open exceptions end with it',
    may: 'policy.edit',
    params,
    body: z.object({ reason }),
    answer,
    refusals: ['policy.unknown'],
  }),
  exceptions: endpoint({
    method: 'GET',
    path: '/api/v1/policy-exceptions',
    tag,
    summary: 'Exceptions, the next to end first; with `at`, those in force at that time',
    may: 'read',
    query: z.object({
      policy: id('pol').optional(),
      system: Key.optional(),
      at: Moment.optional().describe('only those in force at this time'),
      show: z.enum(['open', 'all']).default('open').describe('without `at`: those asked for or in force, or all'),
      limit: z.coerce.number().int().min(1).max(500).default(200),
    }),
    answer: z.object({ exceptions: z.array(PolicyException), more: z.boolean() }),
  }),
  trend: endpoint({
    method: 'GET',
    path: '/api/v1/policy-exceptions/trend',
    tag,
    summary: 'Exceptions by month, over all policies: opened, in force, lapsed',
    may: 'read',
    answer: z.object({ trend: z.array(ExceptionMonth) }),
  }),
  ask: endpoint({
    method: 'POST',
    path: '/api/v1/policies/:policy/exceptions',
    tag,
    summary: 'Ask for an exception; it is none until somebody else has approved it',
    may: 'exception.ask',
    params,
    body: z.object({
      system: Key,
      feature: Key.nullable().default(null),
      why: z.string().trim().min(1).max(2_000),
      compensating: z.string().trim().min(1).max(2_000).describe('what is done instead'),
      until: Moment,
    }),
    answer: exceptionAnswer,
    status: 201,
    refusals: [
      'policy.unknown',
      'policy.withdrawn',
      'exception.bad-expiry',
      'exception.not-bound',
      'exception.too-many',
    ],
  }),
  approve: endpoint({
    method: 'POST',
    path: '/api/v1/policies/:policy/exceptions/:exception/approve',
    tag,
    summary: 'Approve an exception somebody else asked for',
    may: 'exception.approve',
    params: ofException,
    body: z.object({ note: z.string().trim().max(500).default('') }),
    answer: exceptionAnswer,
    refusals: [...open, 'exception.same-person'],
  }),
  decline: endpoint({
    method: 'POST',
    path: '/api/v1/policies/:policy/exceptions/:exception/decline',
    tag,
    summary: 'Decline an exception, or take back what one asked for',
    may: 'exception.ask',
    params: ofException,
    body: z.object({ reason }),
    answer: exceptionAnswer,
    refusals: open,
  }),
  renew: endpoint({
    method: 'POST',
    path: '/api/v1/policies/:policy/exceptions/:exception/renew',
    tag,
    summary: 'Make an exception last longer, with a reason',
    may: 'exception.approve',
    params: ofException,
    body: z.object({ until: Moment, reason }),
    answer: exceptionAnswer,
    refusals: [...open, 'exception.not-approved', 'exception.same-person', 'exception.bad-expiry'],
  }),
  end: endpoint({
    method: 'POST',
    path: '/api/v1/policies/:policy/exceptions/:exception/end',
    tag,
    summary: 'End an exception before its time',
    may: 'exception.ask',
    params: ofException,
    body: z.object({ reason }),
    answer: exceptionAnswer,
    refusals: open,
  }),
};
