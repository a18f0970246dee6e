import { SURFACES } from '@firebreak/core/respond/containment';
import { INSTANCE_OUTCOMES, TEST_OUTCOMES } from '@firebreak/core/respond/control-tests';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id } from '../shapes.ts';

const ms = z.number().nullable().describe('milliseconds from the beginning');

export const ControlTest = z
  .object({
    test: id('tst'),
    control: id('ctl'),
    name: z.string().describe('of the control'),
    system: z.string(),
    says: z.string().describe('what the control does'),
    why: z.enum(['asked', 'planned', 'rehearsal']),
    incident: z.string().nullable().describe('the exercise it is a rehearsal in'),
    begunAt: At,
    begunBy: Actor,
    ended: z
      .object({
        at: At,
        outcome: z
          .enum(TEST_OUTCOMES)
          .describe('nobody: nothing lived that could be tested; broken-off: the server ended before the test did'),
        says: z.string(),
        tested: z.int(),
        passed: z.int(),
        effectMs: ms,
        instances: z
          .array(
            z.object({
              instance: z.string(),
              host: z.string(),
              surface: z.enum(SURFACES),
              outcome: z.enum(INSTANCE_OUTCOMES),
              ackMs: ms,
              effectMs: ms,
              says: z.string(),
            }),
          )
          .readonly()
          .describe('200 of them, those that did not pass first'),
      })
      .nullable(),
  })
  .meta({ id: 'ControlTest' });
export type ControlTest = z.output<typeof ControlTest>;

const tag = 'Containment';
const answer = z.object({ test: ControlTest });

export const controlTests = {
  begin: endpoint({
    method: 'POST',
    path: '/api/v1/systems/:system/controls/:control/tests',
    tag,
    summary: 'Test a control now: it goes to every instance, and no request but made-up ones meets it',
    may: 'containment.order',
    params: z.object({ system: z.string().min(2).max(80), control: id('ctl') }),
    body: z.object({
      rehearsal: z.boolean().default(false),
      incident: z.string().min(5).max(80).optional().describe('the exercise it is a rehearsal in'),
    }),
    answer,
    status: 201,
    refusals: [
      'system.unknown',
      'control.unknown',
      'control-test.running',
      'control-test.not-exercise',
      'incident.unknown',
    ],
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/control-tests/:test',
    tag,
    summary: 'One test of a control, with how each instance came out of it',
    may: 'read',
    params: z.object({ test: id('tst') }),
    answer,
    refusals: ['control-test.unknown'],
  }),
  list: endpoint({
    method: 'GET',
    path: '/api/v1/control-tests',
    tag,
    summary: 'Tests of controls, newest first',
    may: 'read',
    query: z.object({
      system: z.string().min(2).max(80).optional(),
      control: id('ctl').optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ tests: z.array(ControlTest) }),
  }),
};
