import { DRILL_OUTCOMES, type FireDrill } from '@firebreak/core/detect/fire-drills';
import { ARCHETYPES, CHANNELS, EVIDENCE_CLASSES } from '@firebreak/core/detect/signals';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key } from '../shapes.ts';
import { candidateId } from './interactions.ts';
import { mark } from './signals.ts';

const severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
const maybeAt = At.nullable();
export const stages = z.object({
  sent: At,
  received: maybeAt,
  candidate: maybeAt,
  coherent: maybeAt,
  paged: maybeAt,
  handed: maybeAt.describe('when the first channel took the page'),
});

export const fireDrill = z
  .object({
    id: id('fdr'),
    system: z.string(),
    failure: z.string(),
    startedAt: At,
    startedBy: Actor,
    sentAt: maybeAt,
    ended: z
      .object({
        at: At,
        outcome: z.enum(DRILL_OUTCOMES),
        stages,
        severity: severity.nullable(),
        candidate: candidateId.nullable(),
        says: z.string(),
      })
      .nullable(),
  })
  .meta({ id: 'FireDrill' }) satisfies z.ZodType<FireDrill>;

/** A drill with where it stands now. */
export const fireDrillRow = fireDrill.extend({
  stages,
  candidate: candidateId.nullable(),
  why: z.string().nullable().describe('what it waits for while it runs'),
});
export type FireDrillRow = z.output<typeof fireDrillRow>;

const tag = 'Fire drills';
const drillParams = z.object({ drill: id('fdr') });

export const fireDrills = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/fire-drills',
    tag,
    summary: 'Fire drills of the detection, latest first; the last of each system, and which are stale',
    may: 'read',
    query: z.object({ system: Key.optional() }),
    answer: z.object({
      drills: z.array(fireDrillRow),
      systems: z.array(
        z.object({
          system: z.string(),
          name: z.string(),
          lastAt: maybeAt,
          outcome: z.enum(DRILL_OUTCOMES).nullable(),
          stale: z.boolean().describe('never tried, or not for thirty days, or the last one failed'),
        }),
      ),
      failures: z.array(
        z.object({
          key: z.string(),
          name: z.string(),
          archetype: z.enum(ARCHETYPES),
          detector: z.string().nullable(),
          messages: z.int(),
          skips: z.string().nullable().describe('what of the real path a drill leaves out; null: nothing'),
        }),
      ),
      targetMs: z.int(),
    }),
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/fire-drills/:drill',
    tag,
    summary: 'One fire drill with the time of each stage',
    may: 'read',
    params: drillParams,
    answer: fireDrillRow,
    refusals: ['fire-drill.unknown'],
  }),
  run: endpoint({
    method: 'POST',
    path: '/api/v1/fire-drills',
    tag,
    summary: 'Send a known failure through the real path, with a mark, and time it until a channel has the page',
    may: 'candidate.judge',
    body: z.object({ system: Key, failure: z.string().max(60) }),
    answer: fireDrillRow,
    status: 201,
    refusals: ['fire-drill.unknown-failure', 'fire-drill.running', 'system.unknown'],
  }),
  simulate: endpoint({
    method: 'POST',
    path: '/api/v1/simulations',
    tag,
    summary: 'Raise one signal to see what comes of it: the same path, marked, counted in no figure',
    may: 'candidate.judge',
    body: z.object({
      system: Key,
      feature: z.string().trim().min(1).max(256).nullable().default(null),
      channel: z.enum(CHANNELS),
      kind: z.string().trim().min(1).max(256),
      detector: z.string().trim().min(1).max(256),
      evidenceClass: z.enum(EVIDENCE_CLASSES),
      archetype: z.enum(ARCHETYPES).nullable().default(null),
      severityHint: severity.nullable().default(null),
      text: z.string().trim().min(3).max(2_000),
      mark: mark.nullable().default(null).describe('of a simulation before, to raise another signal beside it'),
    }),
    answer: z.object({ mark, signal: z.string() }),
    status: 201,
    refusals: ['system.unknown', 'simulation.not-taken'],
  }),
};
