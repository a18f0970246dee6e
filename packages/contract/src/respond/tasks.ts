import { SYSTEM_TYPES } from '@firebreak/core/prepare/inventory';
import { PHASE_KEYS, STEP_OWNERS } from '@firebreak/core/prepare/playbooks';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { PlaybookStep } from '../prepare/playbooks.ts';
import { At, id, Key, Line, RecordedFact } from '../shapes.ts';

export const Task = z
  .object({
    ...PlaybookStep.shape,
    done: z.enum(['fact', 'person']).nullable(),
    due: z.number().int().meta({ description: 'Minutes after declaration' }),
    late: z.boolean(),
  })
  .meta({ id: 'Task' });
export type Task = z.output<typeof Task>;

const Deadline = z
  .object({ step: z.string(), text: z.string(), owner: z.enum(STEP_OWNERS).nullable(), dueAt: At })
  .meta({ id: 'Deadline' });
export const IncidentDeadlines = z
  .object({
    incident: id('inc'),
    label: z.string(),
    late: z.int().describe('open steps whose time has passed'),
    latest: Deadline.nullable().describe('the late step that has waited longest'),
    next: Deadline.nullable().describe('the open step whose time passes next'),
  })
  .meta({ id: 'IncidentDeadlines' });
export type IncidentDeadlines = z.output<typeof IncidentDeadlines>;

const tag = 'Tasks';
const params = z.object({ incident: z.string().min(5).max(80) });

export const tasks = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/tasks',
    tag,
    summary: 'The steps an incident follows, which are done, and which are late',
    may: 'read',
    params,
    answer: z.object({
      playbook: z.object({ key: z.string(), name: z.string(), version: z.string() }).nullable(),
      minute: z.number().int(),
      phase: z.enum(PHASE_KEYS),
      tasks: z.array(Task),
      late: z.number().int(),
    }),
    refusals: ['incident.unknown'],
  }),
  due: endpoint({
    method: 'GET',
    path: '/api/v1/tasks',
    tag,
    summary: 'What the open incidents are late with, and what falls due next; the 25 newest',
    may: 'read',
    answer: z.object({ incidents: z.array(IncidentDeadlines) }),
  }),
  open: endpoint({
    method: 'PUT',
    path: '/api/v1/incidents/:incident/playbook',
    tag,
    summary: 'Follow a playbook: one by its key, or the one that fits an archetype',
    may: 'room.write',
    params,
    body: z
      .object({
        playbook: Key.optional(),
        archetype: z.string().min(1).max(80).optional(),
        systemType: z.enum(SYSTEM_TYPES).optional(),
        because: Line.optional(),
      })
      .refine((body) => (body.playbook === undefined) !== (body.archetype === undefined), {
        message: 'name a playbook or an archetype',
        path: ['playbook'],
      }),
    answer: z.object({ facts: z.array(RecordedFact) }),
    refusals: ['incident.unknown', 'playbook.unknown'],
  }),
};
