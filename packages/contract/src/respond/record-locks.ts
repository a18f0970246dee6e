import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id } from '../shapes.ts';

export const RecordLock = z
  .object({
    incident: id('inc'),
    label: z.string(),
    since: At,
    beganAt: At.describe('the earliest it is said to have begun, been noticed or been declared'),
    candidates: z.array(z.string()).describe('their signals are kept, and the interactions those speak of'),
    records: z.array(z.string()).describe('named one by one by facts of the incident'),
    spans: z
      .array(z.object({ system: z.string(), from: At, to: At }))
      .describe('all that came in of a system before an order'),
    closed: z.object({ at: At, by: Actor }).nullable(),
    released: z.object({ at: At, by: Actor, reason: z.string() }).nullable(),
    until: At.nullable().describe('when it ends by itself; null: not while the incident is not closed'),
    stands: z.boolean(),
  })
  .meta({ id: 'RecordLock' });
export type RecordLock = z.output<typeof RecordLock>;

const tag = 'Records';
const params = z.object({ incident: z.string().min(5).max(80) });

export const recordLocks = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/record-locks',
    tag,
    summary: 'What is kept for incidents whatever the rules of their systems say, the newest incident first',
    may: 'read',
    answer: z.object({ locks: z.array(RecordLock), more: z.boolean() }),
  }),
  read: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/record-lock',
    tag,
    summary: 'What is kept for one incident, since when and until when',
    may: 'read',
    params,
    answer: RecordLock,
    refusals: ['incident.unknown'],
  }),
  release: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/record-lock/release',
    tag,
    summary: 'Release what is kept for a closed incident; it takes somebody else than whoever closed it',
    may: 'incident.lead',
    params,
    body: z.object({ reason: z.string().trim().min(1).max(500) }),
    answer: RecordLock,
    refusals: ['incident.unknown', 'evidence.still-open', 'evidence.same-person'],
  }),
};
