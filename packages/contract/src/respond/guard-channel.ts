import { CHECKED_STATES, type Signed as CoreSigned } from '@firebreak/core/respond/containment';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';

/** Largest message in either direction on the guard's socket, bytes. Down: a snapshot of 10,000 holds fits. */
export const FRAME_UP = 64 * 1024;
export const FRAME_DOWN = 8 * 1024 * 1024;
/** Both ends say they live this often, milliseconds; two beats missed is stale. */
export const BEAT_MS = 5_000;

const count = z.number().int().min(0);
const word = z.string().min(1).max(200);
const holdId = z.string().min(5).max(80);

export const Signed = z
  .object({
    payload: z.string().describe('JSON text of a snapshot or a delta; the signature is over exactly these bytes'),
    key: z.string().describe('id of the key that signed'),
    signature: z.string().describe('Ed25519, base64'),
  })
  .meta({ id: 'Signed' }) satisfies z.ZodType<CoreSigned>;

const counters = z.object({
  checks: count,
  refused: count,
  rerouted: count,
  /** hold → requests it touched since the instance started. */
  holds: z.record(holdId, z.object({ refused: count, rerouted: count })),
});

/** Capsules that somebody applied by hand, and that are in force on the instance. */
const capsules = z.array(z.string().min(5).max(80)).max(20).default([]);

const who = {
  instance: word.describe('unique per running process'),
  system: word.describe('key of the system, or * for all of them'),
};

export const Ack = z
  .object({
    generation: count,
    epoch: count,
    stateHash: z.string().max(100).describe('SHA-256 (hex) of the state held'),
    unsupported: z.array(holdId).max(1_000).default([]),
    receivedAt: z.string().max(40).describe('by the clock of the instance'),
    appliedAt: z.string().max(40),
  })
  .meta({ id: 'GuardAck' });
export const NackMessage = z.object({
  code: z.enum(['malformed', 'schema', 'system', 'older', 'gap', 'signature']),
  why: z.string().max(500),
  epoch: count,
});

/** Holds of which one message says what made-up requests met. */
export const CHECKED_AT_ONCE = 100;
const checkedState = z.enum(CHECKED_STATES);
export const Checked = z
  .array(
    z.object({
      hold: holdId,
      state: checkedState.describe('what made-up requests met in this process'),
      door: checkedState
        .optional()
        .describe('of a gateway: what a made-up request met that it sent to its own front door'),
      says: z.string().max(300).optional(),
    }),
  )
  .max(CHECKED_AT_ONCE)
  .meta({ id: 'GuardChecked' });
export type Checked = z.output<typeof Checked>;

/** What an instance sends up. The first message of a socket is `hello`. */
export const GuardUp = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    ...who,
    host: z.string().max(200).default(''),
    kind: z.enum(['guard', 'gateway', 'other']).default('other'),
    version: z.string().max(40).default(''),
    failMode: z.string().max(40).default(''),
    kinds: z.array(z.string().max(40)).max(50).default([]),
    capsules,
    generation: count.nullable().default(null),
    epoch: count.nullable().default(null),
    checks: z.boolean().default(false).describe('it tries what it is asked to try'),
  }),
  z.object({ type: z.literal('checked'), epoch: count, holds: Checked }),
  z.object({
    type: z.literal('tried'),
    trial: word,
    state: checkedState,
    says: z.string().max(300).optional(),
  }),
  Ack.extend({ type: z.literal('ack') }),
  NackMessage.extend({ type: z.literal('nack') }),
  z.object({ type: z.literal('beat'), epoch: count, counters: counters.optional(), capsules }),
]);
export type GuardUp = z.input<typeof GuardUp>;

/** What the server sends down. */
export const GuardDown = z.discriminatedUnion('type', [
  Signed.extend({ type: z.literal('snapshot') }),
  Signed.extend({ type: z.literal('delta') }),
  z.object({ type: z.literal('beat'), generation: count, epoch: count, at: z.string() }),
  z.object({ type: z.literal('check'), holds: z.array(holdId).max(CHECKED_AT_ONCE) }),
  Signed.extend({ type: z.literal('try') }).describe('an order to be tried on what is held, and not to be obeyed yet'),
]);
export type GuardDown = z.output<typeof GuardDown>;

const tag = 'Guard';

export const guardChannel = {
  /** A WebSocket; not an HTTP answer. */
  streamPath: '/api/v1/guard/stream',
  snapshot: endpoint({
    method: 'GET',
    path: '/api/v1/guard/snapshot',
    tag,
    summary: 'The state of control of a system, signed; answers 304 to the ETag it already has',
    may: 'guard.obey',
    query: z.object({
      system: word,
      instance: word.optional(),
      host: z.string().max(200).optional(),
      version: z.string().max(40).optional(),
      kind: z.enum(['guard', 'gateway', 'other']).optional(),
    }),
    answer: Signed,
    refusals: ['guard.unknown-system'],
  }),
  ack: endpoint({
    method: 'POST',
    path: '/api/v1/guard/ack',
    tag,
    summary: 'Acknowledge (or refuse) a state, for clients without a socket',
    may: 'guard.obey',
    body: z.object({
      ...who,
      host: z.string().max(200).default(''),
      kind: z.enum(['guard', 'gateway', 'other']).default('other'),
      version: z.string().max(40).default(''),
      failMode: z.string().max(40).default(''),
      ack: Ack.optional(),
      nack: NackMessage.optional(),
      counters: counters.optional(),
      capsules,
      checks: z.boolean().default(false),
      checked: Checked.optional(),
    }),
    answer: z.object({
      generation: count,
      epoch: count,
      check: z.array(holdId).optional().describe('holds to try with made-up requests, and to answer for'),
    }),
    bodyLimit: FRAME_UP,
    refusals: ['guard.unknown-system'],
  }),
  keys: endpoint({
    method: 'GET',
    path: '/api/v1/guard/keys',
    tag,
    summary: 'Public keys that sign the state of control: the one that does now, and the one that will next',
    may: null,
    answer: z.object({
      keys: z.array(z.object({ key: z.string(), publicKey: z.string().describe('Ed25519, raw 32 bytes, base64') })),
    }),
  }),
};
