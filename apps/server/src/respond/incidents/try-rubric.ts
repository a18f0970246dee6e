import { type Severity, type SeverityTable, suggestSeverity } from '@firebreak/core/prepare/rubric';
import { foldIncident } from '@firebreak/core/respond/incidents';
import { loadStream, type Sql } from '../../platform/index.ts';
import { currentRubric } from '../../prepare/rubric/index.ts';
import { listIncidents } from './board.ts';

const MOST = 500;

interface Tried {
  readonly incident: `inc_${string}`;
  readonly label: string;
  readonly title: string;
  readonly declaredAt: string;
  /** What people called it in the end. */
  readonly called: Severity;
  readonly inForce: Severity;
  readonly would: Severity;
  readonly reasons: string[];
}

/** What a table would have said about the answers of past incidents, beside what the table in force says. Drills and near misses are left out. */
export async function tryOnPast(sql: Sql, table: SeverityTable) {
  const held = (await currentRubric(sql)).table;
  const rows = await listIncidents(sql, { state: 'any', kind: 'normal', limit: MOST, before: null });
  const tried: Tried[] = [];
  for (const { id, drill } of rows.slice(0, MOST)) {
    const incident = drill ? null : foldIncident(await loadStream(sql, id));
    if (incident === null) continue;
    const call = suggestSeverity(incident.axes, {}, table);
    tried.push({
      incident: incident.id,
      label: incident.label,
      title: incident.title,
      declaredAt: incident.declaredAt,
      called: incident.severity,
      inForce: suggestSeverity(incident.axes, {}, held).severity,
      would: call.severity,
      reasons: [...call.reasons],
    });
  }
  return {
    incidents: tried.length,
    graver: tried.filter((it) => it.would < it.inForce).length,
    milder: tried.filter((it) => it.would > it.inForce).length,
    changed: tried.filter((it) => it.would !== it.inForce),
  };
}
