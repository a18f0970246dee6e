import type { Archetype, CalledArchetype } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Severity } from '@firebreak/core/prepare/rubric';
import type { IncidentId, IncidentKind, IncidentState } from '@firebreak/core/respond/incidents';
import { type Board, type Sql, tables } from '../../platform/index.ts';

interface IncidentRow {
  id: IncidentId;
  label: string;
  title: string;
  severity: Severity;
  state: IncidentState;
  systems: string[];
  candidate: string | null;
  declared_at: Instant;
  commander: string | null;
  drill: boolean;
  kind: IncidentKind;
  /** As called by a person. */
  archetype: Archetype | 'outside' | null;
  also: Archetype[];
  /** Whether it ever was an incident: from then on `declared_at` stays. */
  was_incident: boolean;
}
const q = tables<{ incident_board: IncidentRow }>();

export const incidentBoard: Board = {
  name: 'incidents',
  tables: ['incident_board'],
  types: [
    'incident.declared',
    'incident.refiled',
    'incident.titled',
    'incident.systems-named',
    'severity.called',
    'archetype.called',
    'role.taken',
    'role.released',
    'incident.moved',
    'time.stated',
  ],
  async apply(tx, { type, stream, data, at }) {
    if (type === 'incident.declared') {
      await tx.query(
        "insert into incident_board (id, label, title, severity, state, systems, candidate, declared_at, commander, drill, kind, archetype, was_incident) values ($1, $2, $3, $4, 'open', $5::jsonb, $6, $7, null, $8, $9, $10, $11)",
        [
          data.incident,
          data.label,
          data.title,
          data.severity,
          JSON.stringify(data.systems),
          data.candidate,
          at,
          data.drill,
          data.kind ?? 'normal',
          data.archetype ?? null,
          data.kind !== 'near-miss',
        ],
      );
    } else if (type === 'incident.refiled') {
      const becomes = data.to !== 'near-miss';
      await tx.query(
        `update incident_board set kind = $2, declared_at = case when $3 and not was_incident then $4 else declared_at end,
           was_incident = was_incident or $3 where id = $1`,
        [stream, data.to, becomes, at],
      );
    } else if (type === 'time.stated') {
      if (data.which === 'declared')
        await tx.query('update incident_board set was_incident = true where id = $1', [stream]);
    } else if (type === 'incident.titled')
      await tx.query('update incident_board set title = $2 where id = $1', [stream, data.title]);
    else if (type === 'incident.systems-named')
      await tx.query('update incident_board set systems = $2::jsonb where id = $1', [stream, JSON.stringify(data.to)]);
    else if (type === 'severity.called')
      await tx.query('update incident_board set severity = $2 where id = $1', [stream, data.to]);
    else if (type === 'archetype.called')
      await tx.query('update incident_board set archetype = $2, also = $3::jsonb where id = $1', [
        stream,
        data.to === 'unknown' ? null : data.to,
        JSON.stringify(data.also ?? []),
      ]);
    else if (type === 'incident.moved')
      await tx.query('update incident_board set state = $2 where id = $1', [stream, data.to]);
    else if (data.role === 'commander')
      await tx.query('update incident_board set commander = $2 where id = $1', [
        stream,
        type === 'role.taken' ? data.person : null,
      ]);
  },
};

export interface IncidentFilter {
  readonly state: IncidentState | 'active' | 'any';
  readonly kind: IncidentKind | 'any';
  readonly limit: number;
  readonly before: Instant | null;
  readonly system?: string | undefined;
  /** First or beside another; `unknown`: not called. */
  readonly archetype?: CalledArchetype | undefined;
}

export function listIncidents(sql: Sql, { state, kind, limit, before, system, archetype }: IncidentFilter) {
  let query = q
    .selectFrom('incident_board')
    .selectAll()
    .orderBy('declared_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (state === 'active') query = query.where('state', 'in', ['open', 'contained']);
  else if (state !== 'any') query = query.where('state', '=', state);
  if (kind !== 'any') query = query.where('kind', '=', kind);
  if (system !== undefined) query = query.where('systems', '@>', JSON.stringify([system]) as never);
  if (archetype === 'unknown') query = query.where('archetype', 'is', null);
  else if (archetype !== undefined)
    query = query.where((eb) =>
      eb.or([eb('archetype', '=', archetype), eb('also', '@>', JSON.stringify([archetype]) as never)]),
    );
  if (before !== null) query = query.where('declared_at', '<', before);
  return sql.run(query);
}

/** Ids of incidents declared since, milder than Sev 2, that are neither drills nor near misses, newest first, at most `most`. */
export async function mildSince(sql: Sql, since: Instant, most: number): Promise<IncidentId[]> {
  const rows = await sql.run(
    q
      .selectFrom('incident_board')
      .select('id')
      .where('declared_at', '>=', since)
      .where('severity', '>=', 3)
      .where('kind', '=', 'normal')
      .where('drill', '=', false)
      .orderBy('declared_at', 'desc')
      .limit(most),
  );
  return rows.map(({ id }) => id);
}

/** Incidents and near misses of any of these systems, newest first; drills are none. */
export async function incidentsOfSystems(sql: Sql, systems: readonly string[], most: number): Promise<IncidentRow[]> {
  const { rows } = await sql.query<IncidentRow>(
    `select * from incident_board where not drill and systems ?| $1::text[]
     order by declared_at desc, id desc limit $2`,
    [systems, most],
  );
  return rows;
}

/** Labels by id, of those there are. */
export async function labelsOf(sql: Sql, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.run(
    q
      .selectFrom('incident_board')
      .select(['id', 'label'])
      .where('id', 'in', [...new Set(ids)] as IncidentId[]),
  );
  return new Map(rows.map(({ id, label }) => [id, label]));
}

/** The id of the incident that answers to an id or a label, or null. */
export async function findIncident(sql: Sql, named: string): Promise<IncidentId | null> {
  const rows = await sql.run(
    q
      .selectFrom('incident_board')
      .select('id')
      .where((eb) => eb.or([eb('id', '=', named as IncidentId), eb('label', '=', named.toUpperCase())])),
  );
  return rows[0]?.id ?? null;
}

export async function incidentOfCandidate(sql: Sql, candidate: string): Promise<IncidentId | null> {
  return (await sql.run(q.selectFrom('incident_board').select('id').where('candidate', '=', candidate)))[0]?.id ?? null;
}

/** The next label of a year, under the lock of the log’s head. */
export async function nextLabel(tx: Sql, at: Instant): Promise<string> {
  await tx.query('select seq from log_head for update');
  const year = at.slice(0, 4);
  const { rows } = await tx.query<{ n: number }>(
    'select coalesce(max(substring(label from 10)::int), 0) as n from incident_board where label like $1',
    [`INC-${year}-%`],
  );
  return `INC-${year}-${String(rows[0]!.n + 1).padStart(4, '0')}`;
}
