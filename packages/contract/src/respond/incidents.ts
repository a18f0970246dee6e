import { ARCHETYPES, CALLABLE_ARCHETYPES } from '@firebreak/core/detect/signals';
import { INCIDENT_KINDS, INCIDENT_ROLES, INCIDENT_STATES, NAMED_TIMES } from '@firebreak/core/respond/incidents';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { Axes, Severity, SeverityTable, VoiceFigures } from '../prepare/rubric.ts';
import { Actor, At, id, Key, Line, Moment } from '../shapes.ts';

export const StatedTime = z.object({ at: At, because: z.string(), by: Actor, recordedAt: At });
const words = z.string().trim().max(2_000);
export const NearMiss = z
  .object({
    stoppedBy: words.describe('the control, person or chance that stopped it'),
    wouldHave: words.describe('whom it would have reached, and how'),
    proximateCause: words.default(''),
  })
  .meta({ id: 'NearMiss' });
const kind = z.enum(INCIDENT_KINDS);
const also = z
  .array(z.enum(ARCHETYPES))
  .max(ARCHETYPES.length)
  .default([])
  .describe('what else it shows, at most three');
const kin = z.object({ incident: id('inc'), label: z.string() });
export const Incident = z
  .object({
    id: id('inc'),
    label: z.string().meta({ examples: ['INC-2026-0042'] }),
    title: z.string(),
    summary: z.string(),
    systems: z.array(z.string()),
    candidate: z.string().nullable(),
    state: z.enum(INCIDENT_STATES),
    severity: Severity,
    axes: Axes,
    rules: z.array(z.string()),
    provisional: z.boolean(),
    drill: z.boolean(),
    kind,
    archetype: z
      .enum([...ARCHETYPES, 'outside'])
      .nullable()
      .describe('as a person called it; outside: none of ours fits; null: nobody has said, or nobody knows'),
    also: z.array(z.enum(ARCHETYPES)).describe('what else it shows'),
    miss: NearMiss.nullable(),
    parent: kin.nullable().describe('the incident it is part of'),
    children: z.array(kin).describe('the incidents that together are this one'),
    declaredBy: Actor,
    declaredAt: At,
    roles: z.partialRecord(z.enum(INCIDENT_ROLES), z.string()),
    times: z.partialRecord(z.enum(NAMED_TIMES), StatedTime),
  })
  .meta({ id: 'Incident' });
export type Incident = z.output<typeof Incident>;
export const IncidentRow = z
  .object({
    id: id('inc'),
    label: z.string(),
    title: z.string(),
    severity: Severity,
    state: z.enum(INCIDENT_STATES),
    systems: z.array(z.string()),
    declaredAt: At,
    commander: z.string().nullable(),
    drill: z.boolean(),
    kind,
    archetype: z
      .enum([...ARCHETYPES, 'outside'])
      .nullable()
      .describe('as a person called it'),
  })
  .meta({ id: 'IncidentRow' });
export type IncidentRow = z.output<typeof IncidentRow>;

const tag = 'Incidents';
/** An incident is named by its id or its label. */
const params = z.object({ incident: z.string().min(5).max(80) });
const answer = z.object({ incident: Incident });
const refusals = ['incident.unknown', 'incident.closed'];

export const incidents = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/incidents',
    tag,
    summary: 'Incidents, newest first; near misses stand in the same register and are asked for by kind',
    may: 'read',
    query: z.object({
      state: z.enum([...INCIDENT_STATES, 'active', 'any']).default('any'),
      kind: z.enum([...INCIDENT_KINDS, 'any']).default('normal'),
      system: Key.optional(),
      archetype: z
        .enum(CALLABLE_ARCHETYPES)
        .optional()
        .describe('called so, first or beside another; unknown: not called'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      before: z.string().max(60).optional(),
    }),
    answer: z.object({ incidents: z.array(IncidentRow), next: z.string().nullable() }),
  }),
  declare: endpoint({
    method: 'POST',
    path: '/api/v1/incidents',
    tag,
    summary: 'Declare an incident or file a near miss, from a candidate or from nothing',
    may: 'incident.declare',
    body: z.object({
      title: Line,
      summary: z.string().trim().max(5_000).default(''),
      systems: z.array(Key).max(50).default([]),
      candidate: id('cnd').nullable().default(null),
      axes: Axes.default({ harm: null, reach: null, data: null, regulatory: null, autonomy: null, control: null }),
      severity: Severity.optional(),
      startedAt: Moment.optional(),
      detectedAt: Moment.optional(),
      drill: z.boolean().default(false),
      kind: kind.default('normal'),
      archetype: z.enum(CALLABLE_ARCHETYPES).optional(),
      also,
      miss: NearMiss.optional().describe('needed for a near miss, and left out of an incident'),
    }),
    answer,
    status: 201,
    refusals: [
      'candidate.unknown',
      'candidate.ended',
      'severity.milder-than-rubric',
      'time.in-future',
      'near-miss.account-missing',
      'archetype.also-unfit',
    ],
  }),
  show: endpoint({
    method: 'GET',
    path: '/api/v1/incidents/:incident',
    tag,
    summary: 'One incident',
    may: 'read',
    params,
    answer,
    refusals: ['incident.unknown'],
  }),
  severity: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/severity',
    tag,
    summary: 'Call the severity',
    may: 'incident.lead',
    params,
    body: z.object({
      axes: Axes,
      voice: VoiceFigures.optional(),
      legal: Severity.optional(),
      to: Severity,
      reason: z.string().trim().max(1_000).default(''),
    }),
    answer,
    refusals: [...refusals, 'severity.reason-missing', 'severity.still-unknown'],
  }),
  tryRubric: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/try-rubric',
    tag,
    summary: 'What a severity table would have said about past incidents',
    may: 'read',
    body: z.object({ table: SeverityTable }),
    answer: z.object({
      incidents: z.number().int(),
      graver: z.number().int(),
      milder: z.number().int(),
      changed: z.array(
        z.object({
          incident: id('inc'),
          label: z.string(),
          title: z.string(),
          declaredAt: z.string(),
          called: Severity,
          inForce: Severity,
          would: Severity,
          reasons: z.array(z.string()),
        }),
      ),
    }),
  }),
  refile: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/kind',
    tag,
    summary: 'File a near miss as an incident (anybody who may declare), or an incident as a near miss (the lead)',
    may: 'incident.declare',
    params,
    body: z.object({ to: kind, reason: z.string().trim().max(1_000).default(''), miss: NearMiss.optional() }),
    answer,
    refusals: ['incident.unknown', 'incident.reason-missing', 'near-miss.account-missing'],
  }),
  archetype: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/archetype',
    tag,
    summary: 'Say what kind of failure it is, or anew; also of a closed incident',
    may: 'room.write',
    params,
    body: z.object({
      to: z.enum(CALLABLE_ARCHETYPES),
      also,
      reason: z.string().trim().max(1_000).default(''),
    }),
    answer,
    refusals: ['incident.unknown', 'archetype.also-unfit'],
  }),
  retitle: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/title',
    tag,
    summary: 'Give it a better title',
    may: 'room.write',
    params,
    body: z.object({ title: Line }),
    answer,
    refusals,
  }),
  systems: endpoint({
    method: 'PUT',
    path: '/api/v1/incidents/:incident/systems',
    tag,
    summary: 'Say which AI systems it is about: the whole list, the first one first',
    may: 'room.write',
    params,
    body: z.object({
      systems: z.array(Key).max(50).describe('none: it is not known after all'),
      reason: z.string().trim().max(1_000).default(''),
    }),
    answer,
    refusals: [...refusals, 'incident.system-held'],
  }),
  takeRole: endpoint({
    method: 'PUT',
    path: '/api/v1/incidents/:incident/roles/:role',
    tag,
    summary: 'Give somebody a role; without a person, take it oneself',
    may: 'room.write',
    params: params.extend({ role: z.enum(INCIDENT_ROLES) }),
    body: z.object({ person: id('usr').optional() }),
    answer,
    refusals: [...refusals, 'person.unknown'],
  }),
  releaseRole: endpoint({
    method: 'DELETE',
    path: '/api/v1/incidents/:incident/roles/:role',
    tag,
    summary: 'Release a role',
    may: 'room.write',
    params: params.extend({ role: z.enum(INCIDENT_ROLES) }),
    answer,
    refusals,
  }),
  stateTime: endpoint({
    method: 'PUT',
    path: '/api/v1/incidents/:incident/times/:which',
    tag,
    summary: 'State one of the four named times',
    may: 'room.write',
    params: params.extend({ which: z.enum(NAMED_TIMES) }),
    body: z.object({ at: Moment, because: Line }),
    answer,
    refusals: [...refusals, 'time.in-future'],
  }),
  move: endpoint({
    method: 'POST',
    path: '/api/v1/incidents/:incident/state',
    tag,
    summary: 'Change the state, with a reason',
    may: 'incident.lead',
    params,
    body: z.object({ to: z.enum(INCIDENT_STATES), reason: z.string().trim().max(1_000).default('') }),
    answer,
    refusals: ['incident.unknown', 'incident.reason-missing'],
  }),
};
