import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Line } from '../shapes.ts';

export const Transmitter = z
  .object({
    id: id('trm'),
    name: z.string(),
    issuer: z.string().describe('`iss` of its tokens'),
    audience: z.string().describe('`aud` of its tokens'),
    keysUrl: z.string().nullable().describe('where its keys stand; null: they were given'),
    systems: z.array(z.string()).describe('whose agents it may speak of; none: every system'),
    endpoint: z.string().describe('where it pushes to'),
    madeAt: At,
    madeBy: Actor,
    ended: z.object({ at: At, by: Actor, reason: z.string() }).nullable(),
    lastAt: At.nullable().describe('when a token of it was taken last'),
    revoked: z.int().describe('agent tokens that ended by what it said, as far as its events are kept'),
    refused: z
      .object({ at: At, err: z.string(), description: z.string() })
      .nullable()
      .describe('what was refused last at its address; anybody may have sent that'),
  })
  .meta({ id: 'Transmitter' });
export type Transmitter = z.output<typeof Transmitter>;

export const HeardEvent = z
  .object({
    transmitter: id('trm'),
    token: z.string().describe('`jti`'),
    type: z.string().describe('session-revoked, credential-change …'),
    subject: z.string().describe('whom it named'),
    revoked: z.int().describe('agent tokens that ended'),
    why: z.string().describe('why none ended; empty where some did'),
    at: At,
  })
  .meta({ id: 'HeardEvent' });
export type HeardEvent = z.output<typeof HeardEvent>;

const tag = 'Transmitters';
const administers = 'people.administer' as const;
const transmitter = z.object({ transmitter: id('trm') });
const named = z.string().trim().min(1).max(500);

export const transmitters = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/transmitters',
    tag,
    summary: 'Who may tell of revoked agents by Security Event Tokens, and what came of it',
    may: administers,
    answer: z.object({ transmitters: z.array(Transmitter) }),
  }),
  make: endpoint({
    method: 'POST',
    path: '/api/v1/transmitters',
    tag,
    summary: 'Believe a transmitter: its tokens can end tokens of agents, and never give anything back',
    may: administers,
    body: z
      .object({
        name: Line,
        issuer: named,
        audience: named,
        keysUrl: z.string().trim().min(8).max(2_000).optional().describe('address of its JWK set'),
        keys: z.unknown().optional().describe('its JWK set (RFC 7517), instead of an address'),
        systems: z.array(z.string().trim().min(1).max(80)).max(100).default([]),
      })
      .refine((it) => (it.keysUrl === undefined) !== (it.keys === undefined), {
        message: 'say where its keys stand, or give the keys, and not both',
        path: ['keysUrl'],
      }),
    bodyLimit: 64 * 1024,
    answer: z.object({ transmitter: Transmitter }),
    status: 201,
    refusals: [
      'link.bad-address',
      'subscription.private-address',
      'system.unknown',
      'transmitter.bad-keys',
      'transmitter.too-many',
    ],
  }),
  end: endpoint({
    method: 'POST',
    path: '/api/v1/transmitters/:transmitter/end',
    tag,
    summary: 'Believe it no more',
    may: administers,
    params: transmitter,
    body: z.object({ reason: Line }),
    answer: z.object({ transmitter: Transmitter }),
    refusals: ['transmitter.unknown'],
  }),
  heard: endpoint({
    method: 'GET',
    path: '/api/v1/heard-events',
    tag,
    summary: 'What transmitters said, newest first, with what it did',
    may: administers,
    query: z.object({
      transmitter: id('trm').optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ events: z.array(HeardEvent) }),
  }),
  receive: endpoint({
    method: 'POST',
    path: '/ssf/events/:transmitter',
    tag,
    summary:
      'RFC 8935: takes a Security Event Token (application/secevent+jwt). 202 and nothing else where it was taken, 400 with err and description where not',
    may: null,
    params: z.object({ transmitter: z.string().min(1).max(80) }),
    bodyLimit: 16 * 1024,
    answer: z.null().describe('empty'),
    status: 202,
  }),
};
