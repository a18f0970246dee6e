import { TRIPS_ON } from '@firebreak/core/respond/tripwires';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Actor, At, id, Key, Line } from '../shapes.ts';

const When = z
  .object({
    kinds: z
      .array(z.string().trim().min(1).max(120))
      .max(20)
      .default([])
      .describe('kinds of signals, for example budget-exceeded; empty: any'),
    evidence: z.enum(TRIPS_ON).default('verified').describe('strong: also what is rarely wrong'),
    signals: z.int().min(1).max(100).default(1),
    minutes: z.int().min(1).max(60).default(10).describe('within so many minutes'),
  })
  .meta({ id: 'TripCondition' });

const Trip = z
  .object({
    at: At,
    candidate: id('cnd'),
    incident: id('inc').nullable(),
    label: z.string().nullable().describe('of the incident'),
    hold: id('hld').nullable(),
    refused: z.string().nullable().describe('why nothing was ordered; null: something was'),
    signals: z.array(z.string()).readonly(),
  })
  .meta({ id: 'Trip' });

export const Tripwire = z
  .object({
    id: id('trw'),
    name: z.string(),
    system: z.string(),
    control: id('ctl'),
    controlName: z.string().nullable().describe('null: it is no longer wired, and the tripwire can do nothing'),
    when: When,
    says: z.string().describe('its condition in words'),
    reason: z.string(),
    state: z.enum(['armed', 'tripped']),
    setAt: At,
    setBy: Actor,
    armedAt: At,
    armedBy: Actor,
    trip: Trip.nullable().describe('what it did last'),
    trips: z.int(),
  })
  .meta({ id: 'Tripwire', description: 'A rule that pulls one declared control before anybody looks.' });
export type Tripwire = z.output<typeof Tripwire>;

const tag = 'Containment';
const may = 'containment.declare' as const;
const params = z.object({ tripwire: id('trw') });
const answer = z.object({ tripwire: Tripwire });
const why = z.object({ reason: Line });

export const tripwires = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/tripwires',
    tag,
    summary: 'Rules that pull a control before anybody looks',
    may: 'read',
    query: z.object({ system: Key.optional() }),
    answer: z.object({ tripwires: z.array(Tripwire) }),
  }),
  set: endpoint({
    method: 'POST',
    path: '/api/v1/tripwires',
    tag,
    summary: 'Set a rule that pulls a declared control; the hold ends after 15 minutes unless a person adopts it',
    may,
    body: z.object({ name: Line, system: Key, control: id('ctl'), when: When, reason: Line }),
    answer,
    status: 201,
    refusals: ['system.unknown', 'control.unknown', 'tripwire.too-many'],
  }),
  arm: endpoint({
    method: 'POST',
    path: '/api/v1/tripwires/:tripwire/arm',
    tag,
    summary: 'Arm a tripwire again that has tripped: it never does that by itself',
    may,
    params,
    body: why,
    answer,
    refusals: ['tripwire.unknown'],
  }),
  remove: endpoint({
    method: 'POST',
    path: '/api/v1/tripwires/:tripwire/remove',
    tag,
    summary: 'Remove a tripwire',
    may,
    params,
    body: why,
    answer: z.object({ removed: id('trw') }),
    refusals: ['tripwire.unknown'],
  }),
};
