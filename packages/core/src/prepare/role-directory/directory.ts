import { type Decision, type Fact, type Instant, ofTypes, type Recorded, refuse } from '../../kernel/index.ts';

/** The roles of an incident. Who holds one in a given incident is a fact of that incident; who is meant to stands here. */
export const INCIDENT_ROLES = [
  'commander',
  'scribe',
  'technical-lead',
  'communications-lead',
  'legal',
  'privacy',
  'security',
  'application-owner',
  'executive-sponsor',
] as const;
export type IncidentRole = (typeof INCIDENT_ROLES)[number];

export const ROLE_NAMES: Readonly<Record<IncidentRole, string>> = {
  commander: 'commander',
  scribe: 'scribe',
  'technical-lead': 'technical lead',
  'communications-lead': 'communications lead',
  legal: 'legal and compliance',
  privacy: 'privacy',
  security: 'security on-call',
  'application-owner': 'AI application owner',
  'executive-sponsor': 'executive sponsor',
};

/** Decisions that are written down in advance: who may make them. */
export const RIGHTS = ['speak-publicly', 'contain', 'approve-reactivation'] as const;
export type Right = (typeof RIGHTS)[number];

/** One stream for the whole directory. */
export const ROLE_DIRECTORY_STREAM = 'role-directory';

export interface Seats {
  readonly primary: string | null;
  readonly secondary: string | null;
}

export type RoleDirectoryFact =
  | Fact<'role.seated', { readonly role: IncidentRole } & Seats>
  | Fact<'right.granted', { readonly right: Right; readonly roles: readonly IncidentRole[] }>;

export interface RoleDirectory {
  readonly seats: Readonly<Record<IncidentRole, Seats>>;
  readonly rights: Readonly<Record<Right, readonly IncidentRole[]>>;
}

const EMPTY: Seats = { primary: null, secondary: null };
const START: RoleDirectory = {
  seats: Object.fromEntries(INCIDENT_ROLES.map((role) => [role, EMPTY])) as Record<IncidentRole, Seats>,
  rights: {
    'speak-publicly': ['communications-lead'],
    contain: ['commander', 'technical-lead', 'application-owner'],
    'approve-reactivation': ['commander', 'application-owner'],
  },
};

export function foldRoleDirectory(facts: readonly Recorded[]): RoleDirectory {
  return ofTypes<RoleDirectoryFact>(facts, ['role.seated', 'right.granted']).reduce<RoleDirectory>((state, fact) => {
    if (fact.type === 'right.granted')
      return { ...state, rights: { ...state.rights, [fact.data.right]: fact.data.roles } };
    const { role, primary, secondary } = fact.data;
    return { ...state, seats: { ...state.seats, [role]: { primary, secondary } } };
  }, START);
}

/** Roles that name somebody, in either seat, each with the moment since when without a break. */
export function seatsSince(
  facts: readonly Recorded[],
  person: string,
): { readonly role: IncidentRole; readonly since: Instant }[] {
  const since = new Map<IncidentRole, Instant>();
  for (const { data, at } of ofTypes<Extract<RoleDirectoryFact, { type: 'role.seated' }>>(facts, ['role.seated'])) {
    if (data.primary !== person && data.secondary !== person) since.delete(data.role);
    else if (!since.has(data.role)) since.set(data.role, at);
  }
  return [...since].map(([role, at]) => ({ role, since: at }));
}

/** Names who holds a role and who steps in. One person cannot be both. */
export function seatRole(
  state: RoleDirectory,
  want: { readonly role: IncidentRole } & Seats,
): Decision<RoleDirectoryFact> {
  const { role, primary, secondary } = want;
  if (primary !== null && primary === secondary)
    return refuse(
      'role.same-person-twice',
      `The same person cannot be primary and secondary ${ROLE_NAMES[role]}: nobody would step in. Name somebody else, or leave the second seat empty until there is one.`,
      '/secondary',
    );
  if (primary === null && secondary !== null)
    return refuse('role.no-primary', 'Name the primary first; whoever is the only one is the primary.', '/primary');
  const held = state.seats[role];
  if (held.primary === primary && held.secondary === secondary) return [];
  return [{ type: 'role.seated', data: { role, primary, secondary } }];
}

/** Says which roles may make a decision. At least one has to. */
export function grantRight(
  state: RoleDirectory,
  want: { readonly right: Right; readonly roles: readonly IncidentRole[] },
): Decision<RoleDirectoryFact> {
  const roles = INCIDENT_ROLES.filter((role) => want.roles.includes(role));
  if (roles.length === 0)
    return refuse(
      'role.right-without-role',
      'Somebody has to be able to decide this: name at least one role.',
      '/roles',
    );
  if (JSON.stringify(roles) === JSON.stringify(state.rights[want.right])) return [];
  return [{ type: 'right.granted', data: { right: want.right, roles } }];
}

export interface RoleGap {
  readonly role: IncidentRole;
  readonly why: string;
}

const MOST_SEATS = 2;

/** What makes the directory not ready: empty seats, people who left, one person in too many first seats. */
export function gapsOf({ seats }: RoleDirectory, isHere: (person: string) => boolean): RoleGap[] {
  const gaps: RoleGap[] = [];
  const first = new Map<string, number>();
  for (const role of INCIDENT_ROLES) {
    const { primary, secondary } = seats[role];
    const name = ROLE_NAMES[role];
    if (primary === null) gaps.push({ role, why: `Nobody is named as ${name}.` });
    else if (!isHere(primary)) gaps.push({ role, why: `Whoever is named as ${name} no longer has access.` });
    if (primary !== null && secondary === null) gaps.push({ role, why: `Nobody steps in for the ${name}.` });
    else if (secondary !== null && !isHere(secondary))
      gaps.push({ role, why: `Whoever steps in for the ${name} no longer has access.` });
    if (primary === null) continue;
    const count = (first.get(primary) ?? 0) + 1;
    first.set(primary, count);
    if (count === MOST_SEATS + 1)
      gaps.push({
        role,
        why: `One person is primary in more than ${MOST_SEATS} roles, ${name} among them: nobody can do that at once.`,
      });
  }
  return gaps;
}
