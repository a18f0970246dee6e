export type { ApiKey, KeyFact, KeyId } from './api-key.ts';
export { createKey, foldKey, revokeKey } from './api-key.ts';
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
export type { PageUse } from './page-use.ts';
export { ANY_ORIGIN, isNamedOrigin, MOST_ORIGINS, MOST_PAGE_SYSTEMS } from './page-use.ts';
export type { Person, PersonFact, PersonId } from './person.ts';
export { deactivatePerson, foldPerson, invitePerson, joinPerson, rolesSince, setRoles } from './person.ts';
