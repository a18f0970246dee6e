import { LINK_KINDS, TOLD_EVENTS } from '@firebreak/core/respond/links';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Line } from '../shapes.ts';

const url = z.string().trim().min(8).max(2_000);
const key = z.string().trim().max(200);
const tool = z.string().trim().max(60).describe('jira, github, pagerduty, slack …');
const state = z.string().trim().min(1).max(100);

export const Link = z
  .object({
    id: id('lnk'),
    incident: id('inc'),
    label: z.string().describe('of the incident'),
    kind: z.enum(LINK_KINDS),
    tool: z.string(),
    url: z.string(),
    key: z.string(),
    title: z.string(),
    addedAt: At,
    addedBy: Actor,
    told: z.object({ state: z.string(), at: At }).nullable().describe('what the other tool said last of its own thing'),
  })
  .meta({ id: 'Link' });
export type Link = z.output<typeof Link>;

export const Subscription = z
  .object({
    id: id('sub'),
    name: z.string(),
    url: z.string(),
    events: z.array(z.enum(TOLD_EVENTS)),
    madeAt: At,
    madeBy: Actor,
    ended: z.object({ at: At, by: Actor, reason: z.string() }).nullable(),
    dead: z.int().describe('deliveries that were given up'),
  })
  .meta({ id: 'Subscription' });
export type Subscription = z.output<typeof Subscription>;

export const Delivery = z
  .object({
    id: id('dlv'),
    subscription: id('sub'),
    event: z.enum(TOLD_EVENTS),
    about: z.string().describe('label of the incident, or id of the candidate'),
    state: z.enum(['waiting', 'made', 'dead']),
    attempts: z.int(),
    last: z.string().describe('status or fault of the last attempt'),
    at: At,
    changedAt: At,
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.output<typeof Delivery>;

const tag = 'Links';
const incident = z.object({ incident: z.string().min(5).max(80) });
const subscription = z.object({ subscription: id('sub') });
const answer = z.object({ links: z.array(Link) });
const administers = 'people.administer' as const;

export const links = {
  ofIncident: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident/links',
    tag,
    summary: 'What stands elsewhere about an incident: tickets, alerts, channels, bridges, documents',
    may: 'read',
    params: incident,
    answer,
    refusals: ['incident.unknown'],
  }),
  add: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/links',
    tag,
    summary: 'Link something elsewhere; the same thing twice changes nothing',
    may: 'room.write',
    params: incident,
    body: z.object({
      kind: z.enum(LINK_KINDS),
      url,
      tool: tool.default(''),
      key: key.default(''),
      title: z.string().trim().max(200).default(''),
    }),
    answer,
    refusals: ['incident.unknown', 'link.bad-address', 'link.too-many'],
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/v1/incidents/:incident/links/:link',
    tag,
    summary: 'Take a link away, with a reason',
    may: 'room.write',
    params: incident.extend({ link: id('lnk') }),
    body: z.object({ reason: Line }),
    answer,
    refusals: ['incident.unknown'],
  }),
  find: endpoint({
    method: 'GET',
    path: '/api/v1/links',
    tag,
    summary: 'Which incidents something elsewhere belongs to, by its address or its key',
    may: 'read',
    query: z
      .object({ url: url.optional(), key: key.min(1).optional(), tool: tool.optional() })
      .refine((it) => (it.url === undefined) !== (it.key === undefined), 'name an address or a key, and not both'),
    answer,
  }),
  told: endpoint({
    method: 'POST',
    path: '/api/v1/links/told',
    tag,
    summary: 'Say what state something elsewhere is in; recorded beside our state, which it never changes',
    may: 'room.write',
    body: z.object({ key: key.min(1), tool, state }),
    answer: z.object({ told: z.int().describe('incidents that did not know it yet'), links: z.array(Link) }),
    refusals: ['link.unknown'],
  }),
  subscriptions: endpoint({
    method: 'GET',
    path: '/api/v1/subscriptions',
    tag,
    summary: 'Other tools that are told what happens, and whether they answer',
    may: administers,
    answer: z.object({ subscriptions: z.array(Subscription) }),
  }),
  subscribe: endpoint({
    method: 'POST',
    path: '/api/v1/subscriptions',
    tag,
    summary: 'Tell another tool what happens, signed; the secret is in the answer and nowhere else',
    may: administers,
    body: z.object({ name: Line, url, events: z.array(z.enum(TOLD_EVENTS)).min(1).max(TOLD_EVENTS.length) }),
    answer: z.object({ subscription: Subscription, secret: z.string() }),
    status: 201,
    refusals: ['link.bad-address', 'subscription.private-address', 'subscription.too-many'],
  }),
  unsubscribe: endpoint({
    method: 'POST',
    path: '/api/v1/subscriptions/:subscription/end',
    tag,
    summary: 'Tell it nothing more',
    may: administers,
    params: subscription,
    body: z.object({ reason: Line }),
    answer: z.object({ subscription: Subscription }),
    refusals: ['subscription.unknown'],
  }),
  deliveries: endpoint({
    method: 'GET',
    path: '/api/v1/deliveries',
    tag,
    summary: 'What was sent to other tools, newest first, with what they answered',
    may: administers,
    query: z.object({
      subscription: id('sub').optional(),
      state: z.enum(['waiting', 'made', 'dead', 'any']).default('any'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ deliveries: z.array(Delivery) }),
  }),
  again: endpoint({
    method: 'POST',
    path: '/api/v1/deliveries/:delivery/again',
    tag,
    summary: 'Send once more what was given up, or what arrived',
    may: administers,
    params: z.object({ delivery: id('dlv') }),
    answer: z.object({ delivery: Delivery }),
    refusals: ['subscription.unknown', 'subscription.ended'],
  }),
};
