import { EXECUTOR_KINDS, EXECUTOR_LIMITS, SCRIPT_NAME } from '@firebreak/core/respond/executors';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, id, Key, Line } from '../shapes.ts';

const way = z.enum(['hold', 'let-go']);
const settings = z
  .record(z.string().min(1).max(40), z.string().max(20_000))
  .describe('what the kind asks for; those that are not said stand at their default');
const controls = z.array(id('ctl')).min(1).max(EXECUTOR_LIMITS.controls).describe('declared controls it acts for');
const name = z.string().trim().min(1).max(EXECUTOR_LIMITS.name);
const secret = z.string().trim().min(1).max(EXECUTOR_LIMITS.secret);

export const ExecutorOrder = z
  .object({
    executor: id('exe'),
    name: z.string(),
    kind: z.enum(EXECUTOR_KINDS),
    incident: z.string(),
    hold: z.string(),
    label: z.string().describe('of the hold: HLD-12'),
    system: z.string(),
    control: z.string(),
    way: way.describe('turn the switch to held, or set it back'),
    state: z
      .enum(['ordered', 'under-way', 'confirmed', 'failed', 'given-up', 'stayed', 'overtaken'])
      .describe(
        'failed: it is tried again; given-up: people were told; stayed: others hold the same switch; overtaken: the opposite was ordered before it was done',
      ),
    failures: z.int().describe('tries that failed since it was last ordered'),
    says: z.string().describe('what is to be done, what was seen, or why it failed'),
    orderedAt: At,
    changedAt: At,
    ms: z.number().nullable().describe('from the order to the confirmation'),
    escalated: z
      .object({ at: At, owner: z.string(), to: z.array(z.object({ id: z.string(), name: z.string() })) })
      .nullable()
      .describe('who was told that it was given up; an empty list: no channel is set up'),
  })
  .meta({ id: 'ExecutorOrder' });
export type ExecutorOrder = z.output<typeof ExecutorOrder>;

export const Executor = z
  .object({
    id: id('exe'),
    name: z.string(),
    kind: z.enum(EXECUTOR_KINDS),
    settings: z.record(z.string(), z.string()),
    controls: z.array(z.object({ system: z.string(), control: z.string(), name: z.string() })),
    holds: z.string().describe('what it does when a hold comes into force'),
    letsGo: z.string().describe('what it does when the last hold is let go'),
    keyed: z.boolean().describe('whether it has a secret; the secret is shown to nobody'),
    declaredAt: At,
    changedAt: At,
    retired: z.string().nullable(),
    rehearsed: z
      .object({
        at: At,
        ok: z.boolean(),
        says: z.string(),
        may: z.enum(['yes', 'no', 'unsaid']).describe('whether its secret may change the switch'),
        ms: z.number(),
      })
      .nullable(),
    proof: z
      .enum(['proven', 'failing', 'not-proven'])
      .describe('rehearsed with success, or obeyed, in the last 30 days; failing: the last time it did not work'),
    holding: z.array(z.object({ incident: z.string(), hold: z.string(), label: z.string() })),
    was: z.object({ says: z.string(), at: At }).nullable().describe('what the switch was before the first hold'),
    open: z.int().describe('orders that are neither confirmed nor over'),
    givenUp: z.int().describe('orders that were given up'),
  })
  .meta({ id: 'Executor' });
export type Executor = z.output<typeof Executor>;

export const RunnerOrder = z
  .object({
    executor: id('exe'),
    hold: z.string(),
    way,
    attempt: z.int(),
    script: z.string(),
    seconds: z.int().describe('time limit'),
    environment: z.record(z.string(), z.string()),
    token: z.string().describe('what the report proves itself with'),
  })
  .meta({ id: 'RunnerOrder' });
export type RunnerOrder = z.output<typeof RunnerOrder>;

const tag = 'Executors';
const params = z.object({ executor: id('exe') });
const answer = z.object({ executor: Executor });
const administers = 'people.administer' as const;
const said = { name, settings, controls };
const faults = ['executor.bad-settings', 'control.unknown'];

export const executors = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/executors',
    tag,
    summary: 'What changes somebody else’s switch when a hold comes into force, and whether it is known to work',
    may: 'read',
    query: z.object({ system: Key.optional(), retired: z.enum(['yes', 'no']).default('no') }),
    answer: z.object({ executors: z.array(Executor) }),
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/executors/:executor',
    tag,
    summary: 'One executor, with the newest of its orders',
    may: 'read',
    params,
    answer: z.object({ executor: Executor, orders: z.array(ExecutorOrder) }),
    refusals: ['executor.unknown'],
  }),
  declare: endpoint({
    method: 'POST',
    path: '/api/v1/executors',
    tag,
    summary: 'Bind a switch of another product to declared controls',
    may: administers,
    body: z.object({
      kind: z.enum(EXECUTOR_KINDS),
      ...said,
      secret: secret.optional().describe('kept sealed; a webhook without one is given one'),
    }),
    answer: z.object({ executor: Executor, secret: z.string().nullable().describe('one made here, shown only now') }),
    status: 201,
    refusals: [...faults, 'executor.too-many'],
  }),
  change: endpoint({
    method: 'PUT',
    path: '/api/v1/executors/:executor',
    tag,
    summary: 'Change what an executor does; its kind stays',
    may: administers,
    params,
    body: z.object(said),
    answer,
    refusals: [...faults, 'executor.unknown', 'executor.holding'],
  }),
  key: endpoint({
    method: 'POST',
    path: '/api/v1/executors/:executor/secret',
    tag,
    summary: 'Give an executor another secret',
    may: administers,
    params,
    body: z.object({ secret }),
    answer,
    refusals: ['executor.unknown'],
  }),
  retire: endpoint({
    method: 'POST',
    path: '/api/v1/executors/:executor/retire',
    tag,
    summary: 'Use an executor no longer; its record stays, its secret is forgotten',
    may: administers,
    params,
    body: z.object({ reason: Line }),
    answer,
    refusals: ['executor.unknown', 'executor.holding'],
  }),
  rehearse: endpoint({
    method: 'POST',
    path: '/api/v1/executors/:executor/try',
    tag,
    summary: 'Read the switch and the rights of the secret, and change nothing; the result is a fact',
    may: 'containment.order',
    params,
    answer,
    refusals: ['executor.unknown'],
  }),
  again: endpoint({
    method: 'POST',
    path: '/api/v1/executors/:executor/again',
    tag,
    summary: 'Try again what was given up',
    may: 'containment.order',
    params,
    body: z.object({ hold: id('hld'), way }),
    answer,
    refusals: ['executor.unknown', 'executor.no-order'],
  }),
  ofIncident: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/executors',
    tag,
    summary: 'What became of the holds of an incident at the switches of other products',
    may: 'read',
    params: z.object({ incident: z.string().min(5).max(80) }),
    answer: z.object({ orders: z.array(ExecutorOrder) }),
    refusals: ['incident.unknown'],
  }),
  report: endpoint({
    method: 'POST',
    path: '/api/v1/executor-reports',
    tag,
    summary: 'Say later what became of an order; the token of the order proves it, once',
    may: null,
    body: z.object({
      token: z.string().min(20).max(400),
      state: z.enum(['confirmed', 'failed']),
      says: z.string().trim().max(2_000).default(''),
    }),
    answer: z.object({ state: z.string() }),
    refusals: ['executor.report-refused'],
  }),
  runnerOrders: endpoint({
    method: 'POST',
    path: '/api/v1/runners/:runner/orders',
    tag,
    summary: 'What a runner has to do; waits for it a while, and tells which scripts the runner has',
    may: 'executor.run',
    params: z.object({ runner: z.string().regex(SCRIPT_NAME) }),
    body: z.object({
      scripts: z.array(z.string().regex(SCRIPT_NAME)).max(200).default([]),
      waitSeconds: z.int().min(0).max(25).default(0),
    }),
    answer: z.object({ orders: z.array(RunnerOrder) }),
  }),
  runners: endpoint({
    method: 'GET',
    path: '/api/v1/runners',
    tag,
    summary: 'Runners, when each was last heard, and which scripts they have',
    may: 'read',
    answer: z.object({
      runners: z.array(z.object({ name: z.string(), seenAt: At, scripts: z.array(z.string()) })),
    }),
  }),
};
