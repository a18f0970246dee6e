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
    as: z.enum(['webhook', 'set']).describe('set: Security Event Tokens, pushed (RFC 8417, RFC 8935)'),
    audience: z.string().nullable().describe('whom tokens are meant for'),
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
    event: z.enum([...TOLD_EVENTS, 'verification']),
    about: z.string().describe('label of the incident, id of the candidate, key of the system'),
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
    summary: 'Tell another tool what happens, signed; the secret of a webhook is in the answer and nowhere else',
    may: administers,
    body: z
      .object({
        name: Line,
        url,
        events: z.array(z.enum(TOLD_EVENTS)).min(1).max(TOLD_EVENTS.length),
        as: z.enum(['webhook', 'set']).default('webhook'),
        audience: z
          .string()
          .trim()
          .min(1)
          .max(500)
          .optional()
          .describe('`aud` of the tokens, as the receiver names itself'),
        authorization: z
          .string()
          .trim()
          .min(1)
          .max(4_000)
          .regex(/^[\x20-\x7e]+$/)
          .optional()
          .describe('header the receiver asks for, for instance Bearer …; it is never shown again'),
      })
      .refine((it) => it.as === 'webhook' || it.audience !== undefined, {
        message: 'say whom the tokens are meant for, as the receiver names itself',
        path: ['audience'],
      }),
    answer: z.object({ subscription: Subscription, secret: z.string().nullable() }),
    status: 201,
    refusals: [
      'link.bad-address',
      'subscription.private-address',
      'subscription.too-many',
      'subscription.not-as-token',
    ],
  }),
  verify: endpoint({
    method: 'POST',
    path: '/api/v1/subscriptions/:subscription/verify',
    tag,
    summary: 'Send something that says nothing, to see whether it arrives',
    may: administers,
    params: subscription,
    body: z.object({ state: z.string().max(200).default('') }),
    answer: z.object({ delivery: Delivery }),
    refusals: ['subscription.unknown', 'subscription.ended'],
  }),
  transmitter: endpoint({
    method: 'GET',
    path: '/.well-known/ssf-configuration',
    tag,
    summary: 'Shared Signals Framework 1.0: who signs Security Event Tokens, and how they are delivered',
    may: null,
    answer: z.object({
      spec_version: z.literal('1_0'),
      issuer: z.string(),
      jwks_uri: z.string(),
      delivery_methods_supported: z.array(z.literal('urn:ietf:rfc:8935')),
      default_subjects: z.literal('ALL'),
    }),
  }),
  transmitterKeys: endpoint({
    method: 'GET',
    path: '/ssf/jwks',
    tag,
    summary: 'RFC 7517: the public key that signs Security Event Tokens',
    may: null,
    answer: z.object({
      keys: z.array(
        z.object({
          kty: z.literal('RSA'),
          n: z.string(),
          e: z.string(),
          kid: z.string(),
          use: z.literal('sig'),
          alg: z.literal('RS256'),
        }),
      ),
    }),
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
