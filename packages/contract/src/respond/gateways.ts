import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At } from '../shapes.ts';

/** Seconds for which the question for keys may be held. */
export const KEYS_WAIT = 25;

const count = z.int().min(0);
const word = z.string().min(1).max(256);
const name = z.string().min(1).max(60);
const moment = z.iso.datetime({ offset: true });

export const GatewayUpstream = z
  .object({
    name,
    provider: word.describe('the vendor, as holds name it'),
    shape: z.enum(['openai', 'anthropic', 'any']),
    address: z.string().max(500).describe('scheme, host and port'),
    state: z
      .enum(['well', 'out', 'half-open'])
      .describe('out: left out after failures; half-open: one request finds out'),
    failures: count.describe('one after the other, up to now'),
    outForMs: z.number().min(0),
    requests: count,
    failed: count,
    credential: word.nullable().describe('name of the key held for it; the key itself is never told'),
    lastSentAt: moment.nullable().describe('when its credential was last used'),
    lastAnsweredAt: moment.nullable(),
    lastFailure: z.string().max(500).nullable(),
    lastFailureAt: moment.nullable(),
  })
  .meta({ id: 'GatewayUpstream' });
export type GatewayUpstream = z.output<typeof GatewayUpstream>;

/** How a gateway is, as it says so itself every five seconds. No secret is in it. */
export const GatewayReport = z
  .object({
    instance: z.string().min(1).max(200),
    address: z.string().max(500),
    startedAt: moment,
    source: z.string().max(1_000).describe('where its setup comes from: environment, or a file'),
    loadedAt: moment,
    fault: z.string().max(20_000).nullable().describe('why the newest setup was not taken; the one before it stays'),
    requests: count,
    refused: count.describe('for being too many at the same time'),
    running: count,
    routes: z
      .array(
        z.object({
          name,
          shape: z.string().max(40),
          upstreams: z.array(name).max(200),
          system: word.nullable(),
          feature: word.nullable(),
          clients: z.enum(['known', 'open']),
          record: z.enum(['all', 'figures', 'nothing']),
        }),
      )
      .max(200),
    upstreams: z.array(GatewayUpstream).max(200),
    clients: z.array(z.object({ name: word, lastUsedAt: moment.nullable() })).max(500),
    adapters: z.array(z.string().max(40)).max(10),
    recorder: z.object({ sent: count, dropped: count, refused: count, waiting: count }).nullable(),
  })
  .meta({ id: 'GatewayReport' });
export type GatewayReport = z.output<typeof GatewayReport>;

export const GatewayRow = GatewayReport.extend({ live: z.boolean(), heardAt: At }).meta({ id: 'GatewayRow' });
export type GatewayRow = z.output<typeof GatewayRow>;

const tag = 'Gateways';

export const gateways = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/gateways',
    tag,
    summary:
      'Gateways heard in the last day, the live ones first: routes, upstreams with their health, names of credentials',
    may: 'read',
    answer: z.object({ gateways: z.array(GatewayRow) }),
  }),
  report: endpoint({
    method: 'POST',
    path: '/api/v1/gateways/reports',
    tag,
    summary: 'A gateway says how it is',
    may: 'guard.obey',
    body: GatewayReport.extend({ leaving: z.boolean().optional().describe('it stops in order; it is not missed') }),
    answer: z.object({ heardAt: At }),
    bodyLimit: 512 * 1024,
  }),
  clients: endpoint({
    method: 'GET',
    path: '/api/v1/gateways/clients',
    tag,
    summary:
      'Keys of scope gateway that are not revoked, as hashes; waits for a change, so that a revoked key stops at once',
    may: 'guard.obey',
    query: z.object({
      since: z.string().max(100).optional().describe('version the gateway has'),
      wait: z.coerce.number().int().min(0).max(KEYS_WAIT).optional().describe('seconds'),
    }),
    answer: z.object({
      version: z.string(),
      clients: z.array(
        z.object({ key: z.string(), name: z.string(), hash: z.string().describe('SHA-256 of the key, hexadecimal') }),
      ),
    }),
  }),
};
