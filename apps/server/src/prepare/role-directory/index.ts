import { roleDirectory as doors } from '@firebreak/contract/prepare/role-directory';
import { type Decision, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  foldRoleDirectory,
  gapsOf,
  grantRight,
  INCIDENT_ROLES,
  type IncidentRole,
  RIGHTS,
  ROLE_DIRECTORY_STREAM,
  type RoleDirectory,
  type RoleDirectoryFact,
  seatRole,
} from '@firebreak/core/prepare/role-directory';
import { act, type Caller, type Deps, loadStream, route, type Slice, type Sql } from '../../platform/index.ts';
import { listPeople } from '../people/index.ts';

const everybody = async (deps: Pick<Deps, 'db'>, sql: Sql = deps.db) =>
  new Map((await listPeople(sql)).map((person) => [person.id as string, person]));

async function shown(deps: Deps, directory: RoleDirectory) {
  const people = await everybody(deps);
  const seat = (person: string | null) =>
    person === null ? null : { id: person, name: people.get(person)?.name ?? person };
  return {
    roles: INCIDENT_ROLES.map((role) => ({
      role,
      primary: seat(directory.seats[role].primary),
      secondary: seat(directory.seats[role].secondary),
    })),
    rights: RIGHTS.map((right) => ({ right, roles: [...directory.rights[right]] })),
    gaps: gapsOf(directory, (person) => people.get(person)?.active === true),
  };
}

async function change(
  deps: Deps,
  by: Caller,
  decide: (state: RoleDirectory) => Decision<RoleDirectoryFact>,
): Promise<Awaited<ReturnType<typeof shown>> | Refusal> {
  const done = await act(deps, {
    stream: ROLE_DIRECTORY_STREAM,
    by,
    may: 'roles.assign',
    fold: foldRoleDirectory,
    decide,
  });
  return isRefusal(done) ? done : shown(deps, done.state);
}

/** Roles whose primary is named and still has access. */
export async function rolesSeated(deps: Deps): Promise<ReadonlySet<IncidentRole>> {
  const { seats } = foldRoleDirectory(await loadStream(deps.db, ROLE_DIRECTORY_STREAM));
  const people = await everybody(deps);
  return new Set(INCIDENT_ROLES.filter((role) => people.get(seats[role].primary ?? '')?.active === true));
}

/** Who is named for a role and still has access, the primary before the one who steps in. */
export async function peopleSeated(
  deps: Deps,
  roles: readonly IncidentRole[],
  sql: Sql = deps.db,
): Promise<{ readonly role: IncidentRole; readonly name: string }[]> {
  const { seats } = foldRoleDirectory(await loadStream(sql, ROLE_DIRECTORY_STREAM));
  const people = await everybody(deps, sql);
  return roles.flatMap((role) =>
    [seats[role].primary, seats[role].secondary].flatMap((id) => {
      const person = people.get(id ?? '');
      return person?.active === true ? [{ role, name: person.name }] : [];
    }),
  );
}

/** Who is meant to hold which role in an incident, who steps in, and who may decide what. */
export const roleDirectory: Slice = {
  name: 'role-directory',
  routes(app, deps) {
    route(app, doors.show, async () =>
      shown(deps, foldRoleDirectory(await loadStream(deps.db, ROLE_DIRECTORY_STREAM))),
    );
    route(app, doors.seat, async ({ params, body, caller }) => {
      const wanted = [body.primary, body.secondary].filter((it) => it !== null);
      const there = await everybody(deps);
      const missing = wanted.find((person) => there.get(person)?.active !== true);
      if (missing !== undefined)
        return refuse('person.unknown', `There is no person “${missing}” with access. Invite them first.`);
      return change(deps, caller, (state) => seatRole(state, { role: params.role, ...body }));
    });
    route(app, doors.grant, ({ params, body, caller }) =>
      change(deps, caller, (state) => grantRight(state, { right: params.right, roles: body.roles })),
    );
  },
};
