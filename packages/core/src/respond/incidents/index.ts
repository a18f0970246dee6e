export type { IncidentRole } from '../../prepare/role-directory/index.ts';
export { INCIDENT_ROLES } from '../../prepare/role-directory/index.ts';
export type { CallSeverity, DeclareIncident } from './commands.ts';
export {
  attachTo,
  callSeverity,
  declareIncident,
  gatherChildren,
  moveIncident,
  refileIncident,
  releaseRole,
  retitle,
  stateTime,
  takeRole,
} from './commands.ts';
export type { IncidentFact, IncidentId, IncidentKind, IncidentState, Kin, NamedTime, NearMiss } from './facts.ts';
export { INCIDENT_KINDS, INCIDENT_STATES, NAMED_TIMES } from './facts.ts';
export type { Incident, StatedTime } from './incident.ts';
export { foldIncident } from './incident.ts';
