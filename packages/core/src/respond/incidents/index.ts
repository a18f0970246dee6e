export type { IncidentRole } from '../../prepare/role-directory/index.ts';
export { INCIDENT_ROLES } from '../../prepare/role-directory/index.ts';
export type { CallSeverity, DeclareIncident } from './commands.ts';
export { callSeverity, declareIncident, moveIncident, releaseRole, retitle, stateTime, takeRole } from './commands.ts';
export type { IncidentFact, IncidentId, IncidentState, NamedTime } from './facts.ts';
export { INCIDENT_STATES, NAMED_TIMES } from './facts.ts';
export type { Incident, StatedTime } from './incident.ts';
export { foldIncident } from './incident.ts';
