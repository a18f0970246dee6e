import { CAPSULE_DAYS } from '@firebreak/core/respond/capsules';
import { CAPSULE_HOLDS } from '@firebreak/core/respond/containment';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Line } from '../shapes.ts';
import { Control } from './containment.ts';
import { Signed } from './guard-channel.ts';

export const CapsuleRow = z
  .object({
    capsule: id('cap'),
    system: z.string(),
    name: z.string(),
    says: z.array(z.string()),
    until: At.describe('it may be applied until then'),
    state: z.enum(['ready', 'applied', 'ended']),
    madeAt: At,
    madeBy: Actor,
    applied: z.array(z.object({ instance: z.string(), host: z.string(), at: At })),
    ended: z
      .object({
        at: At,
        by: Actor,
        reason: z.string(),
        incident: id('inc').nullable().describe('where its holds are ordered now'),
      })
      .nullable(),
  })
  .meta({ id: 'CapsuleRow' });
export type CapsuleRow = z.output<typeof CapsuleRow>;

/** The file: what is signed, and for people what it does. */
export const CapsuleFile = Signed.extend({ about: z.string() }).meta({ id: 'CapsuleFile' });
export type CapsuleFile = z.output<typeof CapsuleFile>;

const tag = 'Capsules';
const system = z.object({ system: z.string().min(2).max(80) });
const aCapsule = system.extend({ capsule: id('cap') });
const reason = z.string().trim().min(1).max(2_000);

export const capsules = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/systems/:system/capsules',
    tag,
    summary: 'Capsules made for a system, newest first',
    may: 'read',
    params: system,
    answer: z.object({ capsules: z.array(CapsuleRow) }),
    refusals: ['system.unknown'],
  }),
  applied: endpoint({
    method: 'GET',
    path: '/api/v1/capsules',
    tag,
    summary: 'Capsules that somebody applied by hand, of all systems: to be adopted or ended',
    may: 'read',
    answer: z.object({ capsules: z.array(CapsuleRow) }),
  }),
  make: endpoint({
    method: 'POST',
    path: '/api/v1/systems/:system/capsules',
    tag,
    summary: 'Sign holds ahead of time, for when there is no server',
    may: 'containment.declare',
    params: system,
    body: z.object({
      name: Line,
      controls: z.array(id('ctl')).max(CAPSULE_HOLDS).default([]).describe('controls wired in advance'),
      what: z.array(Control).max(CAPSULE_HOLDS).default([]).describe('besides those'),
      days: z.number().int().min(CAPSULE_DAYS.least).max(CAPSULE_DAYS.most).default(90),
    }),
    answer: z.object({ capsule: CapsuleRow, file: CapsuleFile }),
    status: 201,
    refusals: [
      'system.unknown',
      'control.unknown',
      'control.bad-parameters',
      'capsule.bad-end',
      'capsule.loosens',
      'capsule.too-many',
    ],
  }),
  file: endpoint({
    method: 'GET',
    path: '/api/v1/systems/:system/capsules/:capsule/file',
    tag,
    summary: 'The file of a capsule once more',
    may: 'containment.declare',
    params: aCapsule,
    answer: CapsuleFile,
    refusals: ['system.unknown', 'capsule.unknown', 'capsule.over'],
  }),
  adopt: endpoint({
    method: 'POST',
    path: '/api/v1/systems/:system/capsules/:capsule/adopt',
    tag,
    summary: 'Order in an incident what was applied by hand; then the capsule ends, and nothing is let go',
    may: 'containment.order',
    params: aCapsule,
    body: z.object({ incident: z.string().min(5).max(80), reason }),
    answer: CapsuleRow,
    refusals: [
      'system.unknown',
      'capsule.unknown',
      'capsule.over',
      'incident.unknown',
      'incident.closed',
      'right.missing',
      'session.stale',
      'hold.too-many',
    ],
  }),
  end: endpoint({
    method: 'POST',
    path: '/api/v1/systems/:system/capsules/:capsule/end',
    tag,
    summary: 'Let go of what was applied by hand; not by whoever made it',
    may: 'containment.lift',
    params: aCapsule,
    body: z.object({ reason }),
    answer: CapsuleRow,
    refusals: [
      'system.unknown',
      'capsule.unknown',
      'capsule.over',
      'capsule.same-person',
      'right.missing',
      'session.stale',
    ],
  }),
};
