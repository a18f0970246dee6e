import { LOCK_LIMITS } from '@firebreak/core/respond/record-locks';
import { access, watchAccess } from './detect/access/index.ts';
import { agents, watchBudgets, watchCallsWith, watchContext } from './detect/agents/index.ts';
import { archetypes } from './detect/archetypes/index.ts';
import { candidates, checkCandidate } from './detect/candidates/index.ts';
import { channels } from './detect/channels/index.ts';
import { evals } from './detect/evals/index.ts';
import { fireDrills } from './detect/fire-drills/index.ts';
import { hooks } from './detect/hooks/index.ts';
import { countSeen, measures } from './detect/measures/index.ts';
import { moderation, queueForModeration } from './detect/moderation/index.ts';
import { monitors } from './detect/monitors/index.ts';
import { overlook, oversightWith } from './detect/oversight/index.ts';
import { pagingWith } from './detect/paging/index.ts';
import { predictions } from './detect/predictions/index.ts';
import { probes } from './detect/probes/index.ts';
import { protectedTexts, watchAnswers } from './detect/protected-texts/index.ts';
import { quality } from './detect/quality/index.ts';
import { reports } from './detect/reports/index.ts';
import { reviewsWith } from './detect/reviews/index.ts';
import { channelsHeard, signalsWith } from './detect/signals/index.ts';
import { similar } from './detect/similar/index.ts';
import type { Slice } from './platform/index.ts';
import { inventory } from './prepare/inventory/index.ts';
import { movesWith } from './prepare/moves/index.ts';
import { people } from './prepare/people/index.ts';
import { playbooks } from './prepare/playbooks/index.ts';
import { policies } from './prepare/policies/index.ts';
import { records } from './prepare/records/index.ts';
import { risks } from './prepare/risks/index.ts';
import { roleDirectory } from './prepare/role-directory/index.ts';
import { rubric } from './prepare/rubric/index.ts';
import { sources } from './prepare/sources/index.ts';
import { vendors } from './prepare/vendors/index.ts';
import { evidence } from './prove/evidence/index.ts';
import { accumulation } from './respond/accumulation/index.ts';
import { actionAudit } from './respond/action-audit/index.ts';
import { agentTokens } from './respond/agent-tokens/index.ts';
import { breakGlass } from './respond/break-glass/index.ts';
import { capsules } from './respond/capsules/index.ts';
import {
  callsAfterStops,
  containmentWith,
  letThrough,
  systemsWithStop,
  watchHolds,
} from './respond/containment/index.ts';
import { controlTests, testsOf } from './respond/control-tests/index.ts';
import { decisionRights } from './respond/decision-rights/index.ts';
import { executors } from './respond/executors/index.ts';
import { gateways } from './respond/gateways/index.ts';
import { approvedCalls, heldAnswers } from './respond/held-answers/index.ts';
import { findIncident, incidentsWith, labelsOf } from './respond/incidents/index.ts';
import { links, pageChannels, tellOthers } from './respond/links/index.ts';
import { recommendation } from './respond/recommendation/index.ts';
import { keptForIncidents, recordLocks } from './respond/record-locks/index.ts';
import { restoration } from './respond/restoration/index.ts';
import { tasks } from './respond/tasks/index.ts';
import { toolPermissions } from './respond/tool-permissions/index.ts';
import { transmitters } from './respond/transmitters/index.ts';
import { triagePack } from './respond/triage-pack/index.ts';
import { tripwires } from './respond/tripwires/index.ts';
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
  records,
  roleDirectory,
  rubric,
  playbooks,
  movesWith({
    stoppable: systemsWithStop,
    heard: async (sql, system) => (await channelsHeard(sql, system)).get(system)?.telemetry ?? null,
  }),
  signalsWith(
    {
      countSeen,
      overlook,
      watchCalls: watchCallsWith({ afterStops: callsAfterStops, approved: approvedCalls }),
      watchBudgets,
      watchContext,
      watchAnswers,
      watchAccess,
      queueForModeration,
      watchHolds,
    },
    keptForIncidents,
    LOCK_LIMITS,
  ),
  access,
  agents,
  moderation,
  measures,
  oversightWith(letThrough),
  predictions,
  monitors,
  hooks,
  evals,
  probes,
  protectedTexts,
  reviewsWith(async (sql, named) => {
    const id = await findIncident(sql, named);
    return id === null ? null : ((await labelsOf(sql, [id])).get(id) ?? null);
  }),
  reports,
  channels,
  candidates,
  pagingWith(pageChannels),
  quality,
  fireDrills,
  similar,
  archetypes,
  incidentsWith(checkCandidate),
  accumulation,
  vendorIncidents,
  links,
  warRoom,
  tasks,
  triagePack,
  recordLocks,
  containmentWith({ testsOf, tell: tellOthers }),
  controlTests,
  decisionRights,
  capsules,
  recommendation,
  gateways,
  tripwires,
  restoration,
  breakGlass,
  heldAnswers,
  toolPermissions,
  actionAudit,
  agentTokens,
  transmitters,
  executors,
  evidence,
];
