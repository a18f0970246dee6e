import { DETECTION_CHANNELS } from '@firebreak/core/prepare/inventory';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At } from '../shapes.ts';

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
};
