import { INCIDENT_ROLES, RIGHTS } from '@firebreak/core/prepare/role-directory';
import { z } from 'zod';
import { endpoint } from '../endpoint.ts';
import { id } from '../shapes.ts';

const Role = z.enum(INCIDENT_ROLES);
const Seat = z.object({ id: z.string(), name: z.string() }).nullable();
export const RoleDirectory = z
  .object({
    roles: z.array(z.object({ role: Role, primary: Seat, secondary: Seat })),
    rights: z.array(z.object({ right: z.enum(RIGHTS), roles: z.array(Role) })),
    /** What makes it not ready. Empty: every role has two people who are here. */
    gaps: z.array(z.object({ role: Role, why: z.string() })),
  })
  .meta({ id: 'RoleDirectory' });
export type RoleDirectory = z.output<typeof RoleDirectory>;

const tag = 'Roles';

export const roleDirectory = {
  show: endpoint({
    method: 'GET',
    path: '/api/v1/role-directory',
    tag,
    summary: 'Who holds which role in an incident, who steps in, who may decide what, and the gaps',
    may: 'read',
    answer: RoleDirectory,
  }),
  seat: endpoint({
    method: 'PUT',
    path: '/api/v1/role-directory/roles/:role',
    tag,
    summary: 'Name the primary and the secondary of a role',
    may: 'roles.assign',
    params: z.object({ role: Role }),
    body: z.object({ primary: id('usr').nullable(), secondary: id('usr').nullable().default(null) }),
    answer: RoleDirectory,
    refusals: ['role.same-person-twice', 'role.no-primary', 'person.unknown'],
  }),
  grant: endpoint({
    method: 'PUT',
    path: '/api/v1/role-directory/rights/:right',
    tag,
    summary: 'Say which roles may make a decision',
    may: 'roles.assign',
    params: z.object({ right: z.enum(RIGHTS) }),
    body: z.object({ roles: z.array(Role).max(INCIDENT_ROLES.length) }),
    answer: RoleDirectory,
    refusals: ['role.right-without-role'],
  }),
};
