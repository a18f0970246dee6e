export type { IncidentRole, Right, RoleDirectory, RoleDirectoryFact, Seats } from './directory.ts';
export {
  foldRoleDirectory,
  gapsOf,
  grantRight,
  INCIDENT_ROLES,
  RIGHTS,
  ROLE_DIRECTORY_STREAM,
  ROLE_NAMES,
  seatRole,
  seatsSince,
} from './directory.ts';
