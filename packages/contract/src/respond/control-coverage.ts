import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { At } from '../shapes.ts';
import { Readiness } from './containment.ts';

export const SystemControls = z
  .object({
    system: z.string(),
    name: z.string(),
    liveGuards: z.int(),
    controls: z.array(
      z.object({
        control: z.string(),
        name: z.string(),
        says: z.string(),
        testedAt: At.nullable().describe('when it last worked, in a test or in earnest; null: never'),
        readiness: Readiness,
      }),
    ),
    missing: z.array(
      z.object({
        kind: z.enum(['guard', 'stop-all', 'stop-feature', 'roll-back', 'never-tested', 'for-architecture']),
        says: z.string(),
      }),
    ),
  })
  .meta({ id: 'SystemControls' });
export type SystemControls = z.output<typeof SystemControls>;

export const controlCoverage = {
  show: endpoint({
    method: 'GET',
    path: '/api/v1/containment/coverage',
    tag: 'Containment',
    summary: 'Which controls each system has, when each was tested, and what is missing; 1,000 systems by name, or one',
    may: 'read',
    query: z.object({ system: z.string().min(2).max(80).optional() }),
    answer: z.object({ systems: z.array(SystemControls) }),
    refusals: ['system.unknown'],
  }),
};
