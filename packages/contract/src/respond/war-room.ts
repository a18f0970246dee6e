import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Line, Moment, RecordedFact, Text } from '../shapes.ts';

const tag = 'War room';
const params = z.object({ incident: z.string().min(5).max(80) });
const answer = z
  .object({ facts: z.array(RecordedFact) })
  .meta({ description: 'The facts this recorded; none when it was already so.' });

export const warRoom = {
  facts: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/facts',
    tag,
    summary: 'Every fact of an incident, oldest first, after a sequence number',
    may: 'read',
    params,
    query: z.object({
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(5_000).default(5_000),
    }),
    answer: z.object({ facts: z.array(RecordedFact), more: z.boolean() }),
    refusals: ['incident.unknown'],
  }),
  note: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/notes',
    tag,
    summary: 'Write a note, with the time it happened if that was earlier',
    may: 'room.write',
    params,
    body: z.object({ text: Text, occurredAt: Moment.optional() }),
    answer,
    status: 201,
    refusals: ['incident.unknown', 'time.in-future'],
  }),
  decide: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/decisions',
    tag,
    summary: 'Record a decision and its reason',
    may: 'room.write',
    params,
    body: z.object({ text: Text, reason: z.string().trim().max(5_000).default(''), occurredAt: Moment.optional() }),
    answer,
    status: 201,
    refusals: ['incident.unknown', 'time.in-future'],
  }),
  tick: endpoint({
    method: 'PUT',
    path: '/api/v1/incidents/:incident/steps/:step',
    tag,
    summary: 'Tick or untick a step of the guide',
    may: 'room.write',
    params: params.extend({ step: Line }),
    body: z.object({ done: z.boolean() }),
    answer,
    refusals: ['incident.unknown', 'step.unknown'],
  }),
};
