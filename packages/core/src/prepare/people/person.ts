import { type Decision, type Fact, type Id, type Instant, ofTypes, type Recorded, refuse } from '../../kernel/index.ts';
import type { Role } from './capabilities.ts';

export type PersonId = Id<'usr'>;

export type PersonFact =
  | Fact<'person.invited', { person: PersonId; name: string; email: string; roles: readonly Role[] }>
  | Fact<'person.joined', { name: string; email: string }>
  | Fact<'roles.set', { roles: readonly Role[] }>
  | Fact<'person.deactivated', { reason: string }>
  | Fact<'session.opened', { from: string }>
  | Fact<'session.confirmed', { from: string }>
  | Fact<'session.closed', { because: string }>
  | Fact<'session.refused', { from: string; because: string }>;

export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly joined: boolean;
  readonly active: boolean;
}

const TYPES = ['person.invited', 'person.joined', 'roles.set', 'person.deactivated'] as const;

export function foldPerson(facts: readonly Recorded[]): Person | null {
  return ofTypes<PersonFact>(facts, TYPES).reduce<Person | null>((person, fact) => {
    if (fact.type === 'person.invited')
      return {
        id: fact.data.person,
        name: fact.data.name,
        email: fact.data.email,
        roles: fact.data.roles,
        joined: false,
        active: true,
      };
    if (person === null) return null;
    if (fact.type === 'person.joined') return { ...person, name: fact.data.name, email: fact.data.email, joined: true };
    if (fact.type === 'roles.set') return { ...person, roles: fact.data.roles };
    if (fact.type === 'person.deactivated') return { ...person, active: false };
    return person;
  }, null);
}

/** Roles somebody holds, each with the moment since when without a break. */
export function rolesSince(
  facts: readonly Pick<Recorded, 'type' | 'data' | 'at'>[],
): { readonly role: Role; readonly since: Instant }[] {
  const since = new Map<Role, Instant>();
  for (const { type, data, at } of facts) {
    if (type === 'person.deactivated') since.clear();
    if (type !== 'person.invited' && type !== 'roles.set') continue;
    const roles = data.roles as readonly Role[];
    for (const role of since.keys()) if (!roles.includes(role)) since.delete(role);
    for (const role of roles) if (!since.has(role)) since.set(role, at);
  }
  return [...since].map(([role, at]) => ({ role, since: at }));
}

const unknown = () => refuse('person.unknown', 'There is no such person, or they no longer have access.');

export function invitePerson(
  state: Person | null,
  want: { readonly person: PersonId; readonly name: string; readonly email: string; readonly roles: readonly Role[] },
  emailTaken: boolean,
): Decision<PersonFact> {
  if (state !== null) return [];
  if (emailTaken)
    return refuse(
      'person.email-taken',
      'Somebody already has this e-mail address. Change that person’s roles instead.',
      '/email',
    );
  return [{ type: 'person.invited', data: want }];
}

export function joinPerson(
  state: Person | null,
  want: { readonly name: string; readonly email: string },
  emailTaken: boolean,
): Decision<PersonFact> {
  if (!state?.active) return unknown();
  if (state.joined)
    return refuse('link.used', 'This link was used before. Sign in, or ask an administrator for another.');
  if (emailTaken) return refuse('person.email-taken', 'Somebody already has this e-mail address.', '/email');
  return [{ type: 'person.joined', data: want }];
}

/** `administrators`: active ones, this person included, read under the same lock. */
export function setRoles(
  state: Person | null,
  want: { readonly roles: readonly Role[] },
  administrators: number,
): Decision<PersonFact> {
  if (!state?.active) return unknown();
  const losing = state.roles.includes('administrator') && !want.roles.includes('administrator');
  if (losing && administrators <= 1) return lastOne();
  const same = want.roles.length === state.roles.length && want.roles.every((role) => state.roles.includes(role));
  return same ? [] : [{ type: 'roles.set', data: { roles: want.roles } }];
}

export function deactivatePerson(
  state: Person | null,
  want: { readonly reason: string },
  administrators: number,
): Decision<PersonFact> {
  if (state === null) return unknown();
  if (!state.active) return [];
  if (state.roles.includes('administrator') && administrators <= 1) return lastOne();
  return [{ type: 'person.deactivated', data: want }];
}

const lastOne = () =>
  refuse('person.last-administrator', 'This is the last administrator. Make somebody else an administrator first.');
