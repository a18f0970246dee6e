import { ARCHETYPES, type Archetype } from '@firebreak/core/detect/signals';
import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import type { AiSystem } from '@firebreak/core/prepare/inventory';
import type { Counted } from '@firebreak/core/respond/accumulation';
import { describeControl } from '@firebreak/core/respond/containment';
import { foldIncident, heldArchetype, type Incident } from '@firebreak/core/respond/incidents';
import { openedPlaybook } from '@firebreak/core/respond/war-room';
import { findCandidate } from '../../detect/candidates/index.ts';
import { loadStream, type Sql } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';

/** What ran when it was declared, as far as anybody recorded it. */
function versionsAt({ changes }: AiSystem, at: string): string[] {
  const latest = new Map(
    changes.filter((each) => each.occurredAt <= at).map((each) => [each.deployment, each.versions]),
  );
  return [...new Set([...latest.values()].flatMap((each) => Object.entries(each).map((pair) => pair.join(' '))))];
}

/** As a person called it, else as detectors say, else the playbook the room follows. */
const archetypeOf = (incident: Incident, found: Archetype | null, facts: readonly Recorded[]): Archetype | null =>
  incident.archetype === 'outside'
    ? null
    : (heldArchetype(incident, found) ?? ARCHETYPES.find((each) => each === openedPlaybook(facts)?.archetype) ?? null);

const controlOf = (facts: readonly Recorded[]): string | null => {
  const ordered = facts
    .filter((fact) => fact.type === 'containment.ordered')
    .map((fact) => describeControl(fact.data.what));
  return ordered.length === 0 ? null : [...new Set(ordered)].sort().join(' and ');
};

/** What the rule needs to know of one incident; null where it is part of another already. */
export async function count(sql: Sql, id: string): Promise<Counted | null> {
  const facts = await loadStream(sql, id);
  const incident = foldIncident(facts);
  if (incident === null || incident.parent !== null || incident.children.length > 0) return null;
  const candidate = incident.candidate === null ? null : await findCandidate(sql, incident.candidate);
  const told = Object.entries(candidate?.summary.versions ?? {}).flatMap(([kind, all]) =>
    all.map((each) => `${kind} ${each}`),
  );
  const [key] = incident.systems;
  const system = told.length > 0 || key === undefined ? null : await readSystem(sql, key);
  return {
    incident: incident.id,
    label: incident.label,
    systems: incident.systems,
    severity: incident.severity,
    declaredAt: incident.declaredAt,
    archetype: archetypeOf(incident, candidate?.archetype ?? null, facts),
    versions:
      told.length > 0 ? told : system === null || isRefusal(system) ? [] : versionsAt(system, incident.declaredAt),
    control: controlOf(facts),
    reach: incident.axes.reach,
    subjects: candidate?.summary.subjects ?? [],
  };
}
