import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id } from '../shapes.ts';

export const GlassRow = z
  .object({
    glass: id('gls'),
    incident: id('inc'),
    incidentLabel: z.string(),
    hold: id('hld'),
    label: z.string().meta({ examples: ['HLD-12'] }),
    system: z.string(),
    says: z.string(),
    reason: z.string(),
    state: z.enum(['open', 'ended']).describe('open: the hold lets everybody go; ended: it holds again'),
    brokenAt: At,
    brokenBy: Actor,
    until: At.describe('the hold comes back by itself'),
    due: At.describe('two others have to have agreed'),
    change: z.string(),
    needed: z.number().int(),
    approved: z.array(z.object({ at: At, by: Actor, note: z.string() })),
    overdue: z.boolean(),
    ended: z.object({ at: At, by: Actor, early: z.boolean() }).nullable(),
    paged: z
      .object({ at: At, to: z.array(z.object({ id: z.string(), name: z.string() })) })
      .nullable()
      .describe('null: nobody was told yet; nobody in it: no paging channel is set up'),
  })
  .meta({ id: 'GlassRow' });
export type GlassRow = z.output<typeof GlassRow>;

export const WAITING_KINDS = ['pull', 'adoption', 'restoration', 'break-glass'] as const;

/** Something that waits for another person, with everything one has to know to answer. */
export const WaitingItem = z
  .object({
    kind: z.enum(WAITING_KINDS),
    id: z.string().describe('of the pull or the glass; of the hold for an adoption or a restoration'),
    incident: id('inc'),
    incidentLabel: z.string(),
    hold: id('hld').nullable(),
    system: z.string(),
    says: z.string(),
    reason: z.string(),
    by: Actor,
    at: At,
    until: At.nullable().describe('when it lapses, ends, or is overdue; null: never'),
    change: z.string().describe('what is agreed to'),
    given: z.number().int(),
    needed: z.number().int(),
    overdue: z.boolean(),
    blocked: z.string().nullable().describe('why whoever asks may not answer; null: they may'),
  })
  .meta({ id: 'WaitingItem' });
export type WaitingItem = z.output<typeof WaitingItem>;

const tag = 'Break-glass';
const incident = z.object({ incident: z.string().min(5).max(80) });
const incidentHold = incident.extend({ hold: id('hld') });
const aGlass = incident.extend({ glass: id('gls') });
const reason = z.string().trim().min(1).max(2_000);

export const breakGlass = {
  break: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/holds/:hold/break-glass',
    tag,
    summary: 'Let a hold go alone for an hour: everybody is paged, and two others have to agree within a day',
    may: 'containment.break-glass',
    params: incidentHold,
    body: z.object({ reason }),
    answer: GlassRow,
    status: 201,
    refusals: [
      'incident.unknown',
      'hold.unknown',
      'hold.already-lifted',
      'hold.person-needed',
      'right.missing',
      'right.granted-late',
      'session.stale',
      'glass.open',
      'glass.too-many',
    ],
  }),
  end: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/glasses/:glass/end',
    tag,
    summary: 'Hold everybody again before the hour is over',
    may: 'containment.order',
    params: aGlass,
    body: z.object({ reason }),
    answer: GlassRow,
    refusals: ['incident.unknown', 'glass.unknown', 'glass.over'],
  }),
  approve: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/glasses/:glass/approve',
    tag,
    summary: 'Agree, afterwards, that the glass was broken rightly',
    may: 'containment.lift',
    params: aGlass,
    body: z.object({ change: z.string().min(10).max(100), note: z.string().trim().max(2_000).default('') }),
    answer: GlassRow,
    refusals: [
      'incident.unknown',
      'glass.unknown',
      'glass.changed',
      'glass.same-person',
      'right.missing',
      'right.granted-late',
      'session.stale',
    ],
  }),
  list: endpoint({
    method: 'GET',
    path: '/api/v1/glasses',
    tag,
    summary: 'Where the glass was broken: open or not agreed to yet, or all of an incident',
    may: 'read',
    query: z.object({ incident: z.string().min(5).max(80).optional() }),
    answer: z.object({ glasses: z.array(GlassRow) }),
    refusals: ['incident.unknown'],
  }),
  waiting: endpoint({
    method: 'GET',
    path: '/api/v1/approvals',
    tag,
    summary: 'What waits for another person: pulls, adoptions, restorations, broken glass',
    may: 'read',
    query: z.object({ incident: z.string().min(5).max(80).optional() }),
    answer: z.object({ items: z.array(WaitingItem) }),
    refusals: ['incident.unknown'],
  }),
};
