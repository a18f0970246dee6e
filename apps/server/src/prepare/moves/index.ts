import { moves as doors, type Moves } from '@firebreak/contract/prepare/moves';
import { type Instant, isRefusal } from '@firebreak/core/kernel';
import type { SystemType } from '@firebreak/core/prepare/inventory';
import {
  type Entry,
  furthestEntry,
  type LikelyFailure,
  likelyFailures,
  movesOf,
  ownPlaybookFor,
  riskiestOf,
} from '@firebreak/core/prepare/moves';
import { chooseFor } from '@firebreak/core/prepare/playbooks';
import { INCIDENT_ROLES, type IncidentRole } from '@firebreak/core/prepare/role-directory';
import { type Deps, route, type Slice, type Sql } from '../../platform/index.ts';
import { heldSystems } from '../inventory/index.ts';
import { listPlaybooks, readPlaybook } from '../playbooks/index.ts';
import { rolesSeated } from '../role-directory/index.ts';
import { currentRubric } from '../rubric/index.ts';

/** What the moves ask of later phases. */
export interface Elsewhere {
  /** Systems that a control in stock would stop. */
  readonly stoppable: (sql: Sql) => Promise<ReadonlySet<string>>;
  /** When interactions of a system were last heard. */
  readonly heard: (sql: Sql, system: string) => Promise<Instant | null>;
}

type Shelf = Awaited<ReturnType<typeof listPlaybooks>>;

const failureShown = (shelf: Shelf, { type }: Entry, { archetype, why }: LikelyFailure) => {
  const chosen = chooseFor(shelf, archetype, type);
  return chosen === null
    ? []
    : [{ archetype, why, playbook: { key: chosen.key, name: chosen.name, steps: chosen.steps, own: chosen.own } }];
};

async function adopted(
  sql: Sql,
  shelf: Shelf,
  types: readonly SystemType[],
  failures: readonly LikelyFailure[],
): Promise<{ key: string; name: string; roles: IncidentRole[] } | null> {
  const proposed = failures.map(({ archetype }) => archetype);
  const own = ownPlaybookFor(shelf, types, proposed);
  const read = own && (await readPlaybook(sql, own.key));
  if (read === null || isRefusal(read)) return null;
  const owners = new Set(read.content.steps.map(({ owner }) => owner));
  return { key: read.key, name: read.name, roles: INCIDENT_ROLES.filter((role) => owners.has(role)) };
}

async function look(deps: Deps, { stoppable, heard }: Elsewhere): Promise<Moves> {
  const systems = (await heldSystems(deps.db)).filter(({ retired }) => !retired);
  const stops = await stoppable(deps.db);
  const entry = furthestEntry(systems, stops);
  const heardAt = entry && (await heard(deps.db, entry.key));
  const riskiest = riskiestOf(systems);
  const shelf = riskiest === null ? [] : await listPlaybooks(deps.db);
  const failures = riskiest === null ? [] : likelyFailures(riskiest.entry);
  const types = new Set([riskiest, ...systems.map((each) => ({ entry: each }))].flatMap((it) => it?.entry.type ?? []));
  const playbook = await adopted(deps.db, shelf, [...types], failures);
  const made = movesOf({
    rubricBy: (await currentRubric(deps.db)).by,
    entry: entry && { of: entry, stoppable: stops.has(entry.key), heard: heardAt !== null },
    playbook,
    seated: await rolesSeated(deps),
  });
  return {
    moves: made.map(({ items, ...move }) => ({ ...move, items: [...items] })),
    systems: systems.length,
    entry: entry && { key: entry.key, name: entry.name, heardAt },
    riskiest: riskiest && {
      key: riskiest.entry.key,
      name: riskiest.entry.name,
      type: riskiest.entry.type,
      reasons: riskiest.reasons.map(({ says }) => says),
      failures: failures.flatMap((failure) => failureShown(shelf, riskiest.entry, failure)),
    },
    playbook,
  };
}

/** Where a programme that has nothing starts: three moves, made when the facts say so. */
export const movesWith = (elsewhere: Elsewhere): Slice => ({
  name: 'moves',
  routes: (app, deps) => route(app, doors.show, () => look(deps, elsewhere)),
});
