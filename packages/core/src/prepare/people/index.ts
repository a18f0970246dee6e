export type { Capability, Role, Scope } from './capabilities.ts';
export {
  CAPABILITIES,
  capabilitiesOfRoles,
  capabilitiesOfScopes,
  ROLE_NAMES,
  ROLES,
  SCOPE_NAMES,
  SCOPES,
} from './capabilities.ts';
