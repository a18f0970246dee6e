export type { IncidentRole } from '../../prepare/role-directory/index.ts';
export { INCIDENT_ROLES } from '../../prepare/role-directory/index.ts';
export type { CallArchetype, CallSeverity, DeclareIncident, NameSystems } from './commands.ts';
export {
  attachTo,
  callArchetype,
  callSeverity,
  declareIncident,
  gatherChildren,
  MOST_ALSO,
  moveIncident,
  nameSystems,
  refileIncident,
  releaseRole,
  retitle,
  stateTime,
  takeRole,
} from './commands.ts';
export type { IncidentFact, IncidentId, IncidentKind, IncidentState, Kin, NamedTime, NearMiss } from './facts.ts';
export { INCIDENT_KINDS, INCIDENT_STATES, NAMED_TIMES } from './facts.ts';
export type { Incident, StatedTime } from './incident.ts';
export { firstSystem, foldIncident, heldArchetype } from './incident.ts';
