import { BEAT_KINDS } from '@firebreak/core/detect/channels';
import { DETECTION_CHANNELS } from '@firebreak/core/prepare/inventory';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At, id } from '../shapes.ts';

export const ChannelCoverage = z
  .object({
    channel: z.enum(DETECTION_CHANNELS),
    state: z
      .enum(['ready', 'unrouted', 'silent', 'missing'])
      .describe('unrouted: heard, nobody is told; silent: not heard lately; missing: never heard'),
    heardAt: At.nullable(),
    routedTo: z.string().nullable(),
  })
  .meta({ id: 'ChannelCoverage' });
export type ChannelCoverage = z.output<typeof ChannelCoverage>;

export const DetectorState = z
  .object({
    ranAt: At.nullable().describe('when it last read an interaction to its end'),
    result: z
      .enum(['found', 'nothing', 'failed', 'skipped'])
      .describe('of the last interaction that was there for it; skipped: another detector kept it from reading'),
    missed: z.int().describe('interactions in a row that it did not read'),
    ran: z.int().describe('interactions it read in the last 24 hours'),
    found: z.int().describe('and found something in'),
    failed: z.int().describe('and failed on'),
    failedAt: At.nullable(),
    why: z.string().nullable().describe('of the last failure'),
  })
  .meta({ id: 'DetectorState' });
export type DetectorState = z.output<typeof DetectorState>;

export const Heartbeat = z
  .object({
    key: z.string(),
    kind: z.enum(BEAT_KINDS),
    name: z.string(),
    system: z.string().nullable(),
    lastAt: At.nullable(),
    since: At.describe('since when it could have been heard'),
    everyMinutes: z.number().nullable().describe('how often it should be heard; null: it may be rare'),
    declared: z.boolean().describe('somebody said how often; otherwise it says so itself'),
    state: z.enum(['heard', 'new', 'silent', 'rare', 'paused']),
    lateSince: At.nullable(),
    signal: id('sig')
      .nullable()
      .describe('that its silence was told as, the first where several systems are told; null where it is about none'),
    detector: DetectorState.exactOptional().describe('of one of the local detectors'),
  })
  .meta({ id: 'Heartbeat' });
export type Heartbeat = z.output<typeof Heartbeat>;

const query = z.object({ system: z.string().min(2).max(80).optional() });

export const channels = {
  coverage: endpoint({
    method: 'GET',
    path: '/api/v1/coverage',
    tag: 'Coverage',
    summary:
      'Which of the six detection channels each system has, when each was heard, and who is told; 1,000 systems by name, or one',
    may: 'read',
    query,
    answer: z.object({
      systems: z.array(z.object({ system: z.string(), name: z.string(), channels: z.array(ChannelCoverage) })),
    }),
    refusals: ['system.unknown'],
  }),
  unregistered: endpoint({
    method: 'GET',
    path: '/api/v1/coverage/unregistered',
    tag: 'Coverage',
    summary: 'Systems that telemetry names and the inventory does not know',
    may: 'read',
    answer: z.object({
      systems: z.array(
        z.object({
          key: z.string(),
          lastAt: At,
          requests: z.int().describe('in the last 24 hours'),
          features: z.array(z.string()),
        }),
      ),
    }),
  }),
  heartbeats: endpoint({
    method: 'GET',
    path: '/api/v1/heartbeats',
    tag: 'Coverage',
    summary: 'Everything that should be heard every so often, silent ones first',
    may: 'read',
    answer: z.object({ heartbeats: z.array(Heartbeat) }),
  }),
  expect: endpoint({
    method: 'PUT',
    path: '/api/v1/heartbeats',
    tag: 'Coverage',
    summary: 'Say how often something should be heard; null: not regularly; left out: as it says of itself',
    may: 'monitor.edit',
    body: z.object({
      key: z.string().min(1).max(300),
      everyMinutes: z.number().min(1).max(525_600).nullable().optional(),
    }),
    answer: z.object({ heartbeat: Heartbeat }),
    refusals: ['heartbeat.unknown', 'heartbeat.too-many'],
  }),
};
