import { archetypes } from './detect/archetypes/index.ts';
import { candidates, checkCandidate } from './detect/candidates/index.ts';
import { channels } from './detect/channels/index.ts';
import { hooks } from './detect/hooks/index.ts';
import { monitors } from './detect/monitors/index.ts';
import { reviewsWith } from './detect/reviews/index.ts';
import { channelsHeard, signals } from './detect/signals/index.ts';
import { similar } from './detect/similar/index.ts';
import type { Slice } from './platform/index.ts';
import { inventory } from './prepare/inventory/index.ts';
import { movesWith } from './prepare/moves/index.ts';
import { people } from './prepare/people/index.ts';
import { playbooks } from './prepare/playbooks/index.ts';
import { policies } from './prepare/policies/index.ts';
import { risks } from './prepare/risks/index.ts';
import { roleDirectory } from './prepare/role-directory/index.ts';
import { rubric } from './prepare/rubric/index.ts';
import { sources } from './prepare/sources/index.ts';
import { vendors } from './prepare/vendors/index.ts';
import { evidence } from './prove/evidence/index.ts';
import { accumulation } from './respond/accumulation/index.ts';
import { containment, systemsWithStop } from './respond/containment/index.ts';
import { findIncident, incidentsWith, labelsOf } from './respond/incidents/index.ts';
import { links } from './respond/links/index.ts';
import { tasks } from './respond/tasks/index.ts';
import { triagePack } from './respond/triage-pack/index.ts';
import { vendorIncidents } from './respond/vendor-incidents/index.ts';
import { warRoom } from './respond/war-room/index.ts';

/** The server is the list of its slices. The order matters to nobody but the reader. */
export const slices: readonly Slice[] = [
  people,
  inventory,
  risks,
  policies,
  vendors,
  sources,
  roleDirectory,
  rubric,
  playbooks,
  movesWith({
    stoppable: systemsWithStop,
    heard: async (sql, system) => (await channelsHeard(sql, system)).get(system)?.telemetry ?? null,
  }),
  signals,
  monitors,
  hooks,
  reviewsWith(async (sql, named) => {
    const id = await findIncident(sql, named);
    return id === null ? null : ((await labelsOf(sql, [id])).get(id) ?? null);
  }),
  channels,
  candidates,
  similar,
  archetypes,
  incidentsWith(checkCandidate),
  accumulation,
  vendorIncidents,
  links,
  warRoom,
  tasks,
  triagePack,
  containment,
  evidence,
];
